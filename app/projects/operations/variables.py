"""Variables of a project: what its previews and its agents find in their environment."""

import re

from app.accounts.models import User
from app.core import audit
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Invalid, NotAllowed
from app.projects import permissions, queries
from app.projects.models import Audience, Project, ProjectVariable, SettingsNote

MOST_VARIABLES = 100
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = {"PORT", "HOST", "PATH", "HOME"}


def set_variable(
    project: Project, *, by: User, name: str, value: str, audience: Audience, is_secret: bool
) -> ProjectVariable:
    """Give a variable a value from the next build on; one of this name and audience is replaced."""
    _may_configure(by, project)
    _check(name, value)
    with transaction():
        variable = queries.variable_named(project, audience, name)
        if variable is None:
            if queries.count_variables(project) >= MOST_VARIABLES:
                raise Invalid.field(
                    "name", f"A project has at most {MOST_VARIABLES} variables.", type="limit"
                )
            variable = ProjectVariable(project_id=project.id, name=name, audience=audience)
            session.add(variable)
        variable.value, variable.is_secret = value, is_secret
        variable.set_by, variable.set_at = by, now()
        note(project, f"set the variable {name} for {_whom(audience)}", by=by, act="variable.set")
    return variable


def forget_variable(project: Project, variable: ProjectVariable, *, by: User) -> None:
    """Take a variable away from the next build on."""
    _may_configure(by, project)
    with transaction():
        session.delete(variable)
        said = f"removed the variable {variable.name} for {_whom(variable.audience)}"
        note(project, said, by=by, act="variable.removed")


def note(project: Project, text: str, *, by: User, act: str = "project.changed") -> None:
    """Keep who changed what of a project's settings; never a value."""
    with transaction():
        session.add(SettingsNote(project_id=project.id, actor=by, text=text))
        log(project, act, by=by, detail=text)


def log(project: Project, act: str, *, by: User | None, detail: str = "") -> None:
    """Tell the audit log what became of a project."""
    audit.record(
        act,
        by=by,
        subject=project.name,
        subject_id=project.id,
        organization_id=project.organization_id,
        detail=detail,
    )


def _check(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise Invalid.field("name", "Use letters, digits and _, and begin with a letter.", type="pattern")
    if name.upper() in _OURS or name.upper().startswith("GREENROOM_"):
        raise Invalid.field("name", f"{name} is set by Greenroom itself.", type="reserved")
    if "\0" in value:
        raise Invalid.field("value", "The value holds a zero byte.", type="pattern")


def _may_configure(by: User, project: Project) -> None:
    if not permissions.can_configure(by, project):
        raise NotAllowed("Only an admin of the organization can change a project.")


def _whom(audience: Audience) -> str:
    return "previews" if audience == Audience.PREVIEW else "agents"
