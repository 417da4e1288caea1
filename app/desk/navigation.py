"""The frame around every page: where somebody is, and where they can go from there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.accounts.models import User
from app.admin.permissions import can_administer_installation
from app.core.db import session
from app.notifications.queries import unread_count
from app.organizations.models import Organization, memberships_of
from app.organizations.permissions import can_administer
from app.projects.models import Project
from app.projects.permissions import can_configure, can_develop, can_file_requests
from app.projects.queries import project_at, projects_visible_to
from app.requests.queries import count_waiting_for


@dataclass
class Shell:
    """What the layouts read; `templates/layouts/app.html` documents it."""

    organization: str | None = None
    logo: str | None = None
    organizations: list[dict[str, Any]] = field(default_factory=list)
    project: str | None = None
    place_url: str | None = None
    places: list[tuple[str, str]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    crumbs: list[tuple[str, str | None]] = field(default_factory=list)
    unread: int = 0
    needs_you: int = 0
    inbox_current: bool = False
    new_url: str | None = None
    search_url: str | None = None
    inbox_url: str = "/inbox"
    profile_url: str = "/profile"
    keys_url: str = "/profile/keys"
    sign_out_url: str = "/sign-out"
    theme: str = "system"
    time_zone: str = ""


def shell(user: User) -> Shell:
    """Return the frame for a person at the address they are at."""
    made = Shell(
        unread=unread_count(user),
        needs_you=count_waiting_for(user),
        inbox_current=request.path == "/inbox",
        theme=user.theme,
        time_zone=user.time_zone,
        search_url="/search",
    )
    organization = _organization(user)
    made.organizations = _switch(user, organization)
    made.items.append(_item(_("Home"), "/", "house", count=made.needs_you, key="g h"))
    if organization is not None:
        _in_organization(made, user, organization)
    if can_administer_installation(user):
        made.items.append(_item(_("Administration"), "/admin", "shield"))
    return made


def _organization(user: User) -> Organization | None:
    """Return the organization of the address, or the one and only."""
    mine = [membership.organization for membership in memberships_of(user)]
    slug = (request.view_args or {}).get("organization")
    if slug is None:
        return mine[0] if len(mine) == 1 else None
    return next((each for each in mine if each.slug == slug), None)


def _switch(user: User, current: Organization | None) -> list[dict[str, Any]]:
    """Return where somebody can switch to, who belongs to more than one organization."""
    mine = sorted((each.organization for each in memberships_of(user)), key=lambda each: each.name.lower())
    return [
        {"name": each.name, "url": each.path, "logo": each.logo_path, "current": each is current}
        for each in mine
        if len(mine) > 1
    ]


def _in_organization(made: Shell, user: User, organization: Organization) -> None:
    home = organization.path
    made.organization, made.logo = organization.name, organization.logo_path
    seen = session.scalars(
        projects_visible_to(user).where(
            Project.organization_id == organization.id, Project.archived_at.is_(None)
        )
    ).all()
    project = _project(user, seen)
    made.place_url = project.path if project else home
    made.places = [(each.name, each.path) for each in seen[:12]] + [(_("All projects"), home)]
    made.items.append(_item(_("Projects"), home, "folder", exact=True))
    if (request.view_args or {}).get("organization"):
        made.crumbs.append((organization.name, home))
    if project is not None:
        made.project = project.name
        made.crumbs.append((project.name, project.path))
        made.items.append(_item(_("Board"), project.path, "square-kanban", exact=True, key="g b"))
        made.items.append(_item(_("Live"), f"{project.path}/live", "box"))
        made.items.append(_item(_("Apps"), f"{project.path}/apps", "package"))
        made.items.append(_item(_("Specs"), f"{project.path}/specs", "file-text"))
        if can_develop(user, project):
            made.items.append(_item(_("Branches"), f"{project.path}/branches", "git-branch"))
            made.items.append(_item(_("Environments"), f"{project.path}/environments", "server"))
        if can_file_requests(user, project):
            made.new_url = f"{project.path}/requests/new"
        if can_configure(user, project):
            made.items.append(_item(_("Project settings"), f"{project.path}/settings", "settings"))
        number = (request.view_args or {}).get("number")
        if number is not None:
            made.crumbs.append((f"#{number}", f"{project.path}/requests/{number}"))
        if "app_id" in (request.view_args or {}):
            made.crumbs.append((_("Apps"), f"{project.path}/apps"))
        if "environment_id" in (request.view_args or {}):
            made.crumbs.append((_("Environments"), f"{project.path}/environments"))
    else:
        made.items.append(_item(_("Specs"), f"{home}/specs", "file-text"))
        if "spec_id" in (request.view_args or {}):
            made.crumbs.append((_("Specs"), f"{home}/specs"))
    made.items.append(_item(_("Members"), f"{home}/members", "users"))
    made.items.append(_item(_("Labels"), f"{home}/labels", "tag"))
    is_admin = can_administer(user, organization.id)
    about = _item(_("Organization"), f"{home}/settings" if is_admin else f"{home}/usage", "building-2")
    made.items.append(
        about | {"current": f"{request.path}/".startswith((f"{home}/settings/", f"{home}/usage/"))}
    )


def _project(user: User, seen: Sequence[Project]) -> Project | None:
    """Return the project of the address: one of those that are seen, or one that was put away."""
    slug, organization = ((request.view_args or {}).get(name) for name in ("project", "organization"))
    if slug is None or organization is None:
        return None
    found: Project | None = next((each for each in seen if each.slug == slug), None)
    return found or session.scalars(project_at(user, organization, slug)).first()


def _item(
    label: str, url: str, icon: str, *, count: int = 0, exact: bool = False, key: str | None = None
) -> dict[str, Any]:
    here = request.path.rstrip("/") or "/"
    current = here == url or (not exact and url != "/" and here.startswith(url + "/"))
    return {"label": label, "url": url, "icon": icon, "count": count, "current": current, "key": key}
