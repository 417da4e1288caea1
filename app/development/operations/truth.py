"""What doctor asks: whether sessions, their runs, their requests and their branches say the same."""

from collections.abc import Iterator

from app.core import ledger
from app.core.ledger import RunState
from app.development import branches, queries
from app.development.models import DevelopmentSession
from app.requests.models import RequestStatus


def disagreements() -> list[str]:
    """Say where sessions, their runs, their requests and their branches differ."""
    found = [f"Session {each.id} {line}" for each in queries.open_sessions() for line in _differences(each)]
    found += [
        f"Request {request.id} is in development, but nobody works on it."
        for request in queries.requests_in_development()
        if queries.open_session(request) is None
    ]
    for request in queries.requests_to_try():
        tip = branches.tip_of(request)
        if tip is None:
            found.append(
                f"Request {request.id} has its result on {request.working_branch}, which is not there."
            )
        elif tip != request.commit_sha:
            found.append(f"Request {request.id} is at {request.commit_sha}, but its branch stands at {tip}.")
    return found


def _differences(development: DevelopmentSession) -> Iterator[str]:
    run, request = queries.run_of(development), development.request
    if run is None or not run.is_open or development.waits_for_a_person != (run.state is RunState.WAITING):
        yield f"is {development.status}, but its run is {run.state if run is not None else 'not there'}."
        return
    if request.status is not RequestStatus.IN_DEVELOPMENT and not ledger.is_ending(run):
        yield f"is {development.status}, but its request is {request.status}."
    if branches.tip_of(request) is None:
        yield f"works on {development.branch_name}, which is not there."
