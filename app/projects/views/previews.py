"""How a project's previews are built, started and bounded."""

from flask import Response, flash
from flask_babel import gettext as _

from app.projects import operations
from app.projects.schemas import PreviewSettings
from app.projects.views.base import blueprint, project_at
from app.projects.views.settings import show
from app.web.guards import me
from app.web.pages import done
from app.web.schemas import Form

_ADDRESS = "/<organization>/<project>/settings/previews"


@blueprint.post(_ADDRESS)
def set_up_previews(organization: str, project: str) -> Response:
    """Say how previews are built; an empty field lets Greenroom find it."""
    here = project_at(organization, project)
    form = Form(PreviewSettings)
    form.submit(lambda sent: operations.set_up_previews(here, by=me(), **sent.model_dump()))
    if form.errors:
        return show(here, preview_form=form, status=422)
    flash(_("Saved. It takes effect with the next preview."), "success")
    return done(f"{here.path}/settings#previews")


@blueprint.post(f"{_ADDRESS}/reset")
def find_anew(organization: str, project: str) -> Response:
    """Let Greenroom find how previews are built, as in the beginning."""
    here = project_at(organization, project)
    operations.find_plan_anew(here, by=me())
    flash(_("Greenroom finds it by itself again, from the next preview on."), "success")
    return done(f"{here.path}/settings#previews")
