"""The pages of a review: what changed, accepting, asking for changes, and the way into main."""

from collections.abc import Sequence

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.core.gherkin import scenarios_of
from app.previews.queries import latest_preview
from app.projects.queries import project_at
from app.requests.models import Attachment, ProductRequest
from app.requests.permissions import can_comment
from app.requests.pins import MOST_PINS
from app.requests.queries import makers_of, request_numbered
from app.requests.views import HandedIn
from app.reviews import operations, permissions, queries
from app.reviews.panel import Review, review_for
from app.reviews.schemas import AcceptForm, ChangeForm, QuestionForm, pins_in
from app.web.guards import me, takes_files
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form

blueprint = Blueprint("reviews", __name__)

_REQUEST = "/<organization>/<project>/requests/<int:number>"
_ELEMENT = ("page", "selector", "text")
_LONGEST_SHOWN = 300
_LONGEST_NUMBER = 6


def _request(organization: str, project: str, number: int) -> ProductRequest:
    found = load_or_404(project_at(me(), organization, project))
    return load_or_404(request_numbered(me(), found, number))


@blueprint.get(f"{_REQUEST}/diff")
def show_diff(organization: str, project: str, number: int) -> Response:
    """Show what the request changes, file by file."""
    wanted = _request(organization, project, number)
    if request.args.get("seen") == wanted.commit_sha:  # nothing to swap: what is unfolded stays so
        return Response(status=204)
    diff = queries.diff_of(wanted)
    return render("reviews/diff.html", fragment="reviews/_diff.html", request_=wanted, diff=diff)


# --- accept, or ask for changes --------------------------------------------------------------------------


@blueprint.get(f"{_REQUEST}/accept")
def ask_to_accept(organization: str, project: str, number: int) -> Response:
    """Ask whether just this version is accepted; the preview's bar leads here."""
    wanted = _request(organization, project, number)
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


@blueprint.post(f"{_REQUEST}/accept")
def accept(organization: str, project: str, number: int) -> Response:
    """Accept the version that the form names."""
    wanted = _request(organization, project, number)
    form = Form(AcceptForm)
    form.submit(
        lambda sent: operations.approve(wanted, by=me(), commit=sent.commit, ticked=frozenset(sent.ticked))
    )
    return _ask(wanted, form.values.get("commit", ""), form=form) if form.errors else done(wanted.path)


@blueprint.get(f"{_REQUEST}/change")
def ask_for_change(organization: str, project: str, number: int) -> Response:
    """Ask what should be different; what was pointed at on the preview is shown as the text it is."""
    return _ask_what(_request(organization, project, number), request.args.to_dict())


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


@blueprint.post(f"{_REQUEST}/change")
@takes_files
def change(organization: str, project: str, number: int) -> Response:
    """Ask for the change; the next round begins."""
    wanted = _request(organization, project, number)
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


# --- ask ---


@blueprint.get(f"{_REQUEST}/ask")
def ask_for_question(organization: str, project: str, number: int) -> Response:
    """Ask what somebody wants to know of what they look at; the preview's bar leads here."""
    wanted = _request(organization, project, number)
    return _ask_question(wanted, request.args.to_dict())


def _ask_question(
    wanted: ProductRequest, given: dict[str, str], *, form: Form[QuestionForm] | None = None
) -> Response:
    return render(
        "reviews/ask.html",
        status=422 if form else 200,
        request_=wanted,
        seen=given.get("page", "")[:_LONGEST_SHOWN],
        commit=given.get("commit", "")[:64],
        people=makers_of(wanted),
        may_ask=can_comment(me(), wanted),
        form=form,
    )


@blueprint.post(f"{_REQUEST}/ask")
def ask(organization: str, project: str, number: int) -> Response:
    """Ask whoever builds it; the question stands in the feed."""
    wanted, form = _request(organization, project, number), Form(QuestionForm)
    form.submit(
        lambda sent: operations.ask(wanted, by=me(), text=sent.text, page=sent.page, commit=sent.commit)
    )
    return _ask_question(wanted, form.values, form=form) if form.errors else done(f"{wanted.path}#feed")


# --- into main -------------------------------------------------------------------------------------------


def _review(wanted: ProductRequest) -> Review:
    return review_for(wanted, me(), beside="beside" in request.args)


def _shown(wanted: ProductRequest) -> Response:
    """Answer what was done: with the panel as it is now, or by going to the Work tab."""
    answer = done(f"{wanted.path}/work", fragment="reviews/_pull_request.html", review=_review(wanted))
    answer.headers["HX-Trigger"] = "request-touched"
    return answer


@blueprint.get(f"{_REQUEST}/pull-request")
def show_pull_request(organization: str, project: str, number: int) -> Response:
    """Show the pull request of a request, with what it changes."""
    wanted = _request(organization, project, number)
    review = _review(wanted)
    if request.args.get("seen") == review.mark:
        return Response(status=204)
    return render(
        "reviews/pull_request.html",
        fragment="reviews/_pull_request.html",
        review=review,
        request_=wanted,
        diff=queries.diff_of(wanted),
        title=review.pull.title if review.pull else _("Not offered for merging yet"),
    )


@blueprint.post(f"{_REQUEST}/pull-request")
def create_pull_request(organization: str, project: str, number: int) -> Response:
    """Offer the accepted commit for merging."""
    wanted = _request(organization, project, number)
    operations.create_pull_request(wanted, by=me())
    return _shown(wanted)


@blueprint.post(f"{_REQUEST}/pull-request/merge")
def merge(organization: str, project: str, number: int) -> Response:
    """Merge what was accepted into main, in one step where it was not offered yet."""
    wanted = _request(organization, project, number)
    operations.open_and_merge(wanted, by=me())
    return _shown(wanted)


@blueprint.post(f"{_REQUEST}/pull-request/main")
def take_main_in(organization: str, project: str, number: int) -> Response:
    """Merge main into the branch; a new preview follows."""
    wanted = _request(organization, project, number)
    operations.take_main_in(wanted, by=me())
    return _shown(wanted)


@blueprint.post(f"{_REQUEST}/pull-request/closure")
def close_pull_request(organization: str, project: str, number: int) -> Response:
    """Take the offer back."""
    wanted = _request(organization, project, number)
    operations.close_pull_request(wanted, by=me())
    return _shown(wanted)
