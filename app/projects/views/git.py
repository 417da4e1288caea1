"""A project's repository over smart HTTP: `git clone` and `git push`, with an API key as the password."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, redirect
from werkzeug.wrappers import Response as Redirect

from app.accounts.models import User
from app.core.db import session
from app.core.errors import NotAllowed
from app.engine.repositories.smart_http import Change
from app.projects import operations, permissions, queries
from app.projects.models import Project
from app.projects.views.base import blueprint
from app.web.git import GitCall, answer_git, git_call
from app.web.guards import guards_itself, public, works_at_rest
from app.web.pages import load_or_404


@blueprint.get("/<organization>/<project>.git")
@public
def show_repository(organization: str, project: str) -> Redirect:
    """Bring somebody who opens the clone address in a browser to the board."""
    return redirect(f"/{organization}/{project}")


@blueprint.get("/<organization>/<project>.git/<path:rest>")
@blueprint.post("/<organization>/<project>.git/<path:rest>")
@guards_itself
@works_at_rest
def serve_git(organization: str, project: str, rest: str) -> Response:
    """Answer a git client; whoever comes without a key is asked for one."""
    call = git_call(rest)
    here = load_or_404(queries.project_at(call.user, organization, project))
    call.check_scope()
    if call.may_change:
        _must_push(call.user, here)
    return _serve(here, call)


def _must_push(user: User, project: Project) -> None:
    if project.is_archived:
        raise NotAllowed(f"{project.name} rests: it can be cloned, not pushed to.")
    if not permissions.can_develop(user, project):
        raise NotAllowed(
            f"You may clone {project.name}, not push to it. "
            f"An admin of {project.organization.name} can make you a developer."
        )


def _serve(project: Project, call: GitCall) -> Response:
    begun = operations.begin_push(project, by=call.user) if call.is_push else None
    return answer_git(
        queries.repository_of(project),
        call,
        hear=_listener(project.id, call.user.id),
        protected=permissions.protected_branches(call.user, project, is_empty=queries.is_empty(project)),
        kept=begun.kept if begun else (),
        notes=begun.notes if begun else None,
    )


def _listener(project_id: UUID, user_id: UUID) -> Callable[[list[Change]], None]:
    def hear(changes: list[Change]) -> None:
        project, user = session.get_one(Project, project_id), session.get_one(User, user_id)
        operations.note_moves(project, changes, by=user)

    return hear
