"""The files that come with a form or with a program's request."""

from flask import request

from app.core.files import Upload

FIELD = "files"


def uploads(*fields: str) -> list[Upload]:
    """Return the files that were sent, in these fields or in ours; one that was left empty sends no name."""
    sent = [file for field in fields or (FIELD,) for file in request.files.getlist(field)]
    return [Upload(file.filename, file.stream) for file in sent if file.filename]  # type: ignore[arg-type]


def one_upload(field: str) -> Upload | None:
    """Return the file that was sent in a field, if one was chosen."""
    file = request.files.get(field)
    return Upload(file.filename, file.stream) if file is not None and file.filename else None  # type: ignore[arg-type]
