"""What people say of a request: said, changed and taken back."""

from collections.abc import Collection

from sqlalchemy import delete

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Invalid, NotAllowed, Stale
from app.core.events import announce
from app.core.holding import hold_unchanged
from app.notifications.operations import forget
from app.requests import permissions, queries
from app.requests.events import Commented
from app.requests.mentions import spoken_to
from app.requests.models import Activity, ActivityType, Attachment, Mention, ProductRequest, Reaction
from app.requests.operations.attachments import give
from app.requests.operations.feed import record
from app.requests.operations.watching import take_part


def comment(
    request: ProductRequest,
    *,
    by: User,
    text: str,
    attachments: Collection[Attachment] = (),
    told: Collection[User] = (),
) -> Activity:
    """Say something about a request, in words, pictures or files; `told` hear of it from elsewhere."""
    if not permissions.can_comment(by, request):
        raise NotAllowed("You can look at this request, not comment on it.")
    if not text.strip() and not attachments:
        raise Invalid.field("text", "Write something first.", type="missing")
    with transaction():
        said = record(request, ActivityType.COMMENT, text.strip(), by=by)
        session.flush()  # its files refer to it
        give(request, attachments, by=by, to=said)
        take_part(request, by)
        announce(Commented(said, by, _speak_to(said), told=tuple(told)))
    return said


def change_comment(comment: Activity, *, by: User, text: str, version: int | None = None) -> None:
    """Change one's own words; `version` names what the editor had before them."""
    if not permissions.can_change_comment(by, comment):
        raise NotAllowed("Only who said this can change it.")
    if version is not None and version != comment.version:
        raise Stale(f"This was changed meanwhile, in another window. It says now: {comment.text}")
    words = text.strip()
    if not words:
        raise Invalid.field("text", "Write something, or take it back instead.", type="missing")
    if words == comment.text:
        return
    with transaction():
        hold_unchanged(comment, ("text",))
        comment.text, comment.edited_at = words, now()
        session.flush()  # the version column settles a race before anybody is told
        changed(str(comment.request_id))
        announce(Commented(comment, by, _speak_to(comment), is_new=False))


def remove_comment(comment: Activity, *, by: User) -> None:
    """Take what was said back, with its files; that something was said stays in the feed."""
    if not permissions.can_remove_comment(by, comment):
        raise NotAllowed("Only who said this, or an admin, can remove it.")
    with transaction():
        forget(comment.path)
        comment.text, comment.removed_at = "", now()
        comment.payload = {"removedBy": str(by.id)}
        for kind in (Attachment, Mention, Reaction):
            session.execute(delete(kind).where(kind.activity_id == comment.id))
        changed(str(comment.request_id))


def _speak_to(comment: Activity) -> list[User]:
    """Note whom a comment speaks to as it reads now; only those who can see it are spoken to."""
    people = (
        spoken_to(comment.text, queries.people_to_mention(comment.request)) if "@" in comment.text else []
    )
    session.execute(delete(Mention).where(Mention.activity_id == comment.id))
    session.add_all(Mention(activity_id=comment.id, user_id=person.id) for person in people)
    return people
