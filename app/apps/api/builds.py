"""Builds, for programs: start, list, ask, read the log, cancel."""

from pathlib import Path

from app.apps import operations, queries
from app.apps.api.base import blueprint
from app.apps.models import Build
from app.apps.schemas.builds import BuildOut, LogPart, LogQuery, NewBuild
from app.engine import logs
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

_MOST = 256_000


@endpoint(
    blueprint,
    "POST",
    "/builds",
    operation="Start a build",
    family="apps",
    body=NewBuild,
    answer=BuildOut,
    status=201,
    enveloped=False,
    errors=(403, 404, 409),
)
def start_build(body: NewBuild) -> BuildOut:
    """Build the newest commit of a version; ask for it until `status` is no longer `pending` or `running`."""
    version = load_or_404(queries.version_visible_to(me(), body.app_version_id))
    return BuildOut.of(operations.start_build(version, by=me()))


@endpoint(
    blueprint,
    "GET",
    "/builds/<prefixed('bld'):id>",
    operation="Get build",
    family="apps",
    answer=BuildOut,
    enveloped=False,
    errors=(404,),
)
def get_build(id: str) -> BuildOut:  # noqa: A002 - the contract's name
    """Return a build: where it stands, and why it failed where it did."""
    return BuildOut.of(_build(id))


@endpoint(
    blueprint,
    "POST",
    "/builds/<prefixed('bld'):id>/cancel",
    operation="Cancel a build (ours)",
    family="apps",
    answer=BuildOut,
    enveloped=False,
    errors=(403, 404, 409),
)
def cancel_build(id: str) -> BuildOut:  # noqa: A002
    """Stop a build; `cancelled` is said once its processes are gone."""
    build = _build(id)
    operations.cancel_build(build, by=me())
    return BuildOut.of(build)


@endpoint(
    blueprint,
    "GET",
    "/builds/<prefixed('bld'):id>/log",
    operation="Read a build's log from a byte offset (ours)",
    family="apps",
    query=LogQuery,
    answer=LogPart,
    enveloped=False,
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
