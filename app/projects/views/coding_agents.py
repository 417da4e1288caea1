"""Which program works in a project."""

from flask import Response, flash
from flask_babel import gettext as _

from app.projects import operations
from app.projects.schemas import AgentChange
from app.projects.views.base import blueprint, project_at
from app.projects.views.settings import show
from app.web.guards import me
from app.web.pages import done
from app.web.schemas import Form

_ADDRESS = "/<organization>/<project>/settings/agent"


@blueprint.post(_ADDRESS)
def set_agent(organization: str, project: str) -> Response:
    """Choose a known program, or write the command of another one."""
    here = project_at(organization, project)
    form = Form(AgentChange)
    form.submit(lambda sent: operations.set_agent(here, by=me(), **sent.model_dump()))
    if form.errors:
        return show(here, agent_form=form, status=422)
    flash(_("The agent is saved."), "success")
    return done(f"{here.path}/settings#agent")


@blueprint.post(f"{_ADDRESS}/trial")
def try_agent(organization: str, project: str) -> Response:
    """Ask the program for its version, and show what it answered."""
    here = project_at(organization, project)
    return show(here, trial=operations.try_agent(here, by=me()))
