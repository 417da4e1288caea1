"""Full text: what people wrote is found by the beginnings of its words, whatever their case and accents.

A feature says with a `Source` which columns of its table are searched. Triggers of the database copy them
into `search_texts`, so that nothing that is written, by whomever, is missing or stale. SQLite finds in them
by FTS5, Postgres by `tsvector`. Who may see a hit says the feature's own query, in the same statement.
"""

from app.core.search.finding import best_texts, owners_matching
from app.core.search.index import set_up
from app.core.search.marks import Piece, excerpt, marked
from app.core.search.texts import SearchText, Source, searched
from app.core.search.words import Words, read_words, words_in

__all__ = [
    "Piece",
    "SearchText",
    "Source",
    "Words",
    "best_texts",
    "excerpt",
    "marked",
    "owners_matching",
    "read_words",
    "searched",
    "set_up",
    "words_in",
]
