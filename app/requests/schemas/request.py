"""What requests themselves take and give, with what comes with them."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.models import User
from app.organizations.schemas import PersonRef
from app.projects.models import Access
from app.requests.models import (
    Delivery,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
)
from app.requests.queries import Filters, Sort, Tally, tally_of
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
    """What to change of a request; what is missing stays, and "" takes `workItemUrl` away.

    `version` names what the editor had before them.
    """

    title: Title | None = None
    description: Description | None = None
    type: RequestType | None = None
    priority: RequestPriority | None = None
    work_item_url: Annotated[str, StringConstraints(max_length=300)] | None = None
    label_ids: list[UUID] | None = None
    version: int | None = None

    def what(self) -> dict[str, Any]:
        """Return what to change but for the labels, as the operation takes it."""
        return self.model_dump(exclude={"label_ids"})


class RequestsQuery(Paging):
    """Which requests of a project to list, and in which order; `-` before it turns that round.

    `status` may be said several times. `archived` lists what was put away instead of what was not.
    """

    q: str = ""
    status: list[RequestStatus] = Field(default_factory=list)
    type: RequestType | None = None
    priority: RequestPriority | None = None
    assignee_id: UUID | Literal["me", "none"] | None = None
    requester_id: UUID | Literal["me"] | None = None
    archived: bool = False
    sort: Sort = Sort.POSITION
    label_id: UUID | None = None

    def filters_for(self, user: User) -> Filters:
        """Return what the list is narrowed to, for whoever asks."""
        assignee, requester = self.assignee_id, self.requester_id
        return Filters(
            text=self.q,
            statuses=tuple(self.status),
            type=self.type,
            priority=self.priority,
            assignee_id=user.id if assignee == "me" else assignee if assignee != "none" else None,
            is_unassigned=assignee == "none",
            requester_id=user.id if requester == "me" else requester,
            archived=self.archived,
            sort=self.sort,
            label_id=self.label_id,
        )


class SimilarQuery(Schema):
    """The title that somebody is about to give a request."""

    title: Title


class Assignment(Schema):
    """Who is to work on a request; null for nobody."""

    user_id: UUID | None


class TurnOut(Schema):
    """Whose turn it is, and since when."""

    role: TurnRole
    user_id: UUID | None
    since: Moment


class RequestRef(Schema):
    """A request as another one speaks of it."""

    id: UUID
    number: int
    title: str
    status: RequestStatus


class StepsDone(Schema):
    """How far the steps of a request are."""

    total: int
    done: int


class RequestOut(Schema):
    """A request; `guest` is the name of somebody without an account who asked for it."""

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
    votes: int
    steps: StepsDone
    blocked_by: list[RequestRef]
    duplicate_of_id: UUID | None
    archived_at: Moment | None
    guest: str | None

    @classmethod
    def of(cls, request: ProductRequest, tally: Tally | None = None) -> Self:
        """Show a request; in a list what is counted of all is counted once."""
        votes, steps, done = tally or tally_of(request)
        turn = TurnOut(role=request.turn_role, user_id=request.turn_user_id, since=request.turn_since)
        url = f"{request.project.url}/requests/{request.number}"
        plain = {name: getattr(request, name) for name in cls.model_fields if hasattr(request, name)}
        more = {"turn": turn, "url": url, "votes": votes, "guest": request.guest_name}
        more |= {"steps": StepsDone(total=steps, done=done), "blocked_by": _seen_by_all(request)}
        return cls.model_validate({**plain, **more})


def _seen_by_all(request: ProductRequest) -> list[ProductRequest]:
    """Return what a request waits for, but for what lies in projects that not everybody sees."""
    return [
        each
        for each in request.waits_for
        if each.project_id == request.project_id or each.project.access is Access.ORGANIZATION
    ]
