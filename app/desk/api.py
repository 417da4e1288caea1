"""The road of a request for programs: which steps are open, and taking one."""

from uuid import UUID

from flask import Blueprint

from app.desk import operations
from app.desk.operations import Transition
from app.desk.schemas import TransitionIn, TransitionOut
from app.requests.queries import request_visible_to
from app.requests.schemas import RequestOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("desk_api", __name__)


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/available-transitions",
    operation="Get available transitions",
    answer=TransitionOut,
    many=True,
)
def list_transitions(id: UUID) -> list[Transition]:  # noqa: A002 - the path's word
    """Return the steps that are open in the request's state; what is not allowed for you says why."""
    return operations.transitions_for(me(), load_or_404(request_visible_to(me(), id)))


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/transition",
    operation="Trigger workflow transition",
    body=TransitionIn,
    answer=RequestOut,
    errors=(409,),
)
def take_transition(id: UUID, body: TransitionIn) -> RequestOut:  # noqa: A002
    """Take a step. One that is not open is a 409 `illegal_transition` that names those that are."""
    request = load_or_404(request_visible_to(me(), id))
    operations.take(request, body.action, by=me(), payload=body.given)
    return RequestOut.of(request)
