"""Which texts hold what somebody looks for, best first: FTS5 on SQLite, `tsvector` on Postgres."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
)

from app.core.db import current_engine, session
from app.core.search.texts import SearchText
from app.core.search.words import Words

_TEXTS = table("fts_texts", column("rowid", Integer), column("rank"))


def owners_matching(words: Words, kinds: Collection[str], *, together: bool = True) -> Subquery:
    """Return whose texts match: `owner_id`, and the best `rank` of each, of which less is better.

    All words have to stand in one text, unless `together` is false.
    """
    hits = _hits(words, together=together)
    return (
        select(SearchText.owner_id, func.min(hits.c.rank).label("rank"))
        .join(hits, hits.c.id == SearchText.id)
        .where(SearchText.kind.in_(kinds))
        .group_by(SearchText.owner_id)
        .subquery()
    )


def best_texts(words: Words, kinds: Collection[str], owner_ids: Collection[UUID]) -> Sequence[SearchText]:
    """Return of each owner the one text that matches best, where one does."""
    theirs = select(SearchText.id).where(SearchText.kind.in_(kinds), SearchText.owner_id.in_(owner_ids))
    hits = _hits(words, together=True, among=theirs)
    place = func.row_number().over(partition_by=SearchText.owner_id, order_by=(hits.c.rank, SearchText.id))
    ranked = select(SearchText.id, place.label("place")).join(hits, hits.c.id == SearchText.id).subquery()
    query = select(SearchText).join(ranked, ranked.c.id == SearchText.id).where(ranked.c.place == 1)
    return session.scalars(query).all()


def _hits(words: Words, *, together: bool, among: Select[int] | None = None) -> CTE:
    """Return which texts match and how well; of all of them, or only of some, named by their ids."""
    if not words.phrases:
        return select(SearchText.id, literal(0.0).label("rank")).where(false()).cte()
    if current_engine().dialect.name == "sqlite":
        matches = literal_column("fts_texts").op("MATCH")(words.for_sqlite(together=together))
        found = select(_TEXTS.c.rowid.label("id"), _TEXTS.c.rank).where(matches)
        # By its bare rowid FTS5 would look up the words anew for each of them.
        return (found if among is None else found.where((_TEXTS.c.rowid + 0).in_(among))).cte()
    wanted = func.to_tsquery("simple", words.for_postgres(together=together))
    kept: ColumnElement[Any] = literal_column("search_texts.fts_words")
    rank = (-func.ts_rank(kept, wanted, 1)).label("rank")
    found = select(SearchText.id, rank).where(kept.op("@@")(wanted))
    return (found if among is None else found.where(SearchText.id.in_(among))).cte()
