"""Deploys, for programs: put a build live, go back, list, ask, read the log, cancel."""

from app.apps import operations, queries
from app.apps.api.base import declare, find_app
from app.apps.api.builds import log_part
from app.apps.models import App, Build, Deploy
from app.apps.schemas.builds import LogPart, LogQuery
from app.apps.schemas.deploys import ChangesOut, DeployList, DeployOut, DeploysQuery, NewDeploy, RollBack
from app.core.errors import Invalid
from app.web.guards import me
from app.web.pages import load_or_404


@declare("GET", "/deploys", operation="List deploys", query=DeploysQuery, answer=DeployList, errors=(400,))
def list_deploys(query: DeploysQuery) -> DeployList:
    """List the deploys of the apps that you may see, newest first unless `orderBy` says otherwise."""
    part = queries.deploys_listed_for(me(), **query.model_dump())
    return DeployList.model_validate(
        {"data": [DeployOut.of(each) for each in part.rows], "page_info": part.page_info}
    )


@declare(
    "POST",
    "/deploys",
    operation="Start a deploy",
    body=NewDeploy,
    answer=DeployOut,
    status=201,
    errors=(403, 404, 409),
)
def start_deploy(body: NewDeploy) -> DeployOut:
    """Put a build live, or an app's latest one that completed; say one of `buildId` and `appId`."""
    if (body.build_id is None) == (body.app_id is None):
        raise Invalid.field("buildId", "Say either buildId or appId.", type="one_of")
    if body.build_id is not None:
        build = load_or_404(queries.build_visible_to(me(), body.build_id))
        return DeployOut.of(operations.deploy_build(build, by=me()))
    return DeployOut.of(operations.deploy_latest(find_app(body.app_id or ""), by=me()))


@declare(
    "GET",
    "/deploys/<prefixed('dpl'):id>",
    operation="Get deploy",
    answer=DeployOut,
    errors=(404,),
)
def get_deploy(id: str) -> DeployOut:  # noqa: A002 - the contract's name
    """Return a deploy: where it stands, whether it is what is live, and why it failed where it did."""
    return DeployOut.of(_deploy(id))


@declare(
    "POST",
    "/deploys/<prefixed('dpl'):id>/cancel",
    operation="Cancel a deploy (ours)",
    answer=DeployOut,
    errors=(403, 404, 409),
)
def cancel_deploy(id: str) -> DeployOut:  # noqa: A002
    """Stop a deploy that is on its way; what is live stays."""
    deploy = _deploy(id)
    operations.cancel_deploy(deploy, by=me())
    return DeployOut.of(deploy)


@declare(
    "GET",
    "/deploys/<prefixed('dpl'):id>/log",
    operation="Read a deploy's log from a byte offset (ours)",
    query=LogQuery,
    answer=LogPart,
    errors=(404,),
)
def read_deploy_log(id: str, query: LogQuery) -> LogPart:  # noqa: A002
    """Return what the log says from a byte offset on; what is live goes on writing to it."""
    return log_part(_deploy(id).log_path, query)


@declare(
    "POST",
    "/apps/<prefixed('app'):id>/deploy",
    operation="Deploy the latest successful build of the default version",
    answer=DeployOut,
    status=201,
    errors=(403, 404, 409),
)
def deploy_app(id: str) -> DeployOut:  # noqa: A002
    """Put the latest build of the default version live that completed."""
    return DeployOut.of(operations.deploy_latest(find_app(id), by=me()))


@declare(
    "POST",
    "/apps/<prefixed('app'):id>/builds/<prefixed('bld'):build_id>/deploy",
    operation="Deploy a specific build",
    answer=DeployOut,
    status=201,
    errors=(403, 404, 409),
)
def deploy_app_build(id: str, build_id: str) -> DeployOut:  # noqa: A002
    """Put one build of an app live, with the environment that it was built with."""
    return DeployOut.of(operations.deploy_build(_build_of(find_app(id), build_id), by=me()))


@declare(
    "POST",
    "/apps/<prefixed('app'):id>/rollback",
    operation="Deploy the previous good build (ours)",
    body=RollBack,
    answer=DeployOut,
    status=201,
    errors=(403, 404, 409),
)
def roll_back(id: str, body: RollBack) -> DeployOut:  # noqa: A002
    """Put the build live again that was live before, or an earlier one, with the environment of its time."""
    app = find_app(id)
    build = _build_of(app, body.build_id) if body.build_id else None
    return DeployOut.of(operations.roll_back(app, by=me(), build=build))


@declare(
    "GET",
    "/apps/<prefixed('app'):id>/rollback",
    operation="See what a rollback would change (ours)",
    query=RollBack,
    answer=ChangesOut,
    errors=(404, 409),
)
def preview_rollback(id: str, query: RollBack) -> ChangesOut:  # noqa: A002
    """Say which commits and which variables, by name, everybody would see differently."""
    app = find_app(id)
    build = _build_of(app, query.build_id) if query.build_id else operations.build_before(app)
    return ChangesOut.of(operations.what_changes(app, build))


def _build_of(app: App, build_id: str) -> Build:
    return load_or_404(queries.builds_of(app).where(Build.id == build_id))


def _deploy(deploy_id: str) -> Deploy:
    return load_or_404(queries.deploy_visible_to(me(), deploy_id))
