"""Our own files under addresses that name their content, so that a browser asks for each version once."""

import hashlib
import re
from pathlib import Path
from typing import Any

from flask import Flask, Response

_YEAR = 365 * 24 * 3600
_VERSION = re.compile(r"v-[0-9a-f]{12}/")


def version_of(folder: Path) -> str:
    """Return a name for what all files of a folder hold; one for all, since scripts name each other."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Put the version into every address of a file of ours, and let what bears it be kept for good."""
    prefix = f"v-{version_of(Path(str(app.static_folder)))}/"

    @app.url_defaults
    def name_the_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values["filename"] = prefix + values["filename"]

    def static(filename: str) -> Response:
        """Serve a file of ours; a page that is older than this start gets what there is now."""
        response = app.send_static_file(_VERSION.sub("", filename, count=1))
        if filename.startswith(prefix):
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = _YEAR
            response.cache_control.immutable = True
        return response

    app.view_functions["static"] = static
