"""What the forms of the editor send."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from app.web.schemas import Schema

Path = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class FilePlace(Schema):
    """Which file is meant."""

    path: Path


class NewFile(FilePlace):
    """Where a new file goes."""


class Uploaded(Schema):
    """Where uploaded files go: a folder, or the top."""

    folder: Annotated[str, StringConstraints(max_length=1024)] = ""


class MovedFile(FilePlace):
    """A file, and what it is called from now on."""

    new_path: Path


class FileText(FilePlace):
    """A file as it was written, and the id of what it was made of; spaces at its ends are the writer's."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=False)

    content: str = ""
    if_match: Annotated[str, StringConstraints(max_length=80)] = ""
