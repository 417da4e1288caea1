"""Builds, for programs: start, list, ask, read the log, cancel."""

from pathlib import Path

from app.apps import operations, queries
from app.apps.api.base import declare, find_version
from app.apps.models import Build
from app.apps.schemas.builds import BuildList, BuildOut, BuildsQuery, LogPart, LogQuery, NewBuild
from app.engine import logs
from app.web.guards import me
from app.web.pages import load_or_404

_MOST = 256_000


@declare("GET", "/builds", operation="List builds", query=BuildsQuery, answer=BuildList, errors=(400,))
def list_builds(query: BuildsQuery) -> BuildList:
    """List the builds of the apps that you may see, newest first unless `orderBy` says otherwise."""
    part = queries.builds_listed_for(me(), **query.model_dump())
    return BuildList.model_validate(
        {"data": [BuildOut.of(each) for each in part.rows], "page_info": part.page_info}
    )


@declare(
    "POST",
    "/builds",
    operation="Start a build",
    body=NewBuild,
    answer=BuildOut,
    status=201,
    errors=(403, 404, 409),
)
def start_build(body: NewBuild) -> BuildOut:
    """Build the newest commit of a version; ask for it until `status` is no longer `pending` or `running`."""
    version = find_version(body.app_version_id)
    return BuildOut.of(operations.start_build(version, by=me()))


@declare(
    "GET",
    "/builds/<prefixed('bld'):id>",
    operation="Get build",
    answer=BuildOut,
    errors=(404,),
)
def get_build(id: str) -> BuildOut:  # noqa: A002 - the contract's name
    """Return a build: where it stands, and why it failed where it did."""
    return BuildOut.of(_build(id))


@declare(
    "POST",
    "/builds/<prefixed('bld'):id>/cancel",
    operation="Cancel a build (ours)",
    answer=BuildOut,
    errors=(403, 404, 409),
)
def cancel_build(id: str) -> BuildOut:  # noqa: A002
    """Stop a build; `cancelled` is said once its processes are gone."""
    build = _build(id)
    operations.cancel_build(build, by=me())
    return BuildOut.of(build)


@declare(
    "GET",
    "/builds/<prefixed('bld'):id>/log",
    operation="Read a build's log from a byte offset (ours)",
    query=LogQuery,
    answer=LogPart,
    errors=(404,),
)
def read_build_log(id: str, query: LogQuery) -> LogPart:  # noqa: A002
    """Return what the log says from a byte offset on; ask again from `nextOffset`."""
    return log_part(_build(id).log_path, query)


def log_part(path: Path, query: LogQuery) -> LogPart:
    """Read a part of a log."""
    data, next_offset, size = logs.read(path, query.offset, min(query.limit, _MOST))
    return LogPart(
        text=data.decode("utf-8", "replace"), offset=query.offset, next_offset=next_offset, size=size
    )


def _build(build_id: str) -> Build:
    return load_or_404(queries.build_visible_to(me(), build_id))
