"""What people say about lines of a change: begun, answered, settled, changed and taken back."""

from typing import Any

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.gherkin import one_line
from app.engine.repositories import Place
from app.notifications.models import Kind
from app.notifications.operations import tell
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ActivityType, ProductRequest
from app.requests.queries import makers_of
from app.reviews import permissions, queries
from app.reviews.models import LineComment, LineThread, Side

MOST_LINES = 100
LONGEST_COMMENT = 20_000
_LONGEST_LINE = 300
_LONGEST_QUOTE = 140
_MOST_BYTES = 1024 * 1024
_QUOTED_LINES = 10
_MOST_REMARKS = 50


def comment_on_lines(
    request: ProductRequest,
    *,
    by: User,
    place: Place,
    text: str,
    side: Side = Side.NEW,
    commit: str | None = None,
) -> LineThread:
    """Say something about lines of a change; `commit` is the version that was looked at."""
    if not permissions.can_comment_on_lines(by, request):
        raise NotAllowed("You can look at this change, not comment on it.")
    words = _said(text)
    at = _version(request, side)
    if commit is not None and commit != at:
        raise Conflict("There is a newer version than the one you looked at. Look at the line again.")
    thread = LineThread(
        request=request,
        request_id=request.id,
        commit_sha=at,
        path=place.path,
        side=side,
        first_line=place.first,
        last_line=place.last,
        lines=_lines(request, at, place),
        started_by_id=by.id,
    )
    with transaction():
        session.add(thread)
        session.flush()  # what is said refers to it
        _say(thread, words, by)
    return thread


def answer(thread: LineThread, *, by: User, text: str) -> LineComment:
    """Answer what was said about lines."""
    if not permissions.can_comment_on_lines(by, thread.request):
        raise NotAllowed("You can look at this change, not comment on it.")
    words = _said(text)
    with transaction():
        return _say(thread, words, by)


def _said(text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid.field("text", "Write something first.", type="missing")
    if len(words) > LONGEST_COMMENT:
        raise Invalid.field("text", f"Say it in at most {LONGEST_COMMENT} characters.", type="too_long")
    return words


def _version(request: ProductRequest, side: Side) -> str:
    diff = queries.diff_of(request)
    sha = None if diff is None else diff.head_sha if side is Side.NEW else diff.base_sha
    if sha is None:
        raise Conflict("Nothing is changed yet, so there are no lines to speak of.", code="nothing_to_review")
    return sha


def _lines(request: ProductRequest, commit: str, place: Place) -> list[str]:
    """Return the lines as they are, so that they can be shown once they are gone."""
    if not 1 <= place.first <= place.last < place.first + MOST_LINES:
        raise Invalid.field("lastLine", f"Choose at most {MOST_LINES} lines, from the first to the last.")
    try:
        held = repository_of(request.project).blob(commit, place.path, max_bytes=_MOST_BYTES)
    except NotFound:
        raise Invalid.field("path", f"There is no file {place.path} in this version.") from None
    lines = held.decode("utf-8", "replace").split("\n")
    if place.last > len(lines):
        raise Invalid.field("lastLine", f"{place.path} has {len(lines)} lines.")
    return [line.rstrip("\r")[:_LONGEST_LINE] for line in lines[place.first - 1 : place.last]]


def _say(thread: LineThread, words: str, by: User) -> LineComment:
    request = thread.request
    said = LineComment(thread=thread, thread_id=thread.id, author=by, text=words)
    session.add(said)
    thread.resolved_at = thread.resolved_by = None  # whoever still has something to say is not done
    session.flush()  # the feed names it
    details: dict[str, Any] = {
        "threadId": str(thread.id),
        "commentId": str(said.id),
        "path": thread.path,
        "line": thread.first_line,
        "url": _address(thread),
    }
    requests.record(request, ActivityType.REVIEW, f"commented on {thread.where}", by=by, payload=details)
    quote = one_line(words, _LONGEST_QUOTE)
    tell(
        [*makers_of(request), *(each.author for each in thread.comments if each.author is not None)],
        organization_id=request.organization_id,
        kind=Kind.LINE_COMMENT,
        text=f"{by.name} on {thread.where} of #{request.number}: “{quote}”",
        path=_address(thread),
        subject_id=thread.id,
        but=by,
    )
    return said


def _address(thread: LineThread) -> str:
    return f"{thread.request.path}/diff?thread={thread.id}#thread-{thread.id}"


def resolve(thread: LineThread, *, by: User, resolved: bool) -> None:
    """Say that what was said about lines is done, or that it is not."""
    if not permissions.can_resolve(by, thread):
        raise NotAllowed("Only who began this, or a developer, can say that it is done.")
    with transaction():
        thread.resolved_at, thread.resolved_by = (now(), by) if resolved else (None, None)
        changed(str(thread.request_id))


def change_comment(comment: LineComment, *, by: User, text: str) -> None:
    """Change one's own words."""
    if not permissions.can_edit_comment(by, comment):
        raise NotAllowed("Only who said this can change it.")
    words = _said(text)
    with transaction():
        if words != comment.text:
            comment.text, comment.edited_at = words, now()
        changed(str(comment.thread.request_id))


def take_back(comment: LineComment, *, by: User) -> None:
    """Take one's own words back; lines about which nothing is said any more are let go."""
    if not permissions.can_edit_comment(by, comment):
        raise NotAllowed("Only who said this can take it back.")
    thread = comment.thread
    with transaction():
        thread.comments.remove(comment)
        if not thread.comments:
            session.delete(thread)
        changed(str(thread.request_id))


def open_remarks(request: ProductRequest) -> list[dict[str, Any]]:
    """Return what is said about lines and not done, as whoever makes the next round is told it."""
    return [
        {
            "path": thread.path,
            "line": thread.first_line,
            "lines": thread.lines[:_QUOTED_LINES],
            "said": [
                f"{each.author.name if each.author else 'Somebody'}: {each.text}" for each in thread.comments
            ],
        }
        for thread in queries.threads_of(request)
        if not thread.is_resolved
    ][:_MOST_REMARKS]
