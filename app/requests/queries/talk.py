"""What people say of requests: comments, whom they speak to, reactions, and who watches."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, func, select

from app.accounts.models import User
from app.core.db import session
from app.projects.queries import people_who_see
from app.requests.models import (
    Activity,
    ActivityType,
    Mention,
    ProductRequest,
    Reaction,
    ReactionKind,
    Watch,
)


def comments_of(request: ProductRequest) -> Select[Activity]:
    """Return what people said of a request and did not take back, oldest first."""
    return (
        select(Activity)
        .where(
            Activity.request_id == request.id,
            Activity.type == ActivityType.COMMENT,
            Activity.removed_at.is_(None),
        )
        .order_by(Activity.id)
    )


def comment_in(request: ProductRequest, comment_id: UUID) -> Select[Activity]:
    return comments_of(request).where(Activity.id == comment_id)


def people_to_mention(request: ProductRequest) -> list[User]:
    """Return who may be spoken to in a comment: everybody who can see the request."""
    return list(session.scalars(people_who_see(request.project)).unique())


def mentioned_in(comment_ids: Collection[UUID]) -> dict[UUID, list[User]]:
    """Return whom each of some comments speaks to."""
    found: dict[UUID, list[User]] = defaultdict(list)
    for mention in session.scalars(select(Mention).where(Mention.activity_id.in_(comment_ids))).unique():
        found[mention.activity_id].append(mention.user)
    return {
        comment_id: sorted(people, key=lambda each: (each.name, each.id))
        for comment_id, people in found.items()
    }


@dataclass(frozen=True)
class ReactionTally:
    """One kind of reaction to something, and who had it, first come first."""

    kind: ReactionKind
    people: list[tuple[UUID, str]]

    @property
    def count(self) -> int:
        return len(self.people)

    def is_by(self, user: User) -> bool:
        return any(user_id == user.id for user_id, _ in self.people)


def reactions_to(request: ProductRequest) -> dict[UUID | None, list[ReactionTally]]:
    """Return the reactions to each comment of a request, and under None those to the request itself."""
    query = (
        select(Reaction.activity_id, Reaction.kind, Reaction.user_id, User.name)
        .join(User, User.id == Reaction.user_id)
        .where(Reaction.request_id == request.id)
        .order_by(Reaction.id)
    )
    found: dict[UUID | None, dict[ReactionKind, list[tuple[UUID, str]]]] = {}
    for comment_id, kind, user_id, name in session.execute(query):
        found.setdefault(comment_id, {}).setdefault(kind, []).append((user_id, name))
    return {
        comment_id: [ReactionTally(kind, people[kind]) for kind in ReactionKind if kind in people]
        for comment_id, people in found.items()
    }


def reaction_of(
    user: User, kind: ReactionKind, request: ProductRequest, comment: Activity | None
) -> Reaction | None:
    """Return somebody's own reaction of a kind to a request or a comment."""
    query = select(Reaction).where(
        Reaction.request_id == request.id,
        Reaction.activity_id == (comment.id if comment is not None else None),
        Reaction.user_id == user.id,
        Reaction.kind == kind,
    )
    return session.scalars(query).first()


def watching(request: ProductRequest) -> Select[User]:
    """Return who watches a request and may still see it, by name."""
    is_watching = exists().where(
        Watch.request_id == request.id, Watch.user_id == User.id, Watch.is_watching.is_(True)
    )
    return people_who_see(request.project).where(is_watching)


def watchers_of(request: ProductRequest) -> list[User]:
    """Return all who watch a request, to be told of it."""
    return list(session.scalars(watching(request)).unique())


def mark_of_talk(request: ProductRequest) -> str:
    """Return what changes whenever a comment is changed or removed, or somebody reacts or watches."""
    said = select(func.sum(Activity.version)).where(Activity.request_id == request.id)
    reacted = select(func.count(), func.max(Reaction.created_at)).where(Reaction.request_id == request.id)
    watched = select(func.count()).where(Watch.request_id == request.id, Watch.is_watching.is_(True))
    return repr((session.scalar(said), *session.execute(reacted).one(), session.scalar(watched)))
