"""The steps of a request, for programs."""

from uuid import UUID

from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import RequestStep
from app.requests.schemas import NewStep, StepChange, StepOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/steps",
    operation="List the steps of a request (ours)",
    answer=StepOut,
    many=True,
    errors=(404,),
)
def list_steps(id: UUID) -> list[RequestStep]:  # noqa: A002 - the contract's name
    """List the steps of a request in their order, with who ticked which."""
    return queries.steps_of(find_request(id))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/steps",
    operation="Add a step to a request (ours)",
    body=NewStep,
    answer=StepOut,
    status=201,
    errors=(403, 404, 409),
)
def add_step(id: UUID, body: NewStep) -> RequestStep:  # noqa: A002
    """Add a step at the end of the list."""
    return operations.add_step(find_request(id), by=me(), text=body.text)


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/steps/<uuid:step_id>",
    operation="Change a step of a request (ours)",
    body=StepChange,
    answer=StepOut,
    errors=(403, 404),
)
def change_step(id: UUID, step_id: UUID, body: StepChange) -> RequestStep:  # noqa: A002
    """Tick a step, rename it or put it elsewhere in the list; what is missing stays."""
    step = _step(id, step_id)
    operations.change_step(step, by=me(), **body.model_dump())
    return step


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/steps/<uuid:step_id>",
    operation="Remove a step of a request (ours)",
    status=204,
    errors=(403, 404),
)
def remove_step(id: UUID, step_id: UUID) -> None:  # noqa: A002
    """Take a step off the list."""
    operations.remove_step(_step(id, step_id), by=me())


def _step(request_id: UUID, step_id: UUID) -> RequestStep:
    return load_or_404(queries.step_in(find_request(request_id), step_id))
