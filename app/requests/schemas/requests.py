"""Requests as they come in and go out."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.organizations.schemas import PersonRef
from app.requests.models import (
    Delivery,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
)
from app.requests.queries import Filters
from app.requests.schemas.labels import LabelRef
from app.web.schemas import Moment, Paging, Schema

Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Description = Annotated[str, StringConstraints(max_length=20_000)]


class NewRequest(Schema):
    """Something to ask for."""

    title: Title
    description: Description = ""
    type: RequestType = RequestType.FEATURE
    priority: RequestPriority = RequestPriority.MEDIUM
    label_ids: list[UUID] = Field(default_factory=list)

    def what(self) -> dict[str, Any]:
        """Return what to file but for its labels, as the operation takes it."""
        return self.model_dump(exclude={"label_ids"})


class RequestChange(Schema):
    """What to change of a request; what is missing stays. `version` names what the editor had before them."""

    title: Title | None = None
    description: Description | None = None
    type: RequestType | None = None
    priority: RequestPriority | None = None
    label_ids: list[UUID] | None = None
    version: int | None = None

    def what(self) -> dict[str, Any]:
        """Return what to change but for the labels, as the operation takes it."""
        return self.model_dump(exclude={"label_ids"})


class RequestsQuery(Paging):
    """Which requests of a project to list."""

    search: str = ""
    status: RequestStatus | None = None
    type: RequestType | None = None
    priority: RequestPriority | None = None
    assignee_id: UUID | None = None
    label_id: UUID | None = None

    @property
    def filters(self) -> Filters:
        return Filters(
            text=self.search,
            status=self.status,
            type=self.type,
            priority=self.priority,
            assignee_id=self.assignee_id,
            label_id=self.label_id,
        )


class Assignment(Schema):
    """Who is to work on a request; null for nobody."""

    user_id: UUID | None


class TurnOut(Schema):
    """Whose turn it is, and since when."""

    role: TurnRole
    user_id: UUID | None
    since: Moment


class RequestOut(Schema):
    """A request."""

    id: UUID
    number: int
    project_id: UUID
    organization_id: UUID
    title: str
    description: str
    type: RequestType
    priority: RequestPriority
    status: RequestStatus
    requester: PersonRef
    assignee: PersonRef | None
    labels: list[LabelRef]
    gherkin_criteria: str | None
    agent_prompt: str | None
    branch_name: str | None
    preview_url: str | None
    pull_request_url: str | None
    work_item_url: str | None
    turn: TurnOut
    round: int
    version: int
    url: str
    delivery: Delivery | None
    live_at: Moment | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, request: ProductRequest) -> Self:
        """Show a request."""
        turn = TurnOut(role=request.turn_role, user_id=request.turn_user_id, since=request.turn_since)
        url = f"{request.project.url}/requests/{request.number}"
        plain = {name: getattr(request, name) for name in cls.model_fields if hasattr(request, name)}
        return cls.model_validate({**plain, "turn": turn, "url": url})
