"""Code in colours: each line of a file as HTML, in any language that is known."""

from functools import lru_cache
from threading import Lock
from typing import Any

from markupsafe import Markup

MOST_CHARACTERS = 60_000
# Pygments puts another module in its own place while it is imported: a second thread may find the half of it.
_loading = Lock()


@lru_cache(maxsize=128)
def coloured(name: str, text: str) -> tuple[Markup, ...]:
    """Return the lines of a file with its words marked by what they are; none where that is not known."""
    if len(text) > MOST_CHARACTERS or "\r" in text:
        return ()
    highlight, formatter_class, lexer_class_for = _pygments()
    found = lexer_class_for(name.rpartition("/")[2])
    if found is None:
        return ()
    lexer = found(stripnl=False, ensurenl=False)
    written = highlight(text, lexer, formatter_class(nowrap=True, classprefix="c-"))
    return tuple(Markup(line) for line in written.split("\n"))  # noqa: S704 - Pygments has escaped it


def _pygments() -> tuple[Any, Any, Any]:
    """Load it when it is needed first, in one thread at a time: it takes megabytes that many never need."""
    with _loading:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import find_lexer_class_for_filename

    return highlight, HtmlFormatter, find_lexer_class_for_filename
