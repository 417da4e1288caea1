"""How people's words become parts of an English sentence without being changed in meaning."""
# ruff: noqa: RUF001 (typographic apostrophes and full-width signs are what people type)

import re

from app.core.gherkin import one_line

_LOWERED = frozenset(
    [
        *(
            "the",
            "a",
            "an",
            "it",
            "its",
            "this",
            "that",
            "these",
            "those",
            "there",
            "they",
            "we",
            "you",
            "he",
            "she",
        ),
        *(
            "nothing",
            "no",
            "all",
            "every",
            "each",
            "only",
            "when",
            "if",
            "visitors",
            "people",
            "users",
            "customers",
        ),
        *(
            "members",
            "somebody",
            "someone",
            "everybody",
            "everyone",
            "nobody",
            "my",
            "our",
            "your",
            "their",
            "both",
        ),
        *(
            "one",
            "two",
            "as",
            "after",
            "before",
            "in",
            "on",
            "at",
            "to",
            "show",
            "shows",
            "display",
            "open",
            "opens",
        ),
        *(
            "go",
            "goes",
            "see",
            "get",
            "send",
            "keep",
            "stay",
            "add",
            "make",
            "change",
            "move",
            "put",
            "update",
            "use",
        ),
        *(
            "rename",
            "replace",
            "remove",
            "fix",
            "let",
            "allow",
            "sort",
            "upgrade",
            "clean",
            "tidy",
            "write",
            "delete",
        ),
    ]
)
_LEAD = re.compile(
    r"^(?:i(?:['’]d| would)? (?:expect|expected|want|wanted|like)(?: it)?(?: that)?\s+"
    r"|(?:expected|actual)(?: result| behaviou?r)?\s*:\s*"
    r"|(?:instead|then|please|so|but|and),?\s+)",
    re.IGNORECASE,
)
_OWN_WISH = re.compile(r"^i(?: would)? (?:expect|expected|want|wanted|like) to (?=[a-z])", re.IGNORECASE)
_WISH = re.compile(r"^i (?:expect|expected|want|wanted) ((?!that\b).{2,60}?) to (?=[a-z])", re.IGNORECASE)
_ASKING = re.compile(
    r"^(?:please,?\s+|can (?:you|we|i)\s+(?:please\s+)?|could (?:you|we)\s+(?:please\s+)?"
    r"|we (?:need|want|would like)(?: to)?\s+|i(?:['’]d| would)? (?:like|want|need)(?: to (?:have|see))?\s+"
    r"|there should be\s+|let['’]?s\s+)",
    re.IGNORECASE,
)
_ADDING = re.compile(
    r"^(?:add|create|build|introduce|include|implement|provide|display|show|put|have|insert|offer)\s+(?P<thing>.+)$",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"^(?:(?:as an? [^,]{1,40},?\s*)?"
    r"(?:visitors?|users?|customers?|people|members?|guests?|readers?|i|we|you)\s+"
    r"(?:can|could|should be able to|must be able to|want to|need to|would like to|may)"
    r"|(?:let|allow|enable)\s+(?:visitors?|users?|customers?|people|members?|guests?|readers?|us|me)(?:\s+to)?)"
    r"\s+(?P<deed>.+)$",
    re.IGNORECASE,
)
_TAKING = re.compile(
    r"^(?:remove|delete|drop|hide|get rid of|take (?:out|away|down|off)|move|reorder|change|update|replace"
    r"|fix|rename)"
    r"\s+(?P<thing>.+)$",
    re.IGNORECASE,
)
_DEEDS = frozenset(
    [
        *(
            "search",
            "filter",
            "sort",
            "export",
            "download",
            "print",
            "share",
            "upload",
            "order",
            "book",
            "reserve",
        ),
        *(
            "register",
            "subscribe",
            "comment",
            "rate",
            "copy",
            "reset",
            "pay",
            "reply",
            "follow",
            "bookmark",
            "compare",
        ),
    ]
)
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "our",
        "my",
        "some",
        "more",
        "another",
        "your",
        "their",
        "two",
        "three",
        "four",
        "five",
        "all",
    ]
)
_NO_ARTICLE = re.compile(r"(?:[^s]s|information|info|news|music|text|content)$", re.IGNORECASE)
_OF_IT = re.compile(r" (?:to|on|in|for|with|of|at|that|which|where|from|by|about)\b")
_SEVERAL = re.compile(r"\band\b|(?:[^sui'’]s|people|children)$", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|is|and|it|that|should|see|can|when|my|am|to|get|want|was)\b", re.IGNORECASE)
_AS_OTHERS = (
    (r"\b[Ii](?:['’]m| am)\b", "they are"),
    (r"\b[Ii](?:['’]ve| have)\b", "they have"),
    (r"\b[Ii](?:['’]ll| will)\b", "they will"),
    (r"\bI was\b", "they were"),
    (r"(?<![\w-])I(?![\w'’-])", "they"),
    (r"\b[Mm]y\b", "their"),
    (r"\b[Mm]e\b", "them"),
)
_PEOPLE_SHOULD = re.compile(
    r"^(?:visitors|users|customers|people|they|we|members)\s+should\s+(?P<able>be able to\s+)?(?=[a-z])",
    re.IGNORECASE,
)


