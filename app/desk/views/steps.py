"""The steps of a request, ticked off on its page."""

from uuid import UUID

from flask import Response

from app.desk.schemas import Step, StepPlace, Tick
from app.desk.sheet import sheet_of
from app.desk.views.base import REQUEST, blueprint, find_request
from app.desk.views.parts import show
from app.requests import operations as requests
from app.requests.models import ProductRequest
from app.requests.queries import step_in
from app.web.guards import me
from app.web.pages import done, load_or_404, render, wants_fragment
from app.web.schemas import Form

_STEPS = f"{REQUEST}/steps"
_STEP = f"{_STEPS}/<uuid:step_id>"


@blueprint.post(_STEPS)
def add_step(organization: str, project: str, number: int) -> Response:
    """Add a step."""
    wanted, form = find_request(organization, project, number), Form(Step)
    form.submit(lambda sent: requests.add_step(wanted, by=me(), text=sent.text))
    return _shown(wanted, form)


@blueprint.post(f"{_STEP}/tick")
def tick_step(organization: str, project: str, number: int, step_id: UUID) -> Response:
    """Tick a step off, or not."""
    wanted, sent = find_request(organization, project, number), Form(Tick).valid
    requests.change_step(load_or_404(step_in(wanted, step_id)), by=me(), done=sent.done)
    return _shown(wanted)


@blueprint.post(f"{_STEP}/words")
def rename_step(organization: str, project: str, number: int, step_id: UUID) -> Response:
    """Say a step in other words."""
    wanted, form = find_request(organization, project, number), Form(Step)
    step = load_or_404(step_in(wanted, step_id))
    form.submit(lambda sent: requests.change_step(step, by=me(), text=sent.text))
    return _shown(wanted, form)


@blueprint.post(f"{_STEP}/place")
def place_step(organization: str, project: str, number: int, step_id: UUID) -> Response:
    """Put a step elsewhere in the list."""
    wanted, sent = find_request(organization, project, number), Form(StepPlace).valid
    requests.change_step(load_or_404(step_in(wanted, step_id)), by=me(), position=sent.position)
    return _shown(wanted)


@blueprint.post(f"{_STEP}/removal")
def remove_step(organization: str, project: str, number: int, step_id: UUID) -> Response:
    """Take a step off the list."""
    wanted = find_request(organization, project, number)
    requests.remove_step(load_or_404(step_in(wanted, step_id)), by=me())
    return _shown(wanted)


def _shown(wanted: ProductRequest, form: Form[Step] | None = None) -> Response:
    status, refused = (422, form) if form is not None and form.errors else (200, None)
    if wants_fragment():
        part = "desk/_steps.html"
        return render(part, fragment=part, status=status, sheet=sheet_of(wanted, me()), step_form=refused)
    return show(wanted, status=status, step_form=refused) if refused else done(f"{wanted.path}#steps")
