"""A project's repository over smart HTTP: `git clone` and `git push`, with an API key as the password."""

import logging
import sys
from collections.abc import Callable, Iterator
from uuid import UUID

from flask import Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from app.accounts.models import User
from app.core.db import let_go, session, unit_of_work
from app.core.errors import NotAllowed, NotFound, Unauthenticated
from app.core.installation import installation
from app.engine.repositories.smart_http import Answer, Change, serve, service_of
from app.projects import operations, permissions, queries
from app.projects.models import Project
from app.projects.views.base import blueprint
from app.web.guards import check_scope, guards_itself, program, public, works_at_rest
from app.web.pages import load_or_404

log = logging.getLogger(__name__)
_PUSH = "git-receive-pack"
_MIB = 1024 * 1024


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
    request.max_content_length = sys.maxsize  # None is the site's own; here git's limit holds, said in words
    found = program()
    if found is None:
        raise Unauthenticated("Use an API key as the password; the user name does not matter.")
    service = service_of(rest, request.query_string.decode("latin-1"))
    here = load_or_404(queries.project_at(found.user, organization, project))
    if service is None:
        raise NotFound("There is nothing here. Clone this address with a git that speaks smart HTTP.")
    if found.via == "key":
        check_scope(found, "write" if service == _PUSH else "read")
    if service == _PUSH:
        _must_push(found.user, here)
    return _serve(here, service, rest, by=found.user)


def _must_push(user: User, project: Project) -> None:
    if project.is_archived:
        raise NotAllowed(f"{project.name} rests: it can be cloned, not pushed to.")
    if not permissions.can_develop(user, project):
        raise NotAllowed(
            f"You may clone {project.name}, not push to it. "
            f"An admin of {project.organization.name} can make you a developer."
        )


def _serve(project: Project, service: str, rest: str, *, by: User) -> Response:
    is_push = service == _PUSH and request.method == "POST"
    begun = operations.begin_push(project, by=by) if is_push else None
    answer = serve(
        queries.repository_of(project),
        service=service,
        path_info=rest,
        query=request.query_string.decode("latin-1"),
        headers=dict(request.headers),
        body=request.stream,
        may_write=service == _PUSH,
        protected=permissions.protected_branches(by, project, is_empty=queries.is_empty(project)),
        kept=begun.kept if begun else (),
        notes=begun.notes if begun else {},
        max_bytes=installation().push_limit_mb * _MIB,
    )
    let_go()
    chunks = _Chunks(answer, _listener(project.id, by.id)) if is_push else answer.chunks
    return Response(chunks, answer.status, answer.headers)


def _listener(project_id: UUID, user_id: UUID) -> Callable[[list[Change]], None]:
    def hear(changes: list[Change]) -> None:
        with unit_of_work():  # the request is over for Flask as soon as its answer streams
            project, user = session.get_one(Project, project_id), session.get_one(User, user_id)
            operations.note_moves(project, changes, by=user)

    return hear


class _Chunks(Iterator[bytes]):
    """The answer to a push; what moved is heard before its last byte, so that the pusher finds it noted."""

    def __init__(self, answer: Answer, hear: Callable[[list[Change]], None]) -> None:
        self._answer = answer
        self._hear = hear
        self._is_over = False

    def __next__(self) -> bytes:
        try:
            return next(self._answer.chunks)
        except StopIteration:
            self.close()
            raise

    def close(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._answer.chunks.close()  # type: ignore[attr-defined]
        try:
            self._hear(self._answer.changes())
        except Exception:  # the edge of a stream: the push itself has landed and must be answered
            log.exception("a push landed, but what it moved could not be noted")
