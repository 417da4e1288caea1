"""Asking whoever builds it about what one looks at."""

from flask import Response, request

from app.requests.models import ProductRequest
from app.requests.permissions import can_comment
from app.requests.queries import makers_of
from app.reviews import operations
from app.reviews.schemas import QuestionForm
from app.reviews.views.base import REQUEST, blueprint, find_request
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import Form

_LONGEST_SHOWN = 300


@blueprint.get(f"{REQUEST}/ask")
def ask_for_question(organization: str, project: str, number: int) -> Response:
    """Ask what somebody wants to know of what they look at; the preview's bar leads here."""
    wanted = find_request(organization, project, number)
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


@blueprint.post(f"{REQUEST}/ask")
def ask(organization: str, project: str, number: int) -> Response:
    """Ask whoever builds it; the question stands in the feed."""
    wanted, form = find_request(organization, project, number), Form(QuestionForm)
    form.submit(
        lambda sent: operations.ask(wanted, by=me(), text=sent.text, page=sent.page, commit=sent.commit)
    )
    return _ask_question(wanted, form.values, form=form) if form.errors else done(f"{wanted.path}#feed")
