"""The board: columns, list, quick add, and cards that move."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.core.paging import paginate
from app.desk import board as boards
from app.desk import operations, words
from app.desk.board import address, board_of, filters_of
from app.desk.schemas import BoardView, Move, Shift
from app.desk.views.base import PROJECT, REQUEST, blueprint, find_project, find_request
from app.desk.views.saved_views import views_context
from app.organizations.models import Role
from app.organizations.queries import names_with_role
from app.previews.queries import failing_among
from app.projects.models import Project
from app.projects.permissions import can_develop, can_file_requests
from app.projects.queries import is_empty
from app.requests import operations as requests
from app.requests import queries
from app.requests.models import Attachment, ProductRequest, RequestStatus
from app.requests.schemas import NewRequest
from app.requests.views import HandedIn
from app.web.guards import me, takes_files
from app.web.pages import done, render, wants_fragment
from app.web.schemas import Form

LIST_PAGE, LONGEST_TITLE = 50, 200


@blueprint.get(PROJECT)
def show_board(organization: str, project: str) -> Response:
    """Show a project's requests, in columns or as a list."""
    here, view = find_project(organization, project), _view()
    if view.is_list:
        return _show_list(here, view)
    if wants_fragment() and request.args.get("seen") == queries.mark_of(here):
        return Response(status=204)  # nothing moved, so nothing is swapped
    return _show(here, view)


def _view() -> BoardView:
    return BoardView.of(request.args.to_dict(flat=False))


def _show(here: Project, view: BoardView, *, status: int = 200, **forms: Any) -> Response:
    board = board_of(here, view, user=me())
    if wants_fragment():
        return render("desk/board.html", fragment="desk/_board.html", board=board)
    return render("desk/board.html", status=status, board=board, **_frame(here, view), **forms)


def _frame(here: Project, view: BoardView) -> dict[str, Any]:
    """Return what stands around the columns or the list: filters, and what an empty place says."""
    return {
        "project": here,
        "view": view,
        "address": address,
        "may_file": can_file_requests(me(), here),
        "may_push": can_develop(me(), here),
        "is_empty": is_empty(here),
        "people": _people(here),
        "types": words.types(),
        "priorities": words.priorities(),
        "labels": [(str(each.id), each.name) for each in queries.all_labels_of(here.organization_id)],
        "states": [(status, words.state(status).title) for status in RequestStatus],
        "sorts": words.sorts(),
        **views_context(here, view),
    }


def _people(here: Project) -> list[tuple[str, str]]:
    """Return whom the board can be narrowed to."""
    others = names_with_role(here.organization_id, Role.REQUESTER, but=me())
    return [
        ("me", _("Assigned to me")),
        ("none", _("Assigned to nobody")),
        *((str(user_id), name) for user_id, name in others),
    ]


def _show_list(here: Project, view: BoardView) -> Response:
    query = queries.listed_on(here, filters_of(view, me()), dropped=view.dropped)
    found = paginate(queries.without_more(query), page=view.page, limit=LIST_PAGE)
    failing = failing_among(found.items)
    rows = [(each, words.on_card(me(), each, cannot_be_tried=each.id in failing)) for each in found.items]
    tallies = queries.tallies_of([each.id for each in found.items])
    around = _frame(here, view) | {"found": found, "rows": rows, "failing": failing, "tallies": tallies}
    return render("desk/list.html", **around)


# --- new requests ----------------------------------------------------------------------------------------


@blueprint.get(f"{PROJECT}/requests/new")
def new_request(organization: str, project: str) -> Response:
    """Ask what somebody needs."""
    return _ask(find_project(organization, project), form=None)


@blueprint.post(f"{PROJECT}/requests")
@takes_files
def file_request(organization: str, project: str) -> Response:
    """Take a new request: from the form, or from the line above the board."""
    here, form = find_project(organization, project), Form(NewRequest)
    files = HandedIn(here)
    made = form.submit(lambda sent: _file(here, sent, files))
    is_quick = "quick" in request.form
    if made is None:
        if is_quick and wants_fragment():
            return _say_what_is_missing(here, form)
        return _ask(here, form, files.kept)
    if is_quick:
        view = _view().model_copy(update={"column": RequestStatus.DRAFT})
        return _show(here, view) if wants_fragment() else done(address(here.path, view))
    return done(made.path)


