"""Which requests hold the words that somebody looks for, or have that number."""

from sqlalchemy import ColumnElement, or_, select

from app.core.search import owners_matching, read_words
from app.requests.models import SEARCHED, ProductRequest


def holds(text: str) -> ColumnElement[bool]:
    """Return the condition that a request or what was said of it has these words, or this number."""
    words = read_words(text)
    if words.are_none:
        return _holds_signs(text)
    is_it = ProductRequest.number == words.number
    if not words.phrases:
        return is_it
    found = ProductRequest.id.in_(select(owners_matching(words, SEARCHED).c.owner_id))
    return found if words.number is None else or_(found, is_it)


def _holds_signs(text: str) -> ColumnElement[bool]:
    """Look for what has no word in it, such as `%`, as it stands; no index knows of signs."""
    signs = text.replace("\0", "").strip()
    return or_(
        ProductRequest.title.contains(signs, autoescape=True),
        ProductRequest.description.contains(signs, autoescape=True),
    )
