"""What happened to requests and what is said of them, as it comes in and goes out."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from app.accounts.models import User
from app.organizations.schemas import PersonRef
from app.requests.mentions import marks_of
from app.requests.models import Activity, ActivityType, ReactionKind
from app.requests.queries import Tally
from app.web.prose import prose
from app.web.schemas import Moment, Paging, Schema

LONGEST = 20_000
Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


class Said(Schema):
    """Something to say in a form; files that come with it may say it all."""

    text: Annotated[str, StringConstraints(max_length=LONGEST)] = ""


class NewActivity(Schema):
    """Something to say about a request; the other kinds of entries are made by what happens."""

    type: Literal[ActivityType.COMMENT] = ActivityType.COMMENT
    text: Words


class ActivityOut(Schema):
    """One thing that happened to a request; without an actor the system itself did it.

    A comment that was taken back keeps its place, without its words.
    """

    id: UUID
    request_id: UUID
    type: ActivityType
    actor: PersonRef | None
    text: str
    payload: dict[str, Any]
    created_at: Moment
    edited_at: Moment | None
    removed_at: Moment | None


class ActivityQuery(Paging):
    """Which of the things that happened to a request to list.

    By page, newest first; from `before` an entry on, newest first; or from `after` an entry on, oldest first.
    """

    type: list[ActivityType] = Field(default_factory=list)
    actor_id: UUID | None = None
    since: AwareDatetime | None = None
    before: UUID | None = None
    after: UUID | None = None


class ReactionOut(Schema):
    """One kind of reaction, and who had it."""

    kind: ReactionKind
    emoji: str
    count: int
    people: list[PersonRef]

    @classmethod
    def of(cls, tally: Tally) -> Self:
        """Show how often something was reacted to so."""
        people = [PersonRef(id=user_id, name=name) for user_id, name in tally.people]
        return cls(kind=tally.kind, emoji=tally.kind.emoji, count=tally.count, people=people)


class NewComment(Schema):
    """Something to say about a request, in Markdown; `@` and a name speaks to somebody who can see it."""

    content: Words


class CommentChange(NewComment):
    """New words for one's own comment; `version` names what the editor had before them."""

    version: int | None = None


class CommentWords(Schema):
    """New words for one's own comment, as a form sends them."""

    text: Words
    version: int | None = None


class CommentOut(Schema):
    """Something that was said of a request: as it was written, and as HTML that is safe to show."""

    id: UUID
    request_id: UUID
    author: PersonRef | None
    content: str
    html: str
    created_at: Moment
    updated_at: Moment
    edited_at: Moment | None
    version: int
    mentions: list[PersonRef]
    reactions: list[ReactionOut]

    @classmethod
    def of(cls, comment: Activity, mentioned: Sequence[User], reactions: Sequence[Tally]) -> Self:
        """Show a comment, with whom it speaks to and how people reacted."""
        return cls(
            id=comment.id,
            request_id=comment.request_id,
            author=PersonRef.model_validate(comment.actor) if comment.actor is not None else None,
            content=comment.text,
            html=str(prose(comment.text, strong=marks_of(mentioned))),
            created_at=comment.created_at,
            updated_at=comment.edited_at or comment.created_at,
            edited_at=comment.edited_at,
            version=comment.version,
            mentions=[PersonRef.model_validate(person) for person in mentioned],
            reactions=[ReactionOut.of(tally) for tally in reactions],
        )


class Reacting(Schema):
    """A reaction had or taken back, as a form sends it."""

    kind: ReactionKind
    reacted: bool


class Watching(Schema):
    """Whether to be told what happens to a request."""

    watching: bool


class WatchOut(Schema):
    """Whether the caller watches a request, and how many do."""

    watching: bool
    count: int
