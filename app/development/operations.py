"""What is done with development: start, work, hand over to a person, stop, begin anew."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import after_commit, let_go, session, transaction
from app.core.errors import Conflict, DomainError, Failed, NotAllowed
from app.core.events import announce
from app.core.ids import uuid7
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.development import agent_run, branches, permissions, queries
from app.development.events import DevelopmentCompleted, DevelopmentEnded, DevelopmentStarted
from app.development.models import DevelopmentSession, SessionStatus
from app.engine.logs import Log
from app.notifications.operations import tell
from app.projects.models import Project
from app.projects.operations import note_moves
from app.requests import operations as requests
from app.requests.models import ActivityType, ProductRequest, RequestStatus, WorkflowAction
from app.requests.permissions import can_build
from app.requests.queries import makers_of, open_requests_on_branch

log = logging.getLogger(__name__)

AWAIT_PERSON = "development.await_person"
PATIENCE = timedelta(days=14)
_STARTABLE = frozenset({RequestStatus.READY, RequestStatus.CHANGES_REQUESTED})
_RESETTABLE = _STARTABLE | {RequestStatus.IN_DEVELOPMENT}
_OUT_OF_TIME = frozenset({"expired", "timed_out", "never_started"})


def start(
    request: ProductRequest, *, by: User | None, agent: str | None = None, base_branch: str | None = None
) -> DevelopmentSession:
    """Start the work on a request, by an agent or by a person; `by` is None where the system starts it."""
    if by is not None and not permissions.can_start(by, request):
        raise NotAllowed("Only a developer can start the work in this project.")
    chosen = agent_run.checked(agent or request.project.default_agent)
    _refuse_second(request)
    base = branches.prepare(request, base_branch) if request.status in _STARTABLE else ""
    return _open(request, by=by, agent=chosen, base=base)


def retry(development: DevelopmentSession, *, by: User) -> DevelopmentSession:
    """Start again what ended without a result, in the same way."""
    return start(development.request, by=by, agent=development.agent)


def _refuse_second(request: ProductRequest) -> None:
    if queries.open_session(request) is not None:
        raise Conflict(
            "This is being worked on already. Wait for the result, or stop it before you start anew.",
            code="session_open",
        )


def _open(request: ProductRequest, *, by: User | None, agent: str, base: str) -> DevelopmentSession:
    with transaction():
        _refuse_second(request)
        session_id, came_from = uuid7(), request.status
        payload = {"sessionId": str(session_id), "branchName": request.working_branch, "agent": agent}
        requests.move(request, WorkflowAction.START_DEVELOPMENT, by=by, payload=payload)
        development = DevelopmentSession(
            id=session_id,
            request=request,
            request_id=request.id,
            agent=agent,
            branch_name=request.working_branch,
            base_sha=base,
            round=request.round,
            came_from=came_from,
            started_by=by,
        )
        session.add(development)
        session.flush()  # its run refers to it
        if agent_run.waits_for_a_person(agent):
            _await_person(development)
        else:
            development.run_id = develop.later(development.id, topic=request.id).id
        announce(DevelopmentStarted(development, request, by))
    return development


def _await_person(development: DevelopmentSession) -> None:
    request = development.request
    run = ledger.open_waiting(
        AWAIT_PERSON,
        development.id,
        deadline_at=now() + PATIENCE,
        topic=request.id,
        next_step=f"Push to {development.branch_name}, or start the work again.",
    )
    development.run_id, development.status, development.started_at = run.id, SessionStatus.WAITING, now()
    requests.hand_to(request, request.assignee or development.started_by)
    _say(development, f"Waiting for commits on {development.branch_name}.")


def _say(development: DevelopmentSession, words: str) -> None:
    """Leave a line of ours in the session's log, once what it says is true."""

    def write() -> None:
        with Log(development.log_path) as lines:
            lines.line(words, "step")

    after_commit(write)


# --- the work of an agent --------------------------------------------------------------------------------


