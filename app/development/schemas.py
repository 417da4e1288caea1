"""The shapes of development sessions."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.core.clock import now
from app.development.models import OPEN, SessionStatus
from app.integrations.coding_agent import LONGEST, Edit, refusal_of
from app.web.schemas import Moment, Schema

_SOON, _WHILE = 10, 60


MOST_EDITS = 30


class EditIn(Schema):
    """One small change for `touch-up`: where it was pointed at, what stands there, what shall stand there.

    `page` is the path of the page it was pointed at; `place` one of the places found, or `*` for all of them.
    """

    kind: Literal["text", "href", "src", "color"]
    was: Annotated[str, Field(alias="from", min_length=1, max_length=LONGEST)]
    to: Annotated[str, Field(max_length=LONGEST)]
    selector: Annotated[str, Field(max_length=1_000)] = ""
    page: Annotated[str, Field(max_length=500)] = ""
    place: Annotated[str, Field(max_length=500)] = ""

    @field_validator("to")
    @classmethod
    def _can_be_put_in(cls, to: str, info: ValidationInfo) -> str:
        refusal = refusal_of(info.data.get("kind", ""), info.data.get("was", ""), to)
        if refusal:
            raise ValueError(refusal)
        return to

    def as_edit(self) -> Edit:
        return Edit(**self.model_dump())


class Edits(Schema):
    """Several small changes at once."""

    edits: Annotated[list[EditIn], Field(min_length=1, max_length=MOST_EDITS)]

    @property
    def given(self) -> list[Edit]:
        return [edit.as_edit() for edit in self.edits]


class PlaceOut(Schema):
    """Where something stands in the source; `place` names it in an edit."""

    place: str
    file: str
    line: int
    excerpt: str


class EditOut(Schema):
    """What became of an edit: put in at `places`, or not, and then `places` is where it was found."""

    kind: str
    was: str = Field(alias="from")
    to: str
    selector: str
    page: str
    applied: bool
    trouble: str | None
    places: list[PlaceOut]


class StartDevelopment(Schema):
    """Who shall work, and from where; by default the project's own agent, from its main branch.

    `preset` names the program where the agent is `command`; by default the project's own. `edits` is what
    `touch-up` puts in; by default what was kept on the request.
    """

    agent: str | None = Field(None, max_length=20)
    preset: str | None = Field(None, max_length=20)
    base_branch: str | None = Field(None, max_length=200)
    edits: Annotated[list[EditIn], Field(max_length=MOST_EDITS)] | None = None

    @property
    def inputs(self) -> dict[str, Any] | None:
        """Return what the agent is given beside the request."""
        if self.edits:
            return {"edits": [edit.as_edit().as_dict() for edit in self.edits]}
        return {"preset": self.preset} if self.preset else None


class SessionError(Schema):
    """Why a session has no result, and what to do."""

    code: str
    message: str
    suggestion: str | None


class SessionOut(Schema):
    """A development session and where it stands."""

    session_id: UUID
    request_id: UUID
    agent: str
    preset: str | None
    status: SessionStatus
    branch_name: str
    commit_sha: str | None
    round: int
    error: SessionError | None
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    phase: str | None
    progress: int | None
    message: str | None
    last_sign_of_life_at: Moment | None
    expires_at: Moment | None
    next_poll_ms: int | None
    edits: list[EditOut] | None

    @classmethod
    def of(cls, row: Any) -> "SessionOut":
        """Write `queries.status_row`."""
        failed = row.status not in {*OPEN, SessionStatus.COMPLETED} and row.error_message
        return cls(
            session_id=row.id,
            request_id=row.request_id,
            agent=row.agent,
            preset=(row.inputs or {}).get("preset"),
            status=row.status,
            branch_name=row.branch_name,
            commit_sha=row.commit_sha,
            round=row.round,
            error=SessionError(
                code=row.error_code, message=row.error_message, suggestion=row.error_suggestion
            )
            if failed
            else None,
            created_at=row.created_at,
            started_at=row.started_at,
            completed_at=row.completed_at,
            phase=row.phase if row.status in OPEN else None,
            progress=100 if row.status is SessionStatus.COMPLETED else row.progress,
            message=_message(row),
            last_sign_of_life_at=row.last_sign_of_life_at,
            expires_at=row.deadline_at if row.status is SessionStatus.WAITING else None,
            next_poll_ms=next_poll_ms(row),
            edits=(row.outcome or {}).get("edits"),
        )


def _message(row: Any) -> str | None:
    if row.status is SessionStatus.WAITING:
        return f"Waiting for a push to {row.branch_name}."
    return row.message if row.status in OPEN else None


def next_poll_ms(row: Any) -> int | None:
    """Say when to ask again: often while it is young, seldom while a person has it, never once it is over."""
    if row.status not in OPEN:
        return None
    if row.status is SessionStatus.WAITING:
        return 15_000
    age = (now() - row.created_at).total_seconds()
    return 1_000 if age < _SOON else 2_000 if age < _WHILE else 3_000
