"""The pages of a review: what changed, accepting, asking for changes, and the way into main."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.projects.queries import project_at
from app.requests.models import ProductRequest
from app.requests.queries import request_numbered
from app.reviews import operations, permissions, queries
from app.reviews.panel import Review, review_for
from app.reviews.schemas import AcceptForm, ChangeForm
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form

blueprint = Blueprint("reviews", __name__)

_REQUEST = "/<organization>/<project>/requests/<int:number>"
_ELEMENT = ("page", "selector", "text")
_LONGEST_SHOWN = 300


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
        is_tip=bool(commit) and wanted.commit_sha is not None and wanted.commit_sha.startswith(commit),
        may_judge=permissions.can_approve(me(), wanted),
        diff=queries.diff_of(wanted),
    )


@blueprint.post(f"{_REQUEST}/accept")
def accept(organization: str, project: str, number: int) -> Response:
    """Accept the version that the form names."""
    wanted = _request(organization, project, number)
    form = Form(AcceptForm)
    form.submit(lambda sent: operations.approve(wanted, by=me(), commit=sent.commit))
    return _ask(wanted, form.values.get("commit", ""), form=form) if form.errors else done(wanted.path)


@blueprint.get(f"{_REQUEST}/change")
def ask_for_change(organization: str, project: str, number: int) -> Response:
    """Ask what should be different; what was pointed at on the preview is shown as the text it is."""
    return _ask_what(_request(organization, project, number), request.args.to_dict())


def _ask_what(
    wanted: ProductRequest, pointed: dict[str, str], *, form: Form[ChangeForm] | None = None
) -> Response:
    element = {name: pointed.get(name, "")[:_LONGEST_SHOWN] for name in _ELEMENT}
    return render(
        "reviews/change.html",
        status=422 if form else 200,
        request_=wanted,
        element=element,
        form=form,
        is_judged=permissions.is_judged_now(wanted),
        may_judge=permissions.can_request_changes(me(), wanted),
    )


@blueprint.post(f"{_REQUEST}/change")
def change(organization: str, project: str, number: int) -> Response:
    """Ask for the change; the next round begins."""
    wanted = _request(organization, project, number)
    form = Form(ChangeForm)
    form.submit(
        lambda sent: operations.request_changes(wanted, by=me(), feedback=sent.feedback, element=sent.element)
    )
    return _ask_what(wanted, form.values, form=form) if form.errors else done(wanted.path)


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
