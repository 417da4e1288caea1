"""The environment of an app."""

from flask import Response, flash, request
from flask_babel import gettext as _

from app.apps import operations, queries
from app.apps.models import App
from app.apps.schemas.variables import NewAppVariable, VariableName
from app.apps.views.base import blueprint
from app.apps.views.parts import APP, find_app, part
from app.core.errors import NotAllowed, NotFound
from app.projects.permissions import can_configure
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import Form


@blueprint.get(f"{APP}/environment")
def show_environment(organization: str, project: str, app_id: str) -> Response:
    """Show what the next build finds in its environment."""
    return _show(_configured(organization, project, app_id))


@blueprint.post(f"{APP}/environment")
def set_app_variable(organization: str, project: str, app_id: str) -> Response:
    """Set a variable; it takes effect with the next build."""
    app = _configured(organization, project, app_id)
    form = Form(NewAppVariable)
    form.submit(
        lambda sent: operations.set_app_variable(
            app, by=me(), name=sent.name, value=sent.value, kind=sent.type
        )
    )
    if form.errors:
        form.values.pop("value", None)  # it may be a secret: it is typed again, not sent back
        return _show(app, form, status=422)
    flash(_("%(name)s is set. It takes effect with the next build.", name=form.valid.name), "success")
    return done(f"{app.path}/environment")


@blueprint.post(f"{APP}/environment/removal")
def forget_app_variable(organization: str, project: str, app_id: str) -> Response:
    """Take a variable away."""
    app = _configured(organization, project, app_id)
    name = Form(VariableName).valid.name
    variable = queries.variable_named(app, name)
    if variable is None:
        raise NotFound(_("This app has no variable %(name)s.", name=name))
    operations.forget_app_variable(app, variable, by=me())
    flash(_("%(name)s is removed. It takes effect with the next build.", name=name), "success")
    return done(f"{app.path}/environment")


def _show(app: App, form: Form[NewAppVariable] | None = None, *, status: int = 200) -> Response:
    return render(
        "apps/environment.html",
        status=status,
        **part(app, "environment"),
        variables=queries.variables_of(app),
        wanted=request.args.get("variable", "")[:100],
        form=form,
    )


def _configured(organization: str, project: str, app_id: str) -> App:
    app = find_app(organization, project, app_id)
    if not can_configure(me(), app.project):
        raise NotAllowed(_("Only an admin of the organization sees the environment of an app."))
    return app
