"""Where words lead: the requests that somebody looks for, best first, each with the place that was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_

from app.accounts.models import User
from app.core.db import session
from app.core.search import Piece, best_texts, excerpt, owners_matching, read_words
from app.requests.models import COMMENT, SEARCHED, ProductRequest, RequestStatus
from app.requests.queries.visible import requests_visible_to, without_more
from app.requests.queries.words import holds

_NEWEST = (ProductRequest.updated_at.desc(), ProductRequest.id.desc())


def found_by(user: User, text: str) -> Select[ProductRequest]:
    """Return the requests whose words or number somebody looks for, best first; all of them for no words."""
    return without_more(_best_first(requests_visible_to(user), text).order_by(*_NEWEST))


def found_quickly(user: User, text: str, most: int) -> list[ProductRequest]:
    """Return the few requests that somebody most likely means, open ones first."""
    is_over = ProductRequest.status.in_([RequestStatus.MERGED, RequestStatus.CANCELLED])
    query = _best_first(requests_visible_to(user).order_by(is_over), text).order_by(*_NEWEST)
    return list(session.scalars(without_more(query).limit(most)).unique())


def _best_first(query: Select[ProductRequest], text: str) -> Select[ProductRequest]:
    """Leave what has these words or this number: first what has the number, then what has the words best."""
    if not text:
        return query
    words = read_words(text)
    if not words.phrases:
        return query.where(holds(text))
    best = owners_matching(words, SEARCHED)
    is_hit = best.c.owner_id == ProductRequest.id
    if words.number is None:
        return query.join(best, is_hit).order_by(best.c.rank)
    is_it = ProductRequest.number == words.number
    query = query.outerjoin(best, is_hit).where(or_(is_it, best.c.owner_id.is_not(None)))
    return query.order_by(is_it.desc(), best.c.rank)


@dataclass(frozen=True)
class Glimpse:
    """The best place in what was written below a request's title, or said of it, with its words marked."""

    place: list[Piece]
    is_comment: bool


def glimpses(requests: Sequence[ProductRequest], text: str) -> dict[UUID, Glimpse]:
    """Return where these requests hold the words; nothing for one that holds them in its title alone."""
    words = read_words(text)
    best = best_texts(words, SEARCHED, [request.id for request in requests])
    found = {each.owner_id: Glimpse(excerpt(each.body, words), each.kind == COMMENT.kind) for each in best}
    return {owner_id: glimpse for owner_id, glimpse in found.items() if glimpse.place}
