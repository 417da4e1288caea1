"""The shapes of the desk: steps of the road, the board's address, moves on it, forms of the request page."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError

from app.requests.models import RequestPriority, RequestStatus, RequestType, WorkflowAction
from app.requests.schemas import Description, Title
from app.web.schemas import Schema


class TransitionOut(Schema):
    """One step that is open."""

    action: WorkflowAction
    to: RequestStatus
    requires: list[str]
    allowed: bool
    reason: str | None


class TransitionIn(Schema):
    """A step to take, with what it needs."""

    action: WorkflowAction
    payload: dict[str, Any] = Field(default_factory=dict)


class BoardView(Schema):
    """What the address says of a board: what it is narrowed to, and how it is shown."""

    q: Annotated[str, Field(max_length=200)] = ""
    type: RequestType | None = None
    priority: RequestPriority | None = None
    status: RequestStatus | None = None
    assignee: UUID | Literal["me"] | None = None
    label: UUID | None = None
    is_list: Annotated[bool, Field(alias="list")] = False
    dropped: bool = False
    column: RequestStatus | None = None
    more: Annotated[list[RequestStatus], Field(max_length=200)] = Field(default_factory=list)
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @classmethod
    def of(cls, given: Mapping[str, list[str]]) -> Self:
        """Read an address; what does not hold in it is left out, since people write addresses by hand."""
        sent: dict[str, Any] = {
            name: values if name == "more" else values[-1] for name, values in given.items() if any(values)
        }
        try:
            return cls.model_validate(sent)
        except ValidationError as trouble:
            wrong = {str(fault["loc"][0]) for fault in trouble.errors()}
            return cls.model_validate({name: value for name, value in sent.items() if name not in wrong})

    @property
    def is_narrowed(self) -> bool:
        narrowed = (self.q, self.type, self.priority, self.status, self.assignee, self.label)
        return any(narrowed)


class EditRequest(Schema):
    """The words of a request as a form sends them, all of them, with the version that was edited."""

    title: Title
    description: Description = ""
    version: int | None = None


class Move(Schema):
    """A card dropped on a column, between two others."""

    to: RequestStatus
    after: UUID | None = None
    before: UUID | None = None
    asked: bool = False


class Assignment(Schema):
    """Who works on it; nobody when it is empty."""

    user_id: UUID | None = None


class Properties(Schema):
    """What kind of thing it is, and how urgent; what is None stays."""

    type: RequestType | None = None
    priority: RequestPriority | None = None


class Reason(Schema):
    """Why something is dropped."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000)]


class Start(Schema):
    """Who shall work; the project's own choice when it is empty."""

    agent: Annotated[str, Field(max_length=20)] | None = None
