"""The first page of an archive: what it is, of what, and which files are in it."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

NAME = "manifest.json"
FORMAT, VERSION = "greenroom-archive", 1
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Said(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Entry(_Said):
    """One file of an archive; of lines, how many."""

    path: str
    size: Annotated[int, Field(ge=0)]
    sha256: Digest
    rows: Annotated[int, Field(ge=0)] | None = None


class Whose(_Said):
    """The organization that an archive was made of, as it was called there."""

    id: UUID
    name: str
    slug: str


class Manifest(_Said):
    """What an archive is, and all that is in it."""

    format: str
    version: int
    made_at: str
    url: str
    organization: Whose
    project_id: UUID | None = None
    missing_files: list[Digest]
    entries: list[Entry]
