"""The shapes of the desk: steps of the road, the board's address, moves on it, forms of the request page."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError

from app.requests.models import RequestPriority, RequestStatus, RequestType, WorkflowAction
from app.requests.operations import Lasting, Place
from app.requests.queries import Sort
from app.requests.schemas import Description, Title, ViewName
from app.web.schemas import Schema


class TransitionOut(Schema):
    """One step that is open."""

    action: WorkflowAction
    to: RequestStatus
    requires: list[str]
    allowed: bool
    reason: str | None


_Word = Annotated[str, Field(max_length=300)]
_Text = Annotated[str, Field(max_length=100_000)]


class TransitionPayload(Schema):
    """What the steps need, each its own part of it; what was pointed at may be anything."""

    gherkin_criteria: _Text | None = None
    agent_prompt: _Text | None = None
    agent: _Word | None = None
    commit_sha: _Word | None = None
    ticked: list[Any] | None = None
    feedback: _Text | None = None
    element: Any = None
    elements: Any = None
    preview_url: _Word | None = None
    title: Annotated[str, Field(max_length=200)] | None = None
    body: _Text | None = None
    reason: _Text | None = None


class TransitionIn(Schema):
    """A step to take, with what it needs."""

    action: WorkflowAction
    payload: TransitionPayload = Field(default_factory=TransitionPayload)

    @property
    def given(self) -> dict[str, Any]:
        """Return what was sent with the step, by its names outside."""
        return self.payload.model_dump(by_alias=True, exclude_none=True)


class BoardView(Schema):
    """What the address says of a board: what it is narrowed to, and how it is shown."""

    q: Annotated[str, Field(max_length=200)] = ""
    type: RequestType | None = None
    priority: RequestPriority | None = None
    status: Annotated[list[RequestStatus], Field(max_length=20)] = Field(default_factory=list)
    assignee: UUID | Literal["me", "none"] | None = None
    requester: UUID | Literal["me"] | None = None
    sort: Sort | None = None
    archived: bool = False
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
            name: values if name in {"more", "status"} else values[-1]
            for name, values in given.items()
            if any(values)
        }
        try:
            return cls.model_validate(sent)
        except ValidationError as trouble:
            wrong = {str(fault["loc"][0]) for fault in trouble.errors()}
            return cls.model_validate({name: value for name, value in sent.items() if name not in wrong})

    @property
    def order(self) -> Sort:
        """Return the order that is shown: a list begins with what changed last, unless it is asked for."""
        return self.sort or (Sort.UPDATED_LAST if self.is_list else Sort.POSITION)

    @property
    def is_narrowed(self) -> bool:
        narrowed = (self.q, self.type, self.priority, self.status, self.assignee, self.requester, self.label)
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


class Shift(Schema):
    """Where in its column a card is put."""

    to: Place


class Step(Schema):
    """What one step says."""

    text: Annotated[str, Field(max_length=200)] = ""


class Tick(Schema):
    """Whether a step is done."""

    done: bool = False


class StepPlace(Schema):
    """Where in the list a step is put, counted from 0."""

    position: Annotated[int, Field(ge=0, le=1000)]


class Another(Schema):
    """Another request, as people name it: 12, #12, or website#12 in another project."""

    other: Annotated[str, Field(min_length=1, max_length=80)]


class Elsewhere(Schema):
    """Where else a request is kept; nowhere when it is empty."""

    work_item_url: Annotated[str, Field(max_length=300)] = ""


class NewView(Schema):
    """A name for what the address of the board says."""

    name: ViewName
    query: Annotated[str, Field(max_length=2_000)] = ""
    shared: bool = False


class ViewChange(Schema):
    """Another name for a view, and whether everybody has it."""

    name: ViewName
    shared: bool = False


class NewIntake(Schema):
    """How long a link for guests is good for."""

    lasting: Lasting = Lasting.ALWAYS
