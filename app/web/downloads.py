"""Files that are sent to be kept, not shown."""

from pathlib import Path

from flask import Response, send_file

from app.core.errors import Gone


def give(path: Path, *, name: str, content_type: str, etag: str) -> Response:
    """Send a file under a name, or say that it is over."""
    if not path.is_file():
        raise Gone("This file is not kept here any more.")
    return send_file(path, mimetype=content_type, as_attachment=True, download_name=name, etag=etag)