@job(queue="quick", deadline=600, attempts=3)
def develop(session_id: UUID) -> None:
    """Let an agent make the change on the request's branch."""
    with transaction():
        development = queries.session_of(session_id)
        if not development.is_open:  # it was stopped meanwhile, or another attempt was quicker
            return
        development.begin()
        changed(str(development.request_id))
        wishes = queries.changes_asked_for(development.request)
    run = ledger.current()
    with Log(development.log_path) as lines:
        commit = agent_run.perform(development, wishes, log=lines, run=run)
    with transaction():
        run.settle()
        _complete(session_id, commit=commit, by=None)


def _complete(session_id: UUID, *, commit: str, by: User | None) -> bool:
    """Write the result of a session; False when it had ended before."""
    with transaction():
        development = queries.session_of(session_id)
        if not development.is_open:
            return False
        request = requests.request_of(development.request_id)
        development.complete(commit)
        payload = {
            "sessionId": str(development.id),
            "branchName": development.branch_name,
            "commitSha": commit,
        }
        requests.move(request, WorkflowAction.COMPLETE_DEVELOPMENT, by=by, payload=payload)
        run = queries.run_of(development)
        if run is not None and run.state is RunState.WAITING:  # an agent's run is ended by its worker
            ledger.finish(run)
        _say(development, f"Done, with commit {commit[:10]}.")
        announce(DevelopmentCompleted(development, request, by))
    return True


@ledger.when_ended("development.develop")
@ledger.when_ended(AWAIT_PERSON)
def _end(run: Run) -> None:
    """Say of a session what the ledger says of its run, and put its request back to where it came from."""
    development = queries.session_of_run(run)
    if development is None or not development.is_open:
        return
    status, why = _end_of(run, development)
    development.end(status, why)
    request = requests.request_of(development.request_id)
    requests.put_back(request, to=development.came_from, reason=why.message)
    changed(str(request.id))
    _say(development, why.message)
    announce(DevelopmentEnded(development, request))


def _end_of(run: Run, development: DevelopmentSession) -> tuple[SessionStatus, Failed]:
    if run.state is RunState.CANCELLED:
        reason = development.error_message or "It was stopped."
        return SessionStatus.CANCELLED, Failed("cancelled", reason, "Start it again when you like.")
    why = Failed(run.error_code or "failed", run.error_message or "It failed.", run.error_suggestion)
    if why.code == "reset":
        return SessionStatus.CANCELLED, why
    return SessionStatus.EXPIRED if why.code in _OUT_OF_TIME else SessionStatus.FAILED, why


# --- the work of a person --------------------------------------------------------------------------------


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
    if not _complete(development.id, commit=str(branches.tip_of(request)), by=by):
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
                _complete(development.id, commit=commit, by=by)
        elif by is not None and request.status in _STARTABLE and can_build(by, request):
            if commit != request.commit_sha and branches.is_ahead(request, commit):
                made = _open(request, by=by, agent=agent_run.PERSON, base=request.commit_sha or "")
                _complete(made.id, commit=commit, by=by)
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
    return _complete(development.id, commit=tip, by=None)


# --- ending it -------------------------------------------------------------------------------------------


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


def follow_request(request: ProductRequest, action: WorkflowAction) -> None:
    """Stop the work on what was dropped; begin the next round of what shall be different."""
    if action is WorkflowAction.CANCEL:
        end_with(request)
    elif action is WorkflowAction.REQUEST_CHANGES:
        restart_after_changes(request)


def restart_after_changes(request: ProductRequest) -> DevelopmentSession | None:
    """Begin the next round by itself, where the one who made the last round is an agent."""
    last = queries.latest_session(request)
    agent = last.agent if last is not None else request.project.default_agent
    if agent_run.waits_for_a_person(agent):
        return None
    return start(request, by=None, agent=agent)


def tell_of_end(development: DevelopmentSession) -> None:
    """Tell those who can go on that the work failed or ran out of time; who stopped it knows already."""
    if development.status is SessionStatus.CANCELLED:
        return
    request = development.request
    tell(
        makers_of(request),
        organization_id=request.organization_id,
        kind="development_failed",
        text=f"The work on #{request.number} {request.title} has no result: {development.error_message}",
        path=f"{request.path}/work",
        subject_id=request.id,
        needs_you=True,
    )


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
