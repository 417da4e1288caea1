"""A project's settings."""

from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _

from app.core.errors import NotAllowed
from app.integrations.coding_agent import PRESETS, agents
from app.organizations.queries import all_members_of
from app.projects import operations, permissions, queries
from app.projects.models import Project
from app.projects.schemas import GoingLive, NamedMembers, ProjectChange
from app.projects.views.base import blueprint, project_at
from app.web.guards import me, works_at_rest
from app.web.pages import done, render
from app.web.schemas import Form


@blueprint.get("/<organization>/<project>/settings")
def show_settings(organization: str, project: str) -> Response:
    """Show a project's settings to the organization's admins."""
    here = project_at(organization, project)
    if not permissions.can_configure(me(), here):
        raise NotAllowed(f"Only an admin of {here.organization.name} sees the settings of {here.name}.")
    return show(here)


@blueprint.post("/<organization>/<project>/settings")
@works_at_rest
def change_settings(organization: str, project: str) -> Response:
    """Change a project's settings, or let it rest and take it up again."""
    here = project_at(organization, project)
    form = Form(ProjectChange)
    form.submit(lambda sent: operations.edit_project(here, by=me(), **sent.model_dump()))
    if form.errors:
        return show(here, form, status=422)
    flash(_("The settings are saved."), "success")
    return done(f"{here.path}/settings")


@blueprint.post("/<organization>/<project>/settings/members")
def name_members(organization: str, project: str) -> Response:
    """Say who may see a project that is not open to everybody."""
    here = project_at(organization, project)
    operations.name_members(here, by=me(), user_ids=Form(NamedMembers).valid.user_ids)
    flash(_("Saved who sees this project."), "success")
    return done(f"{here.path}/settings#members")


@blueprint.post("/<organization>/<project>/settings/going-live")
def change_going_live(organization: str, project: str) -> Response:
    """Say what becomes of what is merged."""
    here = project_at(organization, project)
    operations.go_live_by_itself(here, by=me(), auto_deploy=Form(GoingLive).valid.auto_deploy)
    flash(_("Saved what becomes of what is merged."), "success")
    return done(f"{here.path}/settings#live")


@blueprint.post("/<organization>/<project>/settings/config")
def sync_config(organization: str, project: str) -> Response:
    """Read greenroom.toml of the main branch now."""
    here = project_at(organization, project)
    operations.sync_config(here, by=me())
    flash(_("Read greenroom.toml of the main branch."), "success")
    return done(f"{here.path}/settings#config")


def show(
    here: Project, form: Form[ProjectChange] | None = None, *, status: int = 200, **sections: Any
) -> Response:
    """Show the settings; `sections` carry the form of a section that did not hold."""
    return render(
        "projects/settings.html",
        project=here,
        form=form,
        agents=[name for name in agents() if name != "command" or here.agent_preset],
        presets=PRESETS.values(),
        members=all_members_of(here.organization),
        named=queries.named_members(here),
        is_empty=queries.is_empty(here),
        plan=queries.plan_of(here),
        config=queries.config_of(here),
        variables=queries.variables_in(here),
        wanted_variable=request.args.get("variable", ""),
        notes=queries.settings_notes(here),
        status=status,
        **sections,
    )
