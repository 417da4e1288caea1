"""Code in colours: each line of a file as HTML, in any language that is known."""

from functools import lru_cache

from markupsafe import Markup

MOST_CHARACTERS = 60_000


@lru_cache(maxsize=128)
def coloured(name: str, text: str) -> tuple[Markup, ...]:
    """Return the lines of a file with its words marked by what they are; none where that is not known."""
    if len(text) > MOST_CHARACTERS or "\r" in text:
        return ()
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import find_lexer_class_for_filename

    found = find_lexer_class_for_filename(name.rpartition("/")[2])
    if found is None:
        return ()
    lexer = found(stripnl=False, ensurenl=False)
    written = highlight(text, lexer, HtmlFormatter(nowrap=True, classprefix="c-"))
    return tuple(Markup(line) for line in written.split("\n"))  # noqa: S704 - Pygments has escaped it
