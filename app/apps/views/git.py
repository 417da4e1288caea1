"""The repository of an app beside the project's own over smart HTTP: its branches are the app's versions."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, redirect
from werkzeug.wrappers import Response as Redirect

from app.accounts.models import User
from app.apps import operations, permissions, queries
from app.apps.models import App
from app.apps.views.base import blueprint
from app.apps.views.parts import APP
from app.core.db import session
from app.core.errors import NotAllowed, NotFound
from app.core.installation import installation
from app.engine.repositories.smart_http import Change
from app.projects.queries import project_at
from app.web.git import GitCall, answer_git, git_call
from app.web.guards import guards_itself, public, works_at_rest
from app.web.pages import load_or_404


@blueprint.get(f"{APP}.git")
@public
def show_repository(organization: str, project: str, app_id: str) -> Redirect:
    """Bring somebody who opens the clone address in a browser to the versions of the app."""
    return redirect(f"/{organization}/{project}/apps/{app_id}/versions")


@blueprint.get(f"{APP}.git/<path:rest>")
@blueprint.post(f"{APP}.git/<path:rest>")
@guards_itself
@works_at_rest
def serve_git(organization: str, project: str, app_id: str, rest: str) -> Response:
    """Answer a git client; the project's own repository has an address, and rules, of its own."""
    call = git_call(rest)
    here = load_or_404(project_at(call.user, organization, project))
    app = load_or_404(queries.app_at(here, app_id))
    if app.is_first:
        raise NotFound(f"This app is the repository of {here.name}. Use its address: {here.clone_url}")
    call.check_scope()
    if call.may_change:
        _must_push(call.user, app)
    return _serve(app, call)


def _must_push(user: User, app: App) -> None:
    if app.why_read_only:
        raise NotAllowed(app.why_read_only)
    if not permissions.can_work_on(user, app):
        raise NotAllowed(
            f"You may clone {app.name}, not push to it. "
            f"An admin of {app.project.organization.name} can make you a developer."
        )


def _serve(app: App, call: GitCall) -> Response:
    versions = queries.versions_of(app) if call.is_push else []
    deleted = queries.versions_of(app, deleted=True) if call.is_push else []
    url = installation().url
    notes = {each.branch: f"Greenroom: {each.name} of {app.name}: {url}{each.path}" for each in versions}
    return answer_git(
        queries.repository_of_app(app),
        call,
        hear=_listener(app.id, call.user.id),
        protected=[each.branch for each in deleted],
        why_protected=f"is a version of {app.name} that is deleted: take it back in Greenroom first.",
        kept=[each.branch for each in versions],
        why_kept=f"is a version of {app.name}: delete that in Greenroom, where it can be taken back.",
        notes={"*": f"Greenroom: this is a version of {app.name} from here on: {url}{app.path}/versions"}
        | notes,
    )


def _listener(app_id: str, user_id: UUID) -> Callable[[list[Change]], None]:
    def hear(changes: list[Change]) -> None:
        app, user = session.get_one(App, app_id), session.get_one(User, user_id)
        operations.hear_push(app, changes, by=user)

    return hear
