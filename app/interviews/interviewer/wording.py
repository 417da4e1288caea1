"""How people's words become parts of an English sentence without being changed in meaning."""

import re

from app.core.gherkin import one_line

_LOWERED = frozenset(
    "the a an it its this that these those there they we you he she nothing no all every each only when if "
    "visitors people users customers members somebody someone everybody everyone nobody my our your their "
    "show shows display open opens go goes see get send keep stay both one two as after before in on at to".split()
)
_LEAD = re.compile(
    r"^(?:i(?:['’]d| would)? (?:expect|expected|want|wanted|like)(?: it)?(?: that)?\s+|expected(?: result| behaviou?r)?\s*:\s*"
    r"|actual(?: result| behaviou?r)?\s*:\s*|instead,?\s+|then,?\s+|please,?\s+|so,?\s+|but,?\s+|and,?\s+)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:please,?\s+|can (?:you|we|i)\s+(?:please\s+)?|could (?:you|we)\s+(?:please\s+)?|we (?:need|want|would like)(?: to)?\s+"
    r"|i(?:['’]d| would)? (?:like|want|need)(?: to (?:have|see))?\s+|there should be\s+|let['’]?s\s+)",
    re.IGNORECASE,
)
_ADDING = re.compile(
    r"^(?:add|create|build|introduce|include|implement|provide|display|show|put|have|make|insert|offer)\s+"
    r"(?P<thing>(?:an?|the|our|some|more|another|new|two|three|four|five)\b.+|.+)$",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"^(?:(?:as an? [^,]{1,40},?\s*)?(?:visitors?|users?|customers?|people|members?|guests?|readers?|i|we|you)\s+"
    r"(?:can|could|should be able to|must be able to|want to|need to|would like to|may)"
    r"|(?:let|allow|enable)\s+(?:visitors?|users?|customers?|people|members?|guests?|readers?|us|me)(?:\s+to)?)\s+(?P<deed>.+)$",
    re.IGNORECASE,
)
_DEEDS = frozenset(
    "search filter sort export download print share upload order book reserve register subscribe comment rate copy "
    "reset pay reply follow bookmark compare".split()
)
_ARTICLES = frozenset("a an the our some more another their your two three four five new".split())
_PLURAL_OR_MASS = re.compile(r"(?:[^s]s|information|news|music|text|content)$", re.IGNORECASE)


def quoted(text: str, limit: int = 200) -> str:
    """A name or wording in quotation marks, which it does not itself close."""
    flat = one_line(text, limit)
    return f"“{flat}”" if '"' in flat else f'"{flat}"'


def clause(text: str, limit: int = 300) -> str:
    """A person's sentence as the rest of a step: `Then …`."""
    flat = one_line(text, limit)
    previous = ""
    while flat != previous:
        previous, flat = flat, _LEAD.sub("", flat)
    flat = flat.rstrip(" .;,") or one_line(text, limit)
    first = re.split(r"\W", flat, maxsplit=1)[0]
    return flat[:1].lower() + flat[1:] if first.casefold() in _LOWERED and not first.isupper() else flat


def without_asking(title: str) -> str:
    """`Please add X` → `add X`."""
    return _ASKING.sub("", one_line(title)).rstrip(" .!") or one_line(title)


def deed_in(title: str) -> str:
    """What people can do, where the title says it: `Let visitors book a table` → `book a table`."""
    said = one_line(title).rstrip(" .!")
    if (may := _MAY.match(said)) is not None:
        return _third_person(may["deed"])
    bare = without_asking(title)
    return _third_person(bare) if bare.split(" ")[0].casefold() in _DEEDS else ""


def thing_in(title: str) -> str:
    """What is wanted as a noun, where the title says it: `Add a gallery` → `a gallery`."""
    adding = _ADDING.match(without_asking(title))
    if adding is None:
        return ""
    thing = adding["thing"]
    first, last = thing.split(" ")[0], re.split(r" (?:to|on|in|for|with|of|at|that|which|where)\b", thing)[0]
    if first.casefold() in _ARTICLES:
        return thing[:1].lower() + thing[1:]
    if _PLURAL_OR_MASS.search(last) or not first.isascii():
        return thing
    return f"{'an' if first[:1].casefold() in 'aeio' else 'a'} {thing}"


def _third_person(deed: str) -> str:
    swapped = re.sub(r"\bmy\b", "their", re.sub(r"\b(?:me|us)\b", "them", deed))
    return swapped[:1].lower() + swapped[1:]


def sentences(text: str) -> list[str]:
    """The sentences of a description, each on one line."""
    pieces = re.split(r"(?<=[.!?。！？])\s+|\n+", text[:20_000])
    return [flat for piece in pieces if (flat := one_line(piece, 400))]


def names(texts: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else ""
