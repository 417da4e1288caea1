"""Where words lead: the requests that somebody looks for, best first, each with the place that was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, case, func, or_, select

from app.accounts.models import User
from app.core.db import session
from app.core.paging import Page, paginate
from app.core.search import Piece, Words, best_texts, excerpt, owners_matching, read_words
from app.projects.models import Project
from app.projects.queries import projects_visible_to
from app.requests.models import COMMENT, SEARCHED, ProductRequest, RequestStatus
from app.requests.queries.visible import requests_visible_to, without_more
from app.requests.queries.words import holds

_BEFORE_ALL = -1e9  # what has the number that was asked for is better than any words
_NEWEST = (ProductRequest.updated_at.desc(), ProductRequest.id.desc())


def found_by(user: User, text: str) -> Select[ProductRequest]:
    """Return the requests whose words or number somebody looks for, best first; all of them for no words."""
    return without_more(_best_first(requests_visible_to(user), text).order_by(*_NEWEST))


def found_quickly(user: User, text: str, most: int) -> list[ProductRequest]:
    """Return the few requests that somebody most likely means, open ones first."""
    is_over = ProductRequest.status.in_([RequestStatus.MERGED, RequestStatus.CANCELLED])
    query = _best_first(requests_visible_to(user).order_by(is_over), text).order_by(*_NEWEST)
    return list(session.scalars(without_more(query).limit(most)).unique())


def page_found_by(user: User, text: str, *, page: int, limit: int) -> Page[ProductRequest]:
    """Read a page of what `found_by` returns, ranked once to be counted and shown.

    A letter may be found in all that was ever asked for: only the page's requests are loaded.
    """
    words = read_words(text)
    if not words.phrases:
        return paginate(found_by(user, text), page=page, limit=limit)
    page = max(1, page)
    hits = _hits(user, words)
    total = select(func.count()).select_from(hits)
    best = select(hits.c.id, total.scalar_subquery().label("total"))
    best = best.order_by(hits.c.rank, hits.c.updated_at.desc(), hits.c.id.desc())
    rows = session.execute(best.limit(limit).offset((page - 1) * limit)).all()
    return Page(
        items=_in_turn([row.id for row in rows]),
        page=page,
        limit=limit,
        total=rows[0].total if rows else session.scalar(total) or 0,
    )


def _hits(user: User, words: Words) -> CTE:
    """Return of each request that somebody may see and that fits what its place in the order needs."""
    projects = projects_visible_to(user).with_only_columns(Project.id).order_by(None)
    query, rank = _ranked(select(ProductRequest).where(ProductRequest.project_id.in_(projects)), words)
    return query.with_only_columns(
        ProductRequest.id, ProductRequest.updated_at, rank.label("rank"), maintain_column_froms=True
    ).cte()


def _in_turn(ids: Sequence[UUID]) -> list[ProductRequest]:
    """Load requests in the order of their ids."""
    query = without_more(select(ProductRequest).where(ProductRequest.id.in_(ids)))
    found = {request.id: request for request in session.scalars(query).unique()}
    return [found[each] for each in ids if each in found]  # one may be gone by now


def _best_first(query: Select[ProductRequest], text: str) -> Select[ProductRequest]:
    """Leave what has these words or this number: first what has the number, then what has the words best."""
    if not text:
        return query
    words = read_words(text)
    if not words.phrases:
        return query.where(holds(text))
    query, rank = _ranked(query, words)
    return query.order_by(rank)


def _ranked(
    query: Select[ProductRequest], words: Words
) -> tuple[Select[ProductRequest], ColumnElement[float]]:
    """Leave what has these words or this number, and return by what it is ordered: less is better."""
    best = owners_matching(words, SEARCHED)
    is_hit = best.c.owner_id == ProductRequest.id
    if words.number is None:
        return query.join(best, is_hit), best.c.rank
    is_it = ProductRequest.number == words.number
    query = query.outerjoin(best, is_hit).where(or_(is_it, best.c.owner_id.is_not(None)))
    return query, case((is_it, _BEFORE_ALL), else_=best.c.rank)


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
