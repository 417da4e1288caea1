"""The shapes of versions."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.apps.models import VersionStatus
from app.apps.schemas.apps import Name
from app.apps.schemas.files import Exact
from app.apps.schemas.listing import Deleted, ListQuery, PageInfo
from app.web.schemas import Moment, Schema


class NewVersion(Schema):
    """A version to begin with the files of another; without `parentId` with those of the default one.

    `commit` (ours) takes them as they were then: that is how an earlier state comes back.
    """

    app_id: str
    name: Name | None = None
    parent_id: str | None = None
    commit: str | None = None


class VersionChange(Schema):
    """What a version is called from now on."""

    name: Name


class VersionsQuery(ListQuery):
    """Which versions, and which part of the list; only the installation's admin leaves out the app."""

    app_id: str | None = None
    include_deleted: Deleted = Deleted.NO
    parent_id: str | None = None
    status: VersionStatus | None = None
    created_by: UUID | None = None


class VersionOut(Schema):
    """A version. `branch` is ours: what it is in the app's repository."""

    id: str
    app_id: str
    name: str
    parent_id: str | None
    status: VersionStatus
    error: str | None
    created_by: Annotated[UUID | None, Field(validation_alias="created_by_id")]
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None
    branch: str


class VersionList(Schema):
    """A part of a list of versions."""

    data: list[VersionOut]
    page_info: PageInfo


class CommitOut(Schema):
    """Something that was saved in a version."""

    sha: str
    message: str
    author: str
    at: Moment


class CommitList(Schema):
    """What was saved in a version, newest first."""

    data: list[CommitOut]


class LineOut(Schema):
    """A line of a comparison: ` ` stays, `+` comes, `-` goes."""

    kind: str
    old: int | None
    new: int | None
    text: Exact


class HunkOut(Schema):
    """Lines that changed together, with their surroundings."""

    header: str
    lines: list[LineOut]


class FileDiffOut(Schema):
    """What became of a file from one version to the other."""

    path: Exact
    old_path: Exact
    status: str
    additions: int
    deletions: int
    binary: bool
    truncated: bool
    hunks: list[HunkOut]


class Comparison(Schema):
    """How the files of a version differ from those of another."""

    files: list[FileDiffOut]
    additions: int
    deletions: int
    truncated: bool


class CompareQuery(Schema):
    """The version to compare with; without it the one that this one was forked from."""

    with_version: Annotated[str | None, Field(alias="with")] = None
