"""The files that come with a form or with a program's request."""

from flask import request

from app.core.files import Upload

FIELD = "files"


def uploads() -> list[Upload]:
    """Return the files that were sent; a field that was left empty sends one without a name."""
    sent = request.files.getlist(FIELD)
    return [Upload(file.filename, file.stream) for file in sent if file.filename]  # type: ignore[arg-type]
