"""The end that somebody wants: the work is stopped, or thrown away."""

from app.accounts.models import User
from app.core import ledger
from app.core.db import let_go, session, transaction
from app.core.errors import Conflict, Failed, NotAllowed
from app.development import branches, permissions, queries
from app.development.models import STARTABLE, DevelopmentSession
from app.projects.operations import note_moves
from app.requests import operations as requests
from app.requests.models import ActivityType, ProductRequest, RequestStatus

_RESETTABLE = STARTABLE | {RequestStatus.IN_DEVELOPMENT}


def cancel(development: DevelopmentSession, *, by: User) -> None:
    """Stop the work; the request goes back to where it came from once everything is down."""
    if not permissions.can_cancel(by, development):
        raise NotAllowed("Only a developer, or who started it, can stop the work.")
    with transaction():
        run = queries.run_of(development)
        if run is not None:
            ledger.lock(run)
        session.refresh(development)
        if not development.is_open or run is None:
            raise Conflict("This has ended already. Reload the page to see how.")
        development.error_message = f"{by.name} stopped it."
        session.flush()  # the end reads it
        ledger.cancel(run)


def end_with(request: ProductRequest) -> None:
    """Stop the work on a request that is no longer wanted."""
    with transaction():
        development = queries.open_session(request)
        run = queries.run_of(development) if development is not None else None
        if development is not None and run is not None:
            development.error_message = "The request was dropped."
            session.flush()  # the end reads it
            ledger.cancel(run)


def reset(request: ProductRequest, *, by: User) -> None:
    """Throw the work of a request away: its session ends at once and its branch is deleted."""
    if not permissions.can_reset(by, request):
        raise NotAllowed("Only an admin of the organization can throw the work away.")
    if request.status not in _RESETTABLE:
        raise Conflict(
            f"This is {request.status.value}: its work can be thrown away only before it is tried, or after "
            "changes were asked for."
        )
    development = queries.open_session(request)
    run = queries.run_of(development) if development is not None else None
    if run is not None:
        ledger.fail(run, Failed("reset", f"{by.name} threw this work away.", "Start it again when you like."))
    let_go()
    stood_at = branches.throw_away(request)
    with transaction():
        payload = {"branchName": request.working_branch, "commitSha": stood_at}
        words = "threw the work away; the next one begins anew"
        requests.record(request, ActivityType.DEVELOPMENT, words, by=by, payload=payload)
        note_moves(
            request.project,
            [(f"refs/heads/{request.working_branch}", stood_at, None)] if stood_at else [],
            by=by,
        )
