"""What a push to an app's own repository means: its branches are its versions."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, AppVersion
from app.apps.operations.files import hear, note_lost
from app.apps.operations.versions import MOST_VERSIONS
from app.core.db import session, transaction

_BRANCHES = "refs/heads/"
_LONGEST_BRANCH = 200
_LONGEST_NAME = 120


def hear_push(app: App, changes: Iterable[tuple[str, str | None, str | None]], *, by: User) -> None:
    """Take what a push moved as saves; a branch that is new is a version from here on."""
    with transaction():
        for ref, _, commit in changes:
            if not ref.startswith(_BRANCHES):
                continue
            branch = ref.removeprefix(_BRANCHES)
            version = queries.version_on(app, branch)
            if version is None and commit is not None:
                version = _begin(app, branch, by=by)
            if version is not None:
                hear(version, commit, by=by)


def _begin(app: App, branch: str, *, by: User) -> AppVersion | None:
    """Make a version of a branch, unless there are too many already or nothing can be called so."""
    if len(branch) > _LONGEST_BRANCH or len(queries.versions_of(app)) >= MOST_VERSIONS:
        return None
    version = AppVersion(
        app=app,
        app_id=app.id,
        name=branch[:_LONGEST_NAME],
        branch=branch,
        parent=queries.default_version(app),
        created_by=by,
    )
    session.add(version)
    session.flush()  # what follows refers to it
    return version


def lost_unheard() -> Iterator[AppVersion]:
    """Go through the versions whose branch a push took away without anybody hearing of it."""
    for _, versions in groupby(queries.versions_with_files(), lambda version: version.app_id):
        mine = list(versions)
        branches = queries.repository_of_app(mine[0].app).branches()
        yield from (version for version in mine if version.branch not in branches)


def hear_losses() -> int:
    """Say so of the versions that were lost unheard, as their teller was killed; called by the schedule."""
    lost = list(lost_unheard())
    for version in lost:
        note_lost(version, by=None)
    return len(lost)
