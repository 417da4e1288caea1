"""Files of versions, for programs."""

import base64
from typing import Any

from flask import Response, current_app

from app.apps import operations, queries
from app.apps.api.base import declare, find_version
from app.apps.operations.files import Saved
from app.apps.schemas.files import (
    Encoding,
    EntryList,
    FileChange,
    FileQuery,
    FolderQuery,
    FoundList,
    NewFile,
    ReadOut,
    ReadQuery,
    SavedOut,
    SearchQuery,
    UploadQuery,
)
from app.core.errors import Invalid
from app.engine.archives import pack
from app.web.guards import me
from app.web.uploads import uploads

_FILES = "/app-versions/<prefixed('appver'):id>/files"


@declare("GET", _FILES, operation="List files", query=FolderQuery, answer=EntryList, errors=(400, 404))
def list_files(id: str, query: FolderQuery) -> dict[str, Any]:  # noqa: A002 - the contract's name
    """List a folder, folders first; with `recursive` everything below it is listed by path."""
    version = find_version(id)
    found = queries.all_files(version) if query.recursive else queries.files_in(version, query.path)
    listed = [
        {"name": each.name, "path": each.path, "is_directory": each.kind == "folder", "size": each.size}
        for each in found
    ]
    return {"data": listed}


@declare("GET", f"{_FILES}/read", operation="Read file", query=ReadQuery, answer=ReadOut, errors=(400, 404))
def read_file(id: str, query: ReadQuery) -> dict[str, Any]:  # noqa: A002
    """Read a file; one that is no text is read with `encoding=base64`."""
    found = queries.file_at(find_version(id), query.path)
    content = found.text if query.encoding is Encoding.TEXT else base64.b64encode(found.content).decode()
    if content is None:
        raise Invalid.field(
            "path", f"{found.path} is no text. Read it with `encoding=base64`.", type="binary"
        )
    return {
        "content": content,
        "content_type": found.content_type,
        "encoding": query.encoding,
        "blob_id": found.blob_id,
        "size": len(found.content),
    }


@declare(
    "POST",
    _FILES,
    operation="Create file",
    body=NewFile,
    answer=SavedOut,
    status=201,
    errors=(400, 403, 404, 409),
)
def create_file(id: str, body: NewFile) -> Saved:  # noqa: A002
    """Add a file, in one commit of yours; one that exists is 409."""
    return operations.create_file(find_version(id), by=me(), path=body.path, content=body.bytes)


@declare(
    "PATCH",
    _FILES,
    operation="Update file",
    body=FileChange,
    answer=SavedOut,
    errors=(400, 403, 404, 409),
)
def update_file(id: str, body: FileChange) -> Saved:  # noqa: A002
    """Write a file anew, or move it, in one commit of yours; a stale `ifMatch` is 409 with both sides."""
    return operations.update_file(
        find_version(id),
        by=me(),
        path=body.path,
        content=body.bytes,
        if_match=body.if_match,
        new_path=body.new_path,
    )


@declare("DELETE", _FILES, operation="Delete file", query=FileQuery, answer=SavedOut, errors=(400, 403, 404))
def delete_file(id: str, query: FileQuery) -> Saved:  # noqa: A002
    """Delete a file, or a folder with all that is in it, in one commit of yours."""
    return operations.delete_file(find_version(id), by=me(), path=query.path)


@declare(
    "GET",
    f"{_FILES}/search",
    operation="Search in the files of a version (ours)",
    query=SearchQuery,
    answer=FoundList,
    errors=(404,),
)
def search_files(id: str, query: SearchQuery) -> dict[str, Any]:  # noqa: A002
    """Find the lines that hold some words, in capitals or not."""
    return {"data": queries.files_saying(find_version(id), query.query)}


@declare(
    "POST",
    f"{_FILES}/upload",
    operation="Upload files to a version (ours)",
    query=UploadQuery,
    files="files",
    answer=SavedOut,
    status=201,
    errors=(400, 403, 404, 413),
)
def upload_files(id: str, query: UploadQuery) -> Saved:  # noqa: A002
    """Add files, or write them anew, in one commit: `multipart/form-data` with the field `files`."""
    sent = {each.name.replace("\\", "/"): each.stream.read() for each in uploads()}
    return operations.upload_files(find_version(id), by=me(), files=sent, folder=query.folder)


@declare(
    "GET",
    "/app-versions/<prefixed('appver'):id>/archive",
    operation="Download a version as a zip (ours)",
    answer=str,
    content_type="application/zip",
    errors=(404,),
)
def download_version(id: str) -> Response:  # noqa: A002
    """Return all files of a version as a zip."""
    version = find_version(id)
    packed = pack(queries.contents_of(version))
    answer = current_app.response_class(packed, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{version.app.handle}.zip")
    return answer
