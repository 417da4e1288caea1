"""How people's words are written where they shall stand: as data, whatever signs are in them."""

import html
import re
from urllib.parse import quote, urlsplit

from app.integrations.coding_agent.touch_up import colours

_MARKS = re.compile(r"[<]|\{\{|\{%|\{#|\$\{|#\{")
_TAG = re.compile(r"<[a-zA-Z/!]|&#?\w+;")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~])")
_LINE_SIGN = re.compile(r"^(?:[#>+\-=:]|(?=\d{1,9}[.)]))")
_UNSAFE_IN_ADDRESS = re.compile(r"[ \"'<>\\^`{|}()]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCHEMES = {"href": {"http", "https", "mailto", "tel", "sms"}, "src": {"http", "https"}}


def for_markup(words: str) -> str:
    """Write text between tags: no tag, no entity and no expression of a template comes of it."""
    shown = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace("{", "&#123;").replace("}", "&#125;")


def for_attribute(mark: str, words: str) -> str:
    """Write the value of an attribute, for the quotation marks that it has or for none."""
    shown = for_markup(words)
    if mark:
        return shown.replace(mark, "&#34;" if mark == '"' else "&#39;")
    return re.sub(r"[\s\"'`=]", lambda found: f"&#{ord(found[0])};", shown)


def for_string(mark: str, words: str) -> str:
    """Write the inside of a string, as JavaScript, JSON and Python all read it."""
    shown = words.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n").replace("\t", "\\t")
    shown = shown.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    if mark == "`":
        return shown.replace("`", "\\`").replace("${", "\\${")
    return shown.replace(mark, f"\\{mark}")


def for_plain_string(mark: str, words: str) -> str | None:
    """Write a string of which nobody knows whether it becomes markup; not with signs that would be some."""
    return None if _MARKS.search(words) or _TAG.search(words) else for_string(mark, words)


def for_markdown(words: str) -> str:
    """Write text in Markdown that stays text."""
    shown = _MARKDOWN.sub(r"\\\1", words)
    shown = _LINE_SIGN.sub(lambda found: f"&#{ord(found[0])};" if found[0] else "&#8203;", shown)
    return for_markup(shown).replace("&amp;#", "&#") if shown.startswith("&#") else for_markup(shown)


def for_url(words: str) -> str | None:
    """Write an address between the brackets of `url()`."""
    return None if re.search(r"[()'\"\\\s]", words) else words


def for_colour(words: str) -> str | None:
    """Write a colour; nothing else can be written there."""
    meant = colours.colour_of(words)
    return None if meant is None else colours.written(meant)


def as_address(kind: str, words: str) -> str | None:
    """Return an address as it can be written anywhere, or None where it would do more than lead somewhere."""
    if _UNSEEN.search(words.strip()):
        return None
    address = _UNSAFE_IN_ADDRESS.sub(lambda found: quote(found[0], safe=""), words.strip())
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    has_scheme = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", address) is not None
    if (scheme or has_scheme) and scheme not in _SCHEMES[kind]:
        return None
    return address or None


def meaning_of_entity(found: re.Match[str]) -> str:
    return html.unescape(found[0])


ENTITY = _ENTITY