def quoted(text: str, limit: int = 200) -> str:
    """A name or wording in quotation marks, which it does not itself close."""
    flat = one_line(text, limit)
    return f"“{flat}”" if '"' in flat else f'"{flat}"'


def clause(text: str, limit: int = 300) -> str:
    """A person's sentence as the rest of a step: `Then …`."""
    flat, previous = _as_wish(one_line(text, limit)), ""
    while flat != previous:
        previous, flat = flat, _LEAD.sub("", flat)
    flat = flat.rstrip(" .;,") or one_line(text, limit)
    if _ENGLISH.search(flat):
        flat = _as_others(flat)
    first = re.split(r"\W", flat, maxsplit=1)[0]
    return (
        flat[:1].lower() + flat[1:]
        if first.casefold() in _LOWERED and first[1:].islower() | (len(first) == 1)
        else flat
    )


def _as_wish(text: str) -> str:
    """`I expected it to open` → `it should open`."""
    return _WISH.sub(r"\1 should ", _OWN_WISH.sub("they ", text))


def _as_others(text: str) -> str:
    """`I see my order` → `they see their order`; what stands in quotation marks stays."""
    if re.search(r"[\"“”„«]", text):
        return text
    for own, others in _AS_OTHERS:
        text = re.sub(own, others, text)
    return _PEOPLE_SHOULD.sub(lambda found: "they can " if found["able"] else "they ", text)


def without_asking(title: str) -> str:
    """`Please add X` → `add X`."""
    return _ASKING.sub("", one_line(title)).rstrip(" .!") or one_line(title)


def deed_in(title: str) -> str:
    """What people can do, where the title says it: `Let visitors book a table` → `book a table`."""
    said = _after_label(one_line(title)).rstrip(" .!")
    if (may := _MAY.match(said)) is not None:
        return _begin_small(_as_others(may["deed"]))
    bare = without_asking(said)
    return _begin_small(_as_others(bare)) if bare.split(" ")[0].casefold() in _DEEDS else ""


def thing_in(title: str) -> str:
    """What is wanted as a noun, where the title says it: `Add a gallery` → `a gallery`."""
    adding = _ADDING.match(without_asking(_after_label(title)))
    if adding is None:
        return ""
    thing = adding["thing"]
    words = thing.split(" ")
    first, noun = words[0], _OF_IT.split(thing)[0]
    if first.casefold() in _DETERMINERS:
        return _begin_small(thing)
    if _NO_ARTICLE.search(noun) or not first.isascii() or not first.isalpha() or first[:1].isupper():
        return thing
    return f"{'an' if first[:1] in 'aeio' else 'a'} {thing}"


def _after_label(title: str) -> str:
    """`Footer: show our address` → `show our address`."""
    return re.sub(r"^[^:]{1,30}:\s+(?=\S)", "", title)


def thing_taken(title: str) -> str:
    """What a title wants gone, moved or changed: `Remove the old map` → `the old map`."""
    taking = _TAKING.match(without_asking(title))
    return _begin_small(taking["thing"]) if taking else ""


def the(thing: str) -> str:
    """`a print button` → `the print button`."""
    return re.sub(r"^(?:an?|our|another)\s+", "the ", thing)


def is_or_are(thing: str) -> str:
    """Choose the verb for what stands before it: the opening hours *are*, a map of the streets *is*."""
    return "are" if _SEVERAL.search(_OF_IT.split(thing)[0]) else "is"


def begin(text: str) -> str:
    """The words as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _begin_small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def sentences(text: str) -> list[str]:
    """The sentences of a description, each on one line."""
    pieces = re.split(r"(?<=[.!?。！？])\s+|\n+", text)
    return [flat for piece in pieces if (flat := one_line(piece, 400))]


def names(texts: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else ""