def _file(here: Project, sent: NewRequest, files: HandedIn) -> ProductRequest:
    labels = queries.labels_in(here.organization_id, sent.label_ids)
    return requests.file_request(here, by=me(), labels=labels, attachments=files.all(), **sent.what())


def _ask(here: Project, form: Form[NewRequest] | None, kept: Sequence[Attachment] = ()) -> Response:
    return render(
        "desk/new_request.html",
        status=422 if form else 200,
        project=here,
        form=form,
        kept=kept,
        may_file=can_file_requests(me(), here),
        similar=queries.similar_to(here, form.values.get("title", "")) if form else [],
        labels=queries.all_labels_of(here.organization_id),
        chosen=request.form.getlist("label_ids"),
        kinds=words.kinds(),
        priorities=words.priorities(),
    )


@blueprint.get(f"{PROJECT}/requests/similar")
def show_similar(organization: str, project: str) -> Response:
    """Show what was asked for already while somebody writes; the list of it, to whoever has no script."""
    here = find_project(organization, project)
    title = request.args.get("title", "").strip()[:LONGEST_TITLE]
    if not wants_fragment():
        return done(address(here.path, BoardView(q=title, is_list=True)))
    part = "desk/_similar.html"
    return render(part, fragment=part, similar=queries.similar_to(here, title))


def _say_what_is_missing(here: Project, form: Form[NewRequest]) -> Response:
    """Put the refused line back in its place instead of the board's."""
    part = "desk/_quick_add.html"
    answer = render(part, fragment=part, status=422, project=here, view=_view(), address=address, form=form)
    answer.headers.update({"HX-Retarget": "#quick-add", "HX-Reswap": "outerHTML"})
    return answer


# --- moving a card ---------------------------------------------------------------------------------------


@blueprint.post(f"{REQUEST}/move")
def move_card(organization: str, project: str, number: int) -> Response:
    """Put a card elsewhere; what cannot be taken back is asked about first."""
    wanted, move = find_request(organization, project, number), Form(Move).valid
    asks = _asks(wanted, move)
    if asks is not None:
        return _ask_first(wanted, move, asks)
    operations.move_card(wanted, move.to, by=me(), after=move.after, before=move.before)
    view = _view()
    if not wants_fragment():
        view = view.model_copy(update={"column": wanted.status})
    board = address(wanted.project.path, view)
    return _show(wanted.project, view) if wants_fragment() else done(board)


@blueprint.get(f"{REQUEST}/moves")
def show_moves(organization: str, project: str, number: int) -> Response:
    """Show what can be done with a card: in its menu, or as a page to whoever has no script."""
    wanted, view = find_request(organization, project, number), _view()
    return render(
        "desk/moves.html",
        fragment="desk/_moves.html",
        card=boards.menu_of(wanted, user=me(), view=view),
        request_=wanted,
        back_url=address(wanted.project.path, view),
    )


@blueprint.post(f"{REQUEST}/place")
def put_elsewhere(organization: str, project: str, number: int) -> Response:
    """Put a card one up or down in its column, or at an end of it."""
    wanted, sent = find_request(organization, project, number), Form(Shift).valid
    requests.shift(wanted, by=me(), to=sent.to)
    view = _view()
    if wants_fragment():
        return _show(wanted.project, view)
    return done(address(wanted.project.path, view.model_copy(update={"column": wanted.status})))


def _asks(wanted: ProductRequest, move: Move) -> str | None:
    if move.asked or move.to is wanted.status:
        return None
    return boards.question(wanted, operations.step_to(wanted, move.to, by=me()))


def _ask_first(wanted: ProductRequest, move: Move, asks: str) -> Response:
    return render(
        "desk/ask_first.html",
        request_=wanted,
        asks=asks,
        move_url=address(f"{wanted.path}/move", _view()),
        back_url=address(wanted.project.path, _view()),
        to=move.to.value,
    )
