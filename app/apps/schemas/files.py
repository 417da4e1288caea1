"""The shapes of files."""

import base64
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from app.core.errors import Invalid
from app.web.schemas import Schema

Exact = Annotated[str, StringConstraints(strip_whitespace=False)]  # what is in a file, or what it is called
Path = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=False)]


class Encoding(StrEnum):
    """How a file's content is written in JSON."""

    TEXT = "utf-8"
    BASE64 = "base64"


class _Content(Schema):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=False)

    path: Path
    encoding: Encoding = Encoding.TEXT

    @staticmethod
    def _read(content: str, encoding: Encoding) -> bytes:
        if encoding is Encoding.TEXT:
            return content.encode()
        try:
            return base64.b64decode(content, validate=True)
        except ValueError:
            raise Invalid.field("content", "This is not base64.") from None


class NewFile(_Content):
    """A file to add; with `encoding: base64` (ours) it need be no text."""

    content: str

    @property
    def bytes(self) -> bytes:
        """Return what the file is to hold."""
        return self._read(self.content, self.encoding)


class FileChange(_Content):
    """A file to write anew, to move to `newPath` (ours), or both.

    `ifMatch` is the `blobId` that it was read with: nothing is written over what somebody saved since.
    """

    content: str | None = None
    if_match: str | None = None
    new_path: Path | None = None

    @property
    def bytes(self) -> bytes | None:
        """Return what the file is to hold; None where that stays."""
        return None if self.content is None else self._read(self.content, self.encoding)


class FolderQuery(Schema):
    """Which folder, the top without it; `recursive` (ours) goes all the way down."""

    path: Exact = ""
    recursive: bool = False


class FileQuery(Schema):
    """Which file."""

    path: Path


class ReadQuery(FileQuery):
    """Which file, and how its content is written; what is no text is read as base64 (ours)."""

    encoding: Encoding = Encoding.TEXT


class SearchQuery(Schema):
    """Words to find in the texts of a version, in capitals or not."""

    query: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class EntryOut(Schema):
    """A file or a folder."""

    name: Exact
    path: Exact
    is_directory: bool
    size: int


class EntryList(Schema):
    """What is in a folder."""

    data: list[EntryOut]


class ReadOut(Schema):
    """What a file holds; `blobId` (ours) is what its content goes by, for `ifMatch`."""

    content: Exact
    content_type: str
    encoding: Encoding
    blob_id: str
    size: int


class SavedOut(Schema):
    """That it is saved; `commit` and `blobId` are ours."""

    success: bool = True
    path: Exact
    commit: str
    blob_id: str | None = None


class FoundOut(Schema):
    """A line that holds what was sought."""

    path: Exact
    line: int
    text: str


class FoundList(Schema):
    """The lines that hold what was sought, two hundred at most."""

    data: list[FoundOut]


class UploadQuery(Schema):
    """The folder that files are put into."""

    folder: Annotated[str, Field(max_length=1000)] = ""
