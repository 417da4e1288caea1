"""The environment of an app, for programs."""

from app.apps import operations, queries
from app.apps.api.base import declare, find_app
from app.apps.models import App
from app.apps.schemas.listing import Success
from app.apps.schemas.variables import AppVariables, NewAppVariable, VariableName
from app.core.errors import NotAllowed, NotFound
from app.projects.permissions import can_configure
from app.web.guards import me


@declare(
    "GET",
    "/apps/<prefixed('app'):id>/env",
    operation="List env vars",
    answer=AppVariables,
    errors=(403, 404),
)
def list_app_variables(id: str) -> AppVariables:  # noqa: A002 - the contract's name
    """List what the next build finds in its environment; the value of a secret one is null."""
    return AppVariables.of(queries.variables_of(_configured(id)))


@declare(
    "PUT",
    "/apps/<prefixed('app'):id>/env",
    operation="Set env var",
    body=NewAppVariable,
    answer=Success,
    errors=(403, 404),
)
def set_app_variable(id: str, body: NewAppVariable) -> Success:  # noqa: A002
    """Set a variable, or replace the one of this name; the next build has it."""
    app = find_app(id)
    operations.set_app_variable(app, by=me(), name=body.name, value=body.value, kind=body.type)
    return Success()


@declare(
    "DELETE",
    "/apps/<prefixed('app'):id>/env",
    operation="Delete env var",
    query=VariableName,
    answer=Success,
    errors=(403, 404),
)
def forget_app_variable(id: str, query: VariableName) -> Success:  # noqa: A002
    """Take a variable away; the next build no longer has it."""
    app = _configured(id)
    variable = queries.variable_named(app, query.name)
    if variable is None:
        raise NotFound(f"This app has no variable {query.name}.")
    operations.forget_app_variable(app, variable, by=me())
    return Success()


def _configured(app_id: str) -> App:
    app = find_app(app_id)
    if not can_configure(me(), app.project):
        raise NotAllowed("Only an admin of the organization sees the environment of an app.")
    return app
