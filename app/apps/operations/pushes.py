"""What a push to an app's own repository means: its branches are its versions."""

from collections.abc import Iterable

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, AppVersion
from app.apps.operations.files import note_moved
from app.apps.operations.versions import MOST_VERSIONS
from app.core.db import session, transaction

_BRANCHES = "refs/heads/"
_LONGEST_BRANCH = 200
_LONGEST_NAME = 120


def hear_push(app: App, changes: Iterable[tuple[str, str | None, str | None]], *, by: User) -> None:
    """Take what a push moved as saves; a branch that is new is a version from here on."""
    with transaction():
        for ref, _, commit in changes:
            if commit is None or not ref.startswith(_BRANCHES):
                continue
            branch = ref.removeprefix(_BRANCHES)
            version = queries.version_on(app, branch) or _begin(app, branch, by=by)
            if version is not None:
                note_moved(version, commit, by=by)


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
