"""What the panel of a session shows; the page, the poll and the request's Work tab share it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.accounts.models import User
from app.core.ledger import Run
from app.development import agent_run, branches, permissions, queries
from app.development.models import STARTABLE, DevelopmentSession
from app.development.schemas import next_poll_ms
from app.engine import logs
from app.integrations.coding_agent import instructions
from app.requests.models import ProductRequest, RequestStatus

_SHOWN_BYTES = 256_000


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Where the work on a request stands, for one person."""

    request: ProductRequest
    session: DevelopmentSession | None
    run: Run | None
    phase: str | None
    poll_seconds: float | None
    log_text: str
    log_offset: int
    commands: list[str]
    prompt: str
    agents: list[str]
    program: str
    has_result: bool
    is_stopping: bool
    may_start: bool
    may_cancel: bool
    may_mark_ready: bool
    may_reset: bool

    @property
    def mark(self) -> str:
        """Return what changes when the panel would look different; a mere sign of life does not count."""
        run, work = self.run, self.session
        seen = (
            (work.id, work.status, work.version) if work else None,
            (run.state, run.phase, run.progress, run.message, run.cancel_requested_at) if run else None,
            (self.request.status, self.has_result, self.poll_seconds),
        )
        return sha256(repr(seen).encode()).hexdigest()[:16]

    @property
    def path(self) -> str:
        return f"{self.request.path}/development"

    @property
    def log_url(self) -> str | None:
        return f"{self.path}/sessions/{self.session.id}/log" if self.session else None


def panel_for(request: ProductRequest, user: User) -> Panel:
    """Return what a person sees of the work on a request."""
    development = queries.latest_session(request)
    run = queries.run_of(development) if development is not None else None
    log, offset, _ = (
        logs.read(development.log_path, 0, _SHOWN_BYTES) if development is not None else (b"", 0, 0)
    )
    waits = development is not None and development.waits_for_a_person
    pace = next_poll_ms(development) if development is not None else None
    return Panel(
        request=request,
        session=development,
        run=run,
        phase=run.phase if run is not None else None,
        poll_seconds=pace / 1000 if pace else None,
        log_text=log.decode("utf-8", "replace"),
        log_offset=offset,
        commands=instructions(request.project.clone_url, development.branch_name)
        if development is not None and waits
        else [],
        prompt=agent_run.prompt_for(request, queries.changes_asked_for(request)) if waits else "",
        agents=agent_run.offered(request.project),
        program=agent_run.program_of(request.project),
        has_result=waits and _has_result(development),
        is_stopping=bool(run is not None and run.is_open and run.cancel_requested_at),
        may_start=request.status in STARTABLE and permissions.can_start(user, request),
        may_cancel=development is not None
        and development.is_open
        and permissions.can_cancel(user, development),
        may_mark_ready=development is not None and permissions.can_mark_ready(user, development),
        may_reset=request.status in {*STARTABLE, RequestStatus.IN_DEVELOPMENT}
        and development is not None
        and permissions.can_reset(user, request),
    )


def _has_result(development: Any) -> bool:
    return branches.has_result(
        development.request, since=development.base_sha, came_from=development.came_from
    )
