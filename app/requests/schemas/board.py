"""What stands on and around a request: steps, votes, its place, the archive, saved views."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.models import User
from app.organizations.schemas import PersonRef
from app.requests.models import ProductRequest
from app.requests.operations import Place
from app.requests.queries import tally_of, vote_by
from app.web.schemas import Moment, Schema


class Voted(Schema):
    """How many would like to have it, and whether you do."""

    votes: int
    voted: bool

    @classmethod
    def of(cls, request: ProductRequest, user: User) -> Self:
        """Count the votes for a request, as one person sees them."""
        return cls(votes=tally_of(request).votes, voted=vote_by(user, request) is not None)


class NewStep(Schema):
    """A step to add."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class StepChange(Schema):
    """What to change of a step; what is missing stays. `position` counts from 0."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    done: bool | None = None
    position: Annotated[int, Field(ge=0, le=1000)] | None = None


class StepOut(Schema):
    """One step of a request."""

    id: UUID
    text: str
    position: int
    done: bool = Field(validation_alias="is_done", serialization_alias="done")
    done_at: Moment | None
    done_by: PersonRef | None


class WhichRequest(Schema):
    """Another request, by its id."""

    request_id: UUID


class Position(Schema):
    """Where in its column a card is put: one up or down, at an end, or beside another card."""

    to: Place | None = None
    after: UUID | None = None
    before: UUID | None = None


class Archived(Schema):
    """Whether a request is put away."""

    archived: bool


ViewName = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class NewView(Schema):
    """A view of a board to keep: what its address says after the question mark, under a name."""

    name: ViewName
    query: Annotated[str, StringConstraints(max_length=2_000)]
    shared: bool = False


class ViewChange(Schema):
    """What to change of a saved view; what is missing stays."""

    name: ViewName | None = None
    shared: bool | None = None


class ViewOut(Schema):
    """A saved view; `url` is the address that it stands for."""

    id: UUID
    name: str
    query: str
    shared: bool = Field(validation_alias="is_shared", serialization_alias="shared")
    owner: PersonRef
    path: str = Field(serialization_alias="url")
