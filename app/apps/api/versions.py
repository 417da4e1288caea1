"""Versions of apps, for programs."""

from typing import Any

from app.apps import operations, queries
from app.apps.api.base import declare, find_app, find_version
from app.apps.models import AppVersion
from app.apps.schemas.listing import Success
from app.apps.schemas.versions import (
    CommitList,
    CompareQuery,
    Comparison,
    NewVersion,
    VersionChange,
    VersionList,
    VersionOut,
    VersionsQuery,
)
from app.core.errors import DomainError, Invalid
from app.engine.repositories import Diff
from app.web.guards import me, works_at_rest
from app.web.pages import load_or_404


@declare(
    "GET",
    "/app-versions",
    operation="List app versions",
    query=VersionsQuery,
    answer=VersionList,
    errors=(400, 404),
)
def list_versions(query: VersionsQuery) -> dict[str, Any]:
    """List the versions of an app, newest first unless `orderBy` says otherwise."""
    if query.app_id is not None:
        find_app(query.app_id)
    elif not me().is_admin:
        raise DomainError("Name the app whose versions you want: `app_id=app_…`.", code="unscoped")
    part = queries.versions_listed_for(me(), **query.model_dump())
    return {"data": part.rows, "page_info": part.page_info}


@declare(
    "POST",
    "/app-versions",
    operation="Create or fork an app version",
    body=NewVersion,
    answer=VersionOut,
    status=201,
    errors=(403, 404, 409),
)
def create_version(body: NewVersion) -> AppVersion:
    """Begin a version with the files of another one of the same app."""
    app = find_app(body.app_id)
    parent = None
    if body.parent_id is not None:
        parent = load_or_404(queries.version_visible_to(me(), body.parent_id))
    return operations.fork_version(app, by=me(), name=body.name, parent=parent, commit=body.commit)


@declare(
    "GET",
    "/app-versions/<prefixed('appver'):id>",
    operation="Get app version",
    answer=VersionOut,
    errors=(404,),
)
def get_version(id: str) -> AppVersion:  # noqa: A002 - the contract's name
    """Return a version."""
    return find_version(id)


@declare(
    "PATCH",
    "/app-versions/<prefixed('appver'):id>",
    operation="Update app version",
    body=VersionChange,
    answer=VersionOut,
    errors=(403, 404),
)
def update_version(id: str, body: VersionChange) -> AppVersion:  # noqa: A002
    """Call a version something else; its branch stays."""
    version = find_version(id)
    operations.name_version(version, by=me(), name=body.name)
    return version


@declare(
    "DELETE",
    "/app-versions/<prefixed('appver'):id>",
    operation="Soft-delete app version",
    answer=Success,
    errors=(403, 404, 409),
)
@works_at_rest
def delete_version(id: str) -> Success:  # noqa: A002
    """Delete a version so that it can be taken back; the default one stays."""
    operations.delete_version(find_version(id), by=me())
    return Success()


@declare(
    "POST",
    "/app-versions/<prefixed('appver'):id>/restore",
    operation="Restore a soft-deleted app version (ours)",
    answer=VersionOut,
    errors=(403, 404, 409),
)
@works_at_rest
def restore_version(id: str) -> AppVersion:  # noqa: A002
    """Take a deleted version back."""
    version = find_version(id)
    operations.restore_version(version, by=me())
    return version


@declare(
    "DELETE",
    "/app-versions/<prefixed('appver'):id>/purge",
    operation="Permanently delete a soft-deleted app version (ours)",
    answer=Success,
    errors=(403, 404, 409),
)
@works_at_rest
def purge_version(id: str) -> Success:  # noqa: A002
    """Remove a deleted version for good, with its branch."""
    operations.purge_version(find_version(id), by=me())
    return Success()


@declare(
    "GET",
    "/app-versions/<prefixed('appver'):id>/commits",
    operation="List what was saved in a version (ours)",
    answer=CommitList,
    errors=(404,),
)
def list_commits(id: str) -> dict[str, Any]:  # noqa: A002
    """List the newest fifty commits of a version."""
    return {"data": queries.commits_of(find_version(id))}


@declare(
    "GET",
    "/app-versions/<prefixed('appver'):id>/compare",
    operation="Compare two versions (ours)",
    query=CompareQuery,
    answer=Comparison,
    errors=(404,),
)
def compare_versions(id: str, query: CompareQuery) -> Diff:  # noqa: A002
    """Say how the files of a version differ from those of another one of the same app."""
    version = find_version(id)
    other_id = query.with_version or version.parent_id
    if other_id is None:
        raise Invalid("Name the version to compare with: `with=appver_…`.", code="missing")
    other = load_or_404(queries.version_at(version.app, other_id))
    return queries.changes_between(other, version)
