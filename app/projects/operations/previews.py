"""How a project's previews are built, started and bounded."""

import re
from pathlib import PurePosixPath
from typing import Any

from app.accounts.models import User
from app.core.db import transaction
from app.core.errors import Invalid, NotAllowed
from app.projects import permissions
from app.projects.models import Project
from app.projects.operations.variables import note

PLAN = ("install", "build", "run", "output", "port", "health")
_ANY_CONTROL = re.compile(r"[\x00-\x1f]")


def set_up_previews(project: Project, *, by: User, **said: Any) -> None:
    """Say how previews are built from the next one on; what is None is left to be found."""
    _may_configure(by, project)
    folder = _folder("subfolder", said.get("subfolder")) or ""
    plan = {name: said[name] for name in PLAN if said.get(name) is not None}
    if "output" in plan:
        plan["output"] = _folder("output", plan["output"])
    for name in ("install", "build", "run", "seed_command"):
        if _ANY_CONTROL.search(said.get(name) or ""):
            raise Invalid.field(name, "Write one line, as in a shell.", type="pattern")
    before = (project.subfolder, project.plan_overrides, project.seed_command)
    bounds = (project.most_previews, project.idle_minutes)
    with transaction():
        project.subfolder, project.plan_overrides = "" if folder == "." else folder, plan
        project.seed_command = said.get("seed_command")
        project.most_previews = said.get("most_previews") or project.most_previews
        project.idle_minutes = said.get("idle_minutes")
        shows_branches = said.get("shows_branches")
        if shows_branches is not None and shows_branches != project.shows_branches:
            project.shows_branches = shows_branches
            note(project, f"{'shows' if shows_branches else 'hides'} branches that nobody asked for", by=by)
        if before != (project.subfolder, project.plan_overrides, project.seed_command):
            note(project, "changed how previews are built", by=by)
        if bounds != (project.most_previews, project.idle_minutes):
            note(project, "changed how many previews run and for how long", by=by)


def find_plan_anew(project: Project, *, by: User) -> None:
    """Forget what was said of building and starting, so that it is found again."""
    _may_configure(by, project)
    with transaction():
        project.subfolder, project.plan_overrides, project.seed_command = "", {}, None
        note(project, "let Greenroom find again how previews are built", by=by)


def _folder(name: str, said: str | None) -> str | None:
    if said is None:
        return None
    path = PurePosixPath(said)
    if path.is_absolute() or ".." in path.parts or _ANY_CONTROL.search(said):
        raise Invalid.field(name, "Name a folder inside the repository, as in apps/web.", type="pattern")
    return str(path)


def _may_configure(by: User, project: Project) -> None:
    if not permissions.can_configure(by, project):
        raise NotAllowed("Only an admin of the organization can change a project.")
