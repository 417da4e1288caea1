"""What a request has to do with others, and whether it stands on the board: done on its page."""

from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.core.errors import Invalid
from app.desk.schemas import Another, Elsewhere
from app.desk.views.base import REQUEST, blueprint, find_request
from app.desk.views.parts import changed, show
from app.requests import operations as requests
from app.requests.models import ProductRequest
from app.requests.queries import one_called, request_visible_to
from app.web.guards import me
from app.web.pages import done, load_or_404
from app.web.schemas import Form


@blueprint.post(f"{REQUEST}/votes")
def vote(organization: str, project: str, number: int) -> Response:
    """Say that one would like to have it, too."""
    wanted = find_request(organization, project, number)
    requests.vote(wanted, by=me())
    return changed(wanted, "rail")


@blueprint.post(f"{REQUEST}/votes/removal")
def take_vote_back(organization: str, project: str, number: int) -> Response:
    """Take one's vote back."""
    wanted = find_request(organization, project, number)
    requests.take_vote_back(wanted, by=me())
    return changed(wanted, "rail")


@blueprint.post(f"{REQUEST}/blockers")
def wait_for(organization: str, project: str, number: int) -> Response:
    """Let it wait for another one."""
    wanted, form = find_request(organization, project, number), Form(Another)
    form.submit(lambda sent: requests.wait_for(wanted, _called(wanted, sent.other), by=me()))
    return show(wanted, status=422, wait_form=form) if form.errors else done(wanted.path)


@blueprint.post(f"{REQUEST}/blockers/<uuid:blocker_id>/removal")
def stop_waiting(organization: str, project: str, number: int, blocker_id: UUID) -> Response:
    """Let it start without waiting for another one."""
    wanted = find_request(organization, project, number)
    requests.stop_waiting(wanted, load_or_404(request_visible_to(me(), blocker_id)), by=me())
    return done(wanted.path)


@blueprint.post(f"{REQUEST}/duplicate-of")
def merge_into(organization: str, project: str, number: int) -> Response:
    """Close it as the same as another one."""
    wanted, form = find_request(organization, project, number), Form(Another)
    form.submit(lambda sent: requests.merge_into(wanted, _called(wanted, sent.other), by=me()))
    return show(wanted, status=422, same_form=form) if form.errors else done(wanted.path)


def _called(wanted: ProductRequest, words: str) -> ProductRequest:
    found = one_called(me(), wanted.project, words)
    if found is None:
        raise Invalid.field(
            "other", "There is no such request that you can see. Write its number, as in #12."
        )
    return found


@blueprint.post(f"{REQUEST}/work-item")
def keep_elsewhere(organization: str, project: str, number: int) -> Response:
    """Say where else it is kept."""
    wanted, form = find_request(organization, project, number), Form(Elsewhere)
    form.submit(lambda sent: requests.edit_request(wanted, by=me(), work_item_url=sent.work_item_url))
    return show(wanted, status=422, elsewhere_form=form) if form.errors else done(wanted.path)


@blueprint.post(f"{REQUEST}/archive")
def archive(organization: str, project: str, number: int) -> Response:
    """Put it away, off the board."""
    wanted = find_request(organization, project, number)
    requests.archive(wanted, by=me())
    flash(_("It is put away. Search finds it, and the board with what was put away."), "success")
    return done(wanted.path)


@blueprint.post(f"{REQUEST}/archive/removal")
def unarchive(organization: str, project: str, number: int) -> Response:
    """Put it back on the board."""
    wanted = find_request(organization, project, number)
    requests.unarchive(wanted, by=me())
    return done(wanted.path)


@blueprint.post(f"{REQUEST}/adoption")
def adopt(organization: str, project: str, number: int) -> Response:
    """Take over what a guest asked for."""
    wanted = find_request(organization, project, number)
    requests.adopt(wanted, by=me())
    return done(wanted.path)
