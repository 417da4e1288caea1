"""What previews and agents of a project find in their environment."""

from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.projects import operations, queries
from app.projects.schemas import NewVariable
from app.projects.views.base import blueprint, project_at
from app.projects.views.settings import show
from app.web.guards import me
from app.web.pages import done, load_or_404
from app.web.schemas import Form

_ADDRESS = "/<organization>/<project>/settings/variables"


@blueprint.post(_ADDRESS)
def set_variable(organization: str, project: str) -> Response:
    """Set a variable; it takes effect with the next preview or the next work."""
    here = project_at(organization, project)
    form = Form(NewVariable)
    form.submit(lambda sent: operations.set_variable(here, by=me(), **sent.what()))
    if form.errors:
        form.values.pop("value", None)  # it may be a secret: it is typed again, not sent back
        return show(here, variable_form=form, status=422)
    flash(_("%(name)s is set. It takes effect with the next preview.", name=form.valid.name), "success")
    return done(f"{here.path}/settings#variables")


@blueprint.post(f"{_ADDRESS}/<uuid:variable_id>/removal")
def forget_variable(organization: str, project: str, variable_id: UUID) -> Response:
    """Take a variable away."""
    here = project_at(organization, project)
    variable = load_or_404(queries.variable_of(here, variable_id))
    operations.forget_variable(here, variable, by=me())
    flash(_("%(name)s is removed. It takes effect with the next preview.", name=variable.name), "success")
    return done(f"{here.path}/settings#variables")
