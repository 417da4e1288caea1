"""The way into main: the pull request, merging it, taking main in."""

from flask import Response, request
from flask_babel import gettext as _

from app.requests.models import ProductRequest
from app.reviews import operations
from app.reviews.changes import changes_of
from app.reviews.panel import Review, review_for
from app.reviews.views.base import REQUEST, blueprint, find_request
from app.web.guards import me
from app.web.pages import done, render


def _review(wanted: ProductRequest) -> Review:
    return review_for(wanted, me(), beside="beside" in request.args)


def _shown(wanted: ProductRequest) -> Response:
    """Answer what was done: with the panel as it is now, or by going to the Work tab."""
    answer = done(f"{wanted.path}/work", fragment="reviews/_pull_request.html", review=_review(wanted))
    answer.headers["HX-Trigger"] = "request-touched"
    return answer


@blueprint.get(f"{REQUEST}/pull-request")
def show_pull_request(organization: str, project: str, number: int) -> Response:
    """Show the pull request of a request, with what it changes."""
    wanted = find_request(organization, project, number)
    review = _review(wanted)
    if request.args.get("seen") == review.mark:
        return Response(status=204)
    return render(
        "reviews/pull_request.html",
        fragment="reviews/_pull_request.html",
        review=review,
        request_=wanted,
        changes=changes_of(wanted, me()),
        title=review.pull.title if review.pull else _("Not offered for merging yet"),
    )


@blueprint.post(f"{REQUEST}/pull-request")
def create_pull_request(organization: str, project: str, number: int) -> Response:
    """Offer the accepted commit for merging."""
    wanted = find_request(organization, project, number)
    operations.create_pull_request(wanted, by=me())
    return _shown(wanted)


@blueprint.post(f"{REQUEST}/pull-request/merge")
def merge(organization: str, project: str, number: int) -> Response:
    """Merge what was accepted into main, in one step where it was not offered yet."""
    wanted = find_request(organization, project, number)
    operations.open_and_merge(wanted, by=me())
    return _shown(wanted)


@blueprint.post(f"{REQUEST}/pull-request/main")
def take_main_in(organization: str, project: str, number: int) -> Response:
    """Merge main into the branch; a new preview follows."""
    wanted = find_request(organization, project, number)
    operations.take_main_in(wanted, by=me())
    return _shown(wanted)


@blueprint.post(f"{REQUEST}/pull-request/closure")
def close_pull_request(organization: str, project: str, number: int) -> Response:
    """Take the offer back."""
    wanted = find_request(organization, project, number)
    operations.close_pull_request(wanted, by=me())
    return _shown(wanted)
