"""The way back: an earlier build is put live again, and what that would change is said before."""

from dataclasses import dataclass

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, Build, Deploy, DeployStatus, DeployTrigger
from app.apps.operations.deploys import begin, deploy_build
from app.core.errors import Conflict, NotAllowed, NotFound
from app.engine.repositories import Commit
from app.projects.permissions import can_develop

MOST_COMMITS = 100


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What everybody sees differently once a build is live: commits, and variables by their names."""

    build: Build
    taken_off: list[Commit]
    brought_in: list[Commit]
    added: list[str]
    removed: list[str]
    changed: list[str]

    @property
    def are_none(self) -> bool:
        return not any((self.taken_off, self.brought_in, self.added, self.removed, self.changed))


def roll_back(app: App, *, by: User, build: Build | None = None) -> Deploy:
    """Put the build live again that was live before, or an earlier one, with the environment of its time."""
    if not can_develop(by, app.project):
        raise NotAllowed("Only developers and admins put an app live.")
    wanted = build or build_before(app)
    if not queries.was_live(wanted):
        raise Conflict(f"Build {wanted.number} was never live. Deploy it instead.", code="never_live")
    live = queries.live_deploy(app)
    if live is not None and live.build_id == wanted.id:
        raise Conflict(f"Build {wanted.number} is live already.", code="live_already")
    return deploy_build(wanted, by=by, trigger=DeployTrigger.ROLLBACK)


def build_before(app: App) -> Build:
    """Return the build that was live before the one that is now."""
    found = queries.build_live_before(app)
    if found is None:
        raise Conflict("Nothing else was live before, so there is nothing to go back to.", code="no_earlier")
    return found


def put_back(deploy: Deploy, *, by: User) -> Deploy:
    """Put what a deploy put live back there; one from before builds were kept is built again."""
    if not can_develop(by, deploy.app.project):
        raise NotAllowed("Only developers and admins put a project live.")
    if deploy.live_at is None:
        raise Conflict("This one was never live. Put the main branch live instead.", code="never_live")
    if deploy.status is DeployStatus.LIVE:
        raise Conflict("This one is live already.", code="live_already")
    if deploy.build is not None:
        return deploy_build(deploy.build, by=by, trigger=DeployTrigger.ROLLBACK)
    try:
        queries.repository_of_app(deploy.app).commit(deploy.commit_sha)
    except NotFound:
        raise Conflict(
            f"{deploy.commit_sha[:8]} is not in the repository any more, so it cannot be built again."
        ) from None
    return begin(deploy.app, deploy.commit_sha, by=by, trigger=DeployTrigger.ROLLBACK)


def what_changes(app: App, build: Build) -> Changes:
    """Say what becomes of what is live once a build takes its place; no value of a variable is told."""
    live = queries.live_deploy(app)
    before, after = (live.build.env if live and live.build else None) or {}, build.env or {}
    return Changes(
        build=build,
        taken_off=_between(app, live.commit_sha, build.commit_sha) if live else [],
        brought_in=_between(app, build.commit_sha, live.commit_sha) if live else [],
        added=sorted(after.keys() - before.keys()),
        removed=sorted(before.keys() - after.keys()),
        changed=sorted(name for name in after.keys() & before.keys() if after[name] != before[name]),
    )


def _between(app: App, commit: str, since: str) -> list[Commit]:
    if commit == since:
        return []
    try:
        return queries.repository_of_app(app).log(commit, limit=MOST_COMMITS, since=since)
    except NotFound:  # one of the two was pushed away
        return []
