"""The environment of an app: what its builds find when they are made, and what is live while it runs."""

import re
from typing import Any

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, AppVariable, VariableType
from app.core import audit
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Invalid, NotAllowed
from app.projects.permissions import can_configure

MOST_VARIABLES = 100
LONGEST_NAME = 100
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = {"PORT", "HOST", "PATH", "HOME"}
_SHOWN_TO_ALL = "VITE_"


def set_app_variable(
    app: App, *, by: User, name: str, value: str, kind: VariableType | None = None
) -> AppVariable:
    """Give a variable a value from the next build on; without a kind one that is there keeps its own."""
    _may_configure(by, app)
    _check(name, value, kind)
    with transaction():
        variable = queries.variable_named(app, name)
        if variable is None:
            if queries.count_variables(app) >= MOST_VARIABLES:
                raise Invalid.field("name", f"An app has at most {MOST_VARIABLES} variables.", type="limit")
            variable = AppVariable(app_id=app.id, name=name)
            session.add(variable)
        variable.value, variable.type = value, kind or variable.type or VariableType.PLAIN
        variable.set_by, variable.set_at = by, now()
        _note(app, "app.variable_set", name, by=by)
    return variable


def forget_app_variable(app: App, variable: AppVariable, *, by: User) -> None:
    """Take a variable away from the next build on."""
    _may_configure(by, app)
    with transaction():
        session.delete(variable)
        _note(app, "app.variable_removed", variable.name, by=by)


def environment_of(app: App) -> dict[str, Any]:
    """Return all that a build of an app finds from now on, as a build keeps it."""
    said = (app.config or {}).get("env") or {}
    plain = {name: {"value": str(value), "secret": False} for name, value in said.items()}
    own = {
        each.name: {"value": each.value, "secret": each.is_secret}
        for each in queries.variables_of(app)
        if each.value is not None
    }
    return plain | own


def _check(name: str, value: str, kind: VariableType | None) -> None:
    if not _NAME.fullmatch(name):
        raise Invalid.field("name", "Use letters, digits and _, and begin with a letter.", type="pattern")
    if len(name) > LONGEST_NAME:
        raise Invalid.field("name", f"A name has at most {LONGEST_NAME} characters.", type="too_long")
    if name.upper() in _OURS or name.upper().startswith("GREENROOM_"):
        raise Invalid.field("name", f"{name} is set by Greenroom itself.", type="reserved")
    if "\0" in value:
        raise Invalid.field("value", "The value holds a zero byte.", type="pattern")
    if kind is VariableType.SECRET and name.startswith(_SHOWN_TO_ALL):
        raise Invalid.field(
            "type",
            f"What begins with {_SHOWN_TO_ALL} is written into the pages that every visitor gets, so it "
            "cannot be a secret. Choose plain, or another name.",
            type="not_secret",
        )


def _may_configure(by: User, app: App) -> None:
    if not can_configure(by, app.project):
        raise NotAllowed("Only an admin of the organization changes the environment of an app.")


def _note(app: App, act: str, name: str, *, by: User) -> None:
    audit.record(
        act,
        by=by,
        subject=app.name,
        subject_id=app.id,
        organization_id=app.project.organization_id,
        detail=name,
    )
