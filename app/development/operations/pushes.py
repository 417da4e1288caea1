"""What is pushed to a request's branch: the work of a person, heard, looked for, or said to be ready."""

import logging

from app.accounts.models import User
from app.core.db import transaction
from app.core.errors import Conflict, DomainError, NotAllowed
from app.development import agent_run, branches, permissions, queries
from app.development.models import STARTABLE, DevelopmentSession
from app.development.operations.sessions import complete, open_for
from app.projects.models import Project
from app.projects.operations import note_moves
from app.requests import operations as requests
from app.requests.models import ProductRequest
from app.requests.permissions import can_build, can_start_development
from app.requests.queries import open_requests_on_branch

log = logging.getLogger(__name__)


def mark_ready(development: DevelopmentSession, *, by: User) -> None:
    """Say that what is on the branch is the result of a session that waits for a person."""
    if not permissions.can_mark_ready(by, development):
        raise NotAllowed("Only a developer can say that the work is ready.")
    if not development.waits_for_a_person:
        raise Conflict("This does not wait for a person (any more). Reload the page to see where it stands.")
    request = development.request
    if not branches.has_result(request, since=development.base_sha, came_from=development.came_from):
        raise Conflict(
            f"There is no new commit on {development.branch_name} yet. Push your work first: "
            f"git push origin {development.branch_name}",
            code="nothing_to_review",
        )
    if not complete(development.id, commit=str(branches.tip_of(request)), by=by):
        raise Conflict("This ended a moment ago. Reload the page to see how.")


def finish_by_hand(request: ProductRequest, *, by: User) -> None:
    """Say that the work on a request is ready, whatever session it is."""
    development = queries.open_session(request)
    if development is None:
        raise Conflict("Nobody works on this at the moment. Start the work first.", code="no_session")
    mark_ready(development, by=by)


def follow_branch(project: Project, branch: str, commit: str | None, *, by: User | None) -> None:
    """Hear that a branch moved: if a request's work is on it, that may be what was waited for."""
    request = open_requests_on_branch(project, branch)
    if request is not None and commit is not None:
        note_push(request, commit=commit, by=by)


def note_push(request: ProductRequest, *, commit: str, by: User | None) -> None:
    """Hear of a push to a request's branch: it ends the wait for a person, or is a session by itself."""
    with transaction():
        development = queries.open_session(request)
        if development is not None:
            if development.waits_for_a_person and _is_result(request, development, commit):
                complete(development.id, commit=commit, by=by)
        elif by is not None and request.status in STARTABLE and can_start_development(by, request):
            if commit != request.commit_sha and branches.is_ahead(request, commit):
                made = open_for(request, by=by, agent=agent_run.PERSON, base=request.commit_sha or "")
                complete(made.id, commit=commit, by=by)
        else:
            requests.note_commit(request, commit=commit)


def _is_result(request: ProductRequest, development: DevelopmentSession, commit: str) -> bool:
    return commit != development.base_sha and branches.is_ahead(request, commit)


def sync(request: ProductRequest, *, by: User) -> DevelopmentSession | None:
    """Look again at what a session waits for; a push whose notice was lost is found here."""
    if not can_build(by, request):
        raise NotAllowed("Only a developer can do this.")
    development = queries.latest_session(request)
    if development is not None:
        _look_again(development)
    return queries.latest_session(request)


def sync_waiting() -> int:
    """Look again at every session that waits for a push; called by the keeper, returns how many ended."""
    done = 0
    for development in queries.waiting_sessions():
        try:
            done += _look_again(development)
        except DomainError as trouble:
            log.warning("could not look at session %s: %s", development.id, trouble.message)
    return done


def hear_missed_pushes() -> int:
    """Announce a push that nobody heard of, as its teller was killed; called by the schedule."""
    missed = [(request, tip) for request in queries.requests_to_try() if (tip := _unheard_tip(request))]
    for request, tip in missed:
        ref = f"refs/heads/{request.working_branch}"
        note_moves(request.project, [(ref, request.commit_sha, tip)], by=None)
    return len(missed)


def _unheard_tip(request: ProductRequest) -> str | None:
    tip = branches.tip_of(request)
    return tip if tip != request.commit_sha else None


def _look_again(development: DevelopmentSession) -> bool:
    if not development.waits_for_a_person:
        return False
    tip = branches.tip_of(development.request)
    if tip is None or not _is_result(development.request, development, tip):
        return False
    return complete(development.id, commit=tip, by=None)
