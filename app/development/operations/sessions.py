"""A session's life: it starts, an agent works or a person is waited for, it ends one way or the other."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import after_commit, session, transaction
from app.core.errors import Conflict, Failed, Invalid, NotAllowed
from app.core.events import announce
from app.core.ids import uuid7
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.development import agent_run, branches, permissions, queries
from app.development.events import DevelopmentCompleted, DevelopmentEnded, DevelopmentStarted
from app.development.models import STARTABLE, DevelopmentSession, SessionStatus
from app.engine.logs import Log
from app.notifications.models import Kind
from app.notifications.operations import tell
from app.requests import operations as requests
from app.requests.models import ProductRequest, WorkflowAction
from app.requests.queries import makers_of

AWAIT_PERSON = "development.await_person"
PATIENCE = timedelta(days=14)
_OUT_OF_TIME = frozenset({"expired", "timed_out", "never_started"})


def start(
    request: ProductRequest,
    *,
    by: User | None,
    agent: str | None = None,
    base_branch: str | None = None,
    inputs: dict[str, Any] | None = None,
) -> DevelopmentSession:
    """Start the work on a request, by an agent or by a person; `by` is None where the system starts it.

    `inputs` is what the agent is given beside the request.
    """
    if by is not None and not permissions.can_start(by, request):
        raise NotAllowed(
            requests.why_not_allowed(request)
            if request.needs_yes
            else "Only a developer can start the work in this project."
        )
    requests.must_not_wait(request)
    usual = agent_run.TOUCH_UP if request.edits else request.project.default_agent
    chosen = agent_run.checked(agent or usual)
    _refuse_second(request)
    if chosen == agent_run.TOUCH_UP:
        inputs = _with_edits(request, inputs)
    given = inputs if by is None else agent_run.prepared(request, chosen, inputs)
    base = branches.prepare(request, base_branch) if request.status in STARTABLE else ""
    return open_for(request, by=by, agent=chosen, base=base, inputs=given)


def _with_edits(request: ProductRequest, inputs: dict[str, Any] | None) -> dict[str, Any]:
    """Return the edits to put in: those given, those kept on the request, or those that came to nothing."""
    last = queries.latest_session(request)
    again = last.inputs if last is not None and last.status is not SessionStatus.COMPLETED else None
    edits = (inputs or {}).get("edits") or request.edits or (again or {}).get("edits")
    if not edits:
        raise Invalid.field("edits", "Point at what should change first, or send `edits`.", type="missing")
    return {**(inputs or {}), "edits": edits}


def retry(development: DevelopmentSession, *, by: User) -> DevelopmentSession:
    """Start again what ended without a result, in the same way."""
    return start(development.request, by=by, agent=development.agent, inputs=development.inputs)


def _refuse_second(request: ProductRequest) -> None:
    if queries.open_session(request) is not None:
        raise Conflict(
            "This is being worked on already. Wait for the result, or stop it before you start anew.",
            code="session_open",
        )


def open_for(
    request: ProductRequest, *, by: User | None, agent: str, base: str, inputs: dict[str, Any] | None = None
) -> DevelopmentSession:
    """Open a session whose work begins at the commit `base`."""
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
            inputs=inputs,
            branch_name=request.working_branch,
            base_sha=base,
            round=request.round,
            came_from=came_from,
            started_by=by,
        )
        session.add(development)
        if agent == agent_run.TOUCH_UP:
            request.edits = None
        session.flush()  # its run refers to it
        if agent_run.waits_for_a_person(agent):
            _await_person(development)
        else:
            work = develop_at_length if agent_run.works_at_length(agent) else develop
            development.run_id = work.later(development.id, topic=request.id).id
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


@job(queue="quick", deadline=600, attempts=3)
def develop(session_id: UUID) -> None:
    """Let an agent make the change on the request's branch."""
    _develop(session_id)


@job(queue="agent", deadline=3600, attempts=2)
def develop_at_length(session_id: UUID) -> None:
    """Let an agent make the change that may need a while, where nobody else waits."""
    _develop(session_id)


def _develop(session_id: UUID) -> None:
    with transaction():
        development = queries.session_of(session_id)
        if not development.is_open:  # it was stopped meanwhile, or another attempt was quicker
            return
        development.begin()
        changed(str(development.request_id))
        wishes = queries.changes_asked_for(development.request)
    run = ledger.current()
    with Log(development.log_path, agent_run.hidden_in(development)) as lines:
        commit = agent_run.perform(development, wishes, log=lines, run=run, keep=partial(_keep, session_id))
    with transaction():
        run.settle()
        complete(session_id, commit=commit, by=None)


def _keep(session_id: UUID, outcome: dict[str, Any] | None) -> None:
    """Keep what became of what the agent was given; a second attempt finds it if the commit is there."""
    if outcome is not None:
        with transaction():
            queries.session_of(session_id).outcome = outcome


def complete(session_id: UUID, *, commit: str, by: User | None) -> bool:
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
@ledger.when_ended("development.develop_at_length")
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


def tell_of_end(development: DevelopmentSession) -> None:
    """Tell those who can go on that the work failed or ran out of time; who stopped it knows already."""
    if development.status is SessionStatus.CANCELLED:
        return
    request = development.request
    tell(
        makers_of(request),
        organization_id=request.organization_id,
        kind=Kind.DEVELOPMENT_FAILED,
        text=f"The work on #{request.number} {request.title} has no result: {development.error_message}",
        path=f"{request.path}/work",
        subject_id=request.id,
        needs_you=True,
    )
