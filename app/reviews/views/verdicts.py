"""Accepting what was tried, and asking for changes."""

from collections.abc import Sequence

from flask import Response, request

from app.core.gherkin import scenarios_of
from app.previews.queries import latest_preview
from app.requests.models import Attachment, ProductRequest
from app.requests.pins import MOST_PINS
from app.requests.views import HandedIn
from app.reviews import operations, permissions, queries
from app.reviews.schemas import AcceptForm, ChangeForm, pins_in
from app.reviews.views.base import REQUEST, blueprint, find_request
from app.web.guards import me, takes_files
from app.web.pages import done, render
from app.web.schemas import Form

_ELEMENT = ("page", "selector", "text")
_LONGEST_SHOWN = 300
_LONGEST_NUMBER = 6


@blueprint.get(f"{REQUEST}/accept")
def ask_to_accept(organization: str, project: str, number: int) -> Response:
    """Ask whether just this version is accepted; the preview's bar leads here."""
    wanted = find_request(organization, project, number)
    return _ask(wanted, request.args.get("commit") or wanted.commit_sha or "")


def _ask(wanted: ProductRequest, commit: str, *, form: Form[AcceptForm] | None = None) -> Response:
    return render(
        "reviews/accept.html",
        status=422 if form else 200,
        request_=wanted,
        commit=commit,
        form=form,
        scenarios=scenarios_of(wanted.gherkin_criteria or ""),
        ticked=_ticked(form),
        preview=latest_preview(wanted),
        is_tip=bool(commit) and wanted.commit_sha is not None and wanted.commit_sha.startswith(commit),
        may_judge=permissions.can_approve(me(), wanted),
        diff=queries.diff_of(wanted),
    )


def _ticked(form: Form[AcceptForm] | None) -> list[int]:
    """Return what was ticked: in the form, or on the preview, as a hint that anybody may have written."""
    said = request.form.getlist("ticked") if form else request.args.get("ticked", "").split(",")[:1000]
    return [int(each) for each in said if each.isascii() and each.isdigit() and len(each) < _LONGEST_NUMBER]


@blueprint.post(f"{REQUEST}/accept")
def accept(organization: str, project: str, number: int) -> Response:
    """Accept the version that the form names."""
    wanted = find_request(organization, project, number)
    form = Form(AcceptForm)
    form.submit(
        lambda sent: operations.approve(wanted, by=me(), commit=sent.commit, ticked=frozenset(sent.ticked))
    )
    return _ask(wanted, form.values.get("commit", ""), form=form) if form.errors else done(wanted.path)


@blueprint.get(f"{REQUEST}/change")
def ask_for_change(organization: str, project: str, number: int) -> Response:
    """Ask what should be different; what was pointed at on the preview is shown as the text it is."""
    return _ask_what(find_request(organization, project, number), request.args.to_dict())


def _ask_what(
    wanted: ProductRequest,
    pointed: dict[str, str],
    *,
    form: Form[ChangeForm] | None = None,
    kept: Sequence[Attachment] = (),
) -> Response:
    element = {name: pointed.get(name, "")[:_LONGEST_SHOWN] for name in _ELEMENT}
    return render(
        "reviews/change.html",
        status=422 if form else 200,
        request_=wanted,
        element=element,
        pins=pins_in(request.form.getlist("pin"), request.form.getlist("note")),
        most_pins=MOST_PINS,
        kept=kept,
        form=form,
        is_judged=permissions.is_judged_now(wanted),
        may_judge=permissions.can_request_changes(me(), wanted),
    )


@blueprint.post(f"{REQUEST}/change")
@takes_files
def change(organization: str, project: str, number: int) -> Response:
    """Ask for the change; the next round begins."""
    wanted = find_request(organization, project, number)
    form, files = Form(ChangeForm), HandedIn(wanted.project)
    form.submit(
        lambda sent: operations.request_changes(
            wanted,
            by=me(),
            feedback=sent.feedback,
            element=sent.element,
            elements=sent.elements,
            attachments=files.all(),
        )
    )
    if form.errors:
        return _ask_what(wanted, form.values, form=form, kept=files.kept)
    return done(wanted.path)
