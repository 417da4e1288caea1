"""The shapes of the desk: steps of the road, quick add, moves on the board."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.requests.models import RequestPriority, RequestStatus, RequestType, WorkflowAction
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


class NewRequest(Schema):
    """What somebody asks for."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=20_000)] = ""
    type: RequestType = RequestType.FEATURE
    priority: RequestPriority = RequestPriority.MEDIUM


class EditRequest(NewRequest):
    """The words of a request, with the version that the editor had before them."""

    version: int | None = None


class Move(Schema):
    """A card dropped on a column, between two others."""

    to: RequestStatus
    after: UUID | None = None
    before: UUID | None = None


class Assignment(Schema):
    """Who works on it; nobody when it is empty."""

    user_id: UUID | None = None


class Comment(Schema):
    """What somebody says."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class Reason(Schema):
    """Why something is dropped."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
