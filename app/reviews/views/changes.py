"""What a request changes, line by line, and what is said about its lines."""

from uuid import UUID

from flask import Response, flash, request

from app.core.errors import Conflict, Invalid
from app.engine.repositories import Place
from app.requests.models import ProductRequest
from app.reviews import operations, queries
from app.reviews.changes import Asked, Changes, changes_of
from app.reviews.models import LineThread, Side
from app.reviews.schemas import LineWords, NewLineComment, Resolution
from app.reviews.views.base import REQUEST, blueprint, find_request
from app.web.guards import me
from app.web.pages import done, load_or_404, render, wants_fragment
from app.web.schemas import Form

_DIFF = f"{REQUEST}/diff"


@blueprint.get(_DIFF)
def show_diff(organization: str, project: str, number: int) -> Response:
    """Show what the request changes: all of it, one file, or a line with a place to say something."""
    wanted = find_request(organization, project, number)
    if request.args.get("seen") == wanted.commit_sha:  # nothing to swap: what is unfolded stays so
        return Response(status=204)
    thread = request.args.get("thread", type=UUID)
    asked, only = Asked.read(request.args.get("at")), request.args.get("file")
    changes = changes_of(wanted, me(), only=only, asked=asked, thread_id=thread)
    return _file(changes, only) if only and wants_fragment() else _show(changes)


def _show(changes: Changes, *, status: int = 200, form: Form[NewLineComment] | None = None) -> Response:
    return render(
        "reviews/diff.html", fragment="reviews/_diff.html", status=status, changes=changes, comment_form=form
    )


def _file(changes: Changes, key: str) -> Response:
    file = changes.file_at(key)
    if file is None:
        return done(changes.path)
    return render("reviews/diff.html", fragment="reviews/_diff_file.html", changes=changes, file=file)


@blueprint.post(f"{_DIFF}/threads")
def comment_on_lines(organization: str, project: str, number: int) -> Response:
    """Say something about a line, or about some lines up to it."""
    wanted, form = find_request(organization, project, number), Form(NewLineComment)
    asked = Asked.read(form.values.get("at"))
    if asked is None:
        raise Invalid.field("at", "Choose the line in the list of changes.")
    thread = form.submit(lambda sent: _begin(wanted, asked, sent))
    if thread is not None:
        return _shown(wanted, thread)
    return _show(changes_of(wanted, me(), asked=asked), status=422, form=form)


def _begin(wanted: ProductRequest, asked: Asked, sent: NewLineComment) -> LineThread:
    found = changes_of(wanted, me(), only=asked.key).file_at(asked.key)
    if found is None:
        raise Conflict("This file is not part of the change any more. Look at the change again.")
    path = found.file.path if asked.side is Side.NEW else found.file.old_path or found.file.path
    place = Place(path, min(sent.first or asked.line, asked.line), asked.line)
    return operations.comment_on_lines(
        wanted, by=me(), place=place, text=sent.text, side=asked.side, commit=sent.commit
    )


def _shown(wanted: ProductRequest, thread: LineThread) -> Response:
    """Answer what was said: with its file as it is now, or by going to the thread."""
    changes = changes_of(wanted, me(), thread_id=thread.id)
    loaded = next((file for file in changes.files if file.is_loaded), None)
    if loaded is None or not wants_fragment():
        return done(f"{changes.path}?thread={thread.id}#thread-{thread.id}")
    answer = render("reviews/diff.html", fragment="reviews/_diff_file.html", changes=changes, file=loaded)
    answer.headers["HX-Trigger"] = "request-touched"
    return answer


@blueprint.post(f"{_DIFF}/threads/<uuid:thread_id>/comments")
def answer_thread(organization: str, project: str, number: int, thread_id: UUID) -> Response:
    """Answer what was said about a line."""
    wanted = find_request(organization, project, number)
    thread = load_or_404(queries.thread_in(wanted, thread_id))
    form = Form(LineWords)
    form.submit(lambda sent: operations.answer(thread, by=me(), text=sent.text))
    return _refused(wanted, thread, form) if form.errors else _shown(wanted, thread)


def _refused(wanted: ProductRequest, thread: LineThread, form: Form[LineWords]) -> Response:
    flash(" ".join(form.errors.values()), "error")
    return _show(changes_of(wanted, me(), thread_id=thread.id), status=422)


@blueprint.post(f"{_DIFF}/threads/<uuid:thread_id>/resolution")
def resolve_thread(organization: str, project: str, number: int, thread_id: UUID) -> Response:
    """Say that what was said about a line is done, or that it is not."""
    wanted = find_request(organization, project, number)
    thread = load_or_404(queries.thread_in(wanted, thread_id))
    operations.resolve(thread, by=me(), resolved=Form(Resolution).valid.resolved)
    return _shown(wanted, thread)


@blueprint.post(f"{_DIFF}/comments/<uuid:comment_id>")
def change_comment(organization: str, project: str, number: int, comment_id: UUID) -> Response:
    """Change one's own words."""
    wanted = find_request(organization, project, number)
    comment = load_or_404(queries.comment_in(wanted, comment_id))
    form = Form(LineWords)
    form.submit(lambda sent: operations.change_comment(comment, by=me(), text=sent.text))
    return _refused(wanted, comment.thread, form) if form.errors else _shown(wanted, comment.thread)


@blueprint.post(f"{_DIFF}/comments/<uuid:comment_id>/removal")
def take_comment_back(organization: str, project: str, number: int, comment_id: UUID) -> Response:
    """Take one's own words back."""
    wanted = find_request(organization, project, number)
    comment = load_or_404(queries.comment_in(wanted, comment_id))
    thread = comment.thread
    operations.take_back(comment, by=me())
    return _shown(wanted, thread) if thread.comments else done(f"{wanted.path}/diff")
