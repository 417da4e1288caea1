"""A text as points: each bullet, each sentence, each thing of an enumeration, under its heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.core.gherkin import one_line
from app.specs.writer.words import APP_NOUNS, TOGETHER, is_person, is_verb

LONGEST_POINT, LONGEST_TEXT = 2_000, 1_000_000


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that the text asks for."""

    text: str
    heading: str = ""
    details: tuple[str, ...] = ()
    is_thing: bool = False  # of an enumeration of what it has, so that a verb in it is a noun


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text, read: what it is about, and its points."""

    subject: str = ""
    opening: str = ""
    points: tuple[Point, ...] = ()


_BULLET = re.compile(r"(?P<indent>\s*)(?:[-*•+\u2013]|\d{1,3}[.)]|[a-z]\))\s+(?:\[.\]\s+)?(?P<text>.+)")
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.+?)\s*#*|\*\*(?P<bold>[^*]+)\*\*:?|(?P<label>[^.!?:]{2,60}):")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)\s+(?=[\w\"“'(])")
_OPENING = re.compile(
    r"(?:please\s+)?(?:(?:we|i)(?:'d| would)?\s+(?:need|want|like)(?:\s+to\s+(?:have|build|create|make))?|"
    r"build|create|make|develop|design|implement|write|this is|it is)(?:\s+(?:me|us))?\s+"
    r"(?:an?|the|our|my)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\s*(?:\bwith\b|\bthat has\b|\bwhich has\b|\bincluding\b|\bfeaturing\b|\bthat includes\b|:|"
    r"(?P<clause>\bwhere\b|\bin which\b|\bso that\b|"
    r"\bthat (?:lets|allows|helps)\b|\bwhich (?:lets|allows|helps)\b))\s*",
    re.IGNORECASE,
)


def read(text: str) -> Reading:
    """Read a text; the same text gives the same points."""
    points = list(_points(text))
    if not points:
        return Reading()
    subject, opening, begun, are_things = _opened(points[0].text)
    title = re.match(r"\s*#\s+(.+)", text)
    if not opening:
        return Reading(subject=_cut(title[1]) if title else "", points=tuple(_all_parts(points)))
    rest = [*(replace(points[0], text=each, is_thing=are_things) for each in begun), *points[1:]]
    found = tuple(_all_parts(rest)) or (replace(points[0], text=subject, is_thing=True),)
    return Reading(subject=_cut(title[1]) if title else subject, opening=opening, points=found)


def sentences(text: str) -> list[str]:
    """Return the sentences and bullets of a text, as they stand."""
    found = []
    for line in _unwrapped(text):
        bullet = _BULLET.fullmatch(line)
        found += [each for each in _SENTENCE.split(_tidy(bullet["text"] if bullet else line)) if each]
    return [each for each in found if not _HEADING.fullmatch(each)]


def _cut(text: str) -> str:
    return one_line(text, LONGEST_POINT).strip(" .:*#")


def _tidy(text: str) -> str:
    return one_line(re.sub(r"(\*\*|__|`)", "", text), LONGEST_TEXT)


def _points(text: str) -> Iterator[Point]:
    """Give bullets and sentences with their headings; deeper bullets are details of the one above."""
    heading, waiting, depth = "", None, 0
    for line in _unwrapped(text):
        bullet = _BULLET.fullmatch(line)
        indent = len(bullet["indent"].expandtabs(4)) if bullet else 0
        if bullet and waiting is not None and indent > depth:
            waiting = replace(waiting, details=(*waiting.details, _cut(_tidy(bullet["text"]))))
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        title = None if bullet else _HEADING.fullmatch(line.strip())
        if bullet:
            waiting, depth = Point(text=_cut(_tidy(bullet["text"])), heading=heading), indent
        elif title is None:
            yield from _in_prose(line, heading)
        elif not line.startswith("# "):
            heading = _cut(title["text"] or title["bold"] or title["label"])
    if waiting is not None:
        yield waiting


def _in_prose(line: str, heading: str) -> Iterator[Point]:
    for sentence in _SENTENCE.split(_tidy(line)):
        if sentence.strip(" .!?"):
            yield Point(text=_cut(sentence.rstrip(" .!?")), heading=heading)


def _unwrapped(text: str) -> list[str]:
    """Join the lines of a paragraph; headings stay alone, and a bullet takes only what is indented."""
    lines: list[str] = []
    goes_on = within_bullet = False
    for raw in text.splitlines():
        line = raw.rstrip()
        is_bullet, is_heading = _BULLET.fullmatch(line), _HEADING.fullmatch(line.strip())
        joins = goes_on and not is_bullet and not is_heading and (not within_bullet or line[:1].isspace())
        if not line.strip():
            goes_on = False
        elif joins:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
            goes_on, within_bullet = not is_heading, bool(is_bullet)
    return lines


def _opened(text: str) -> tuple[str, str, list[str], bool]:
    """Part an opening (`Build a shop with …`) into what it is about and what it asks for, things or acts."""
    match = _OPENING.fullmatch(text)
    if match is None:
        return "", "", [], False
    turn = _TURN.search(match["rest"])
    subject = (match["rest"][: turn.start()] if turn else match["rest"]).strip(" ,")
    if not set(re.findall(r"[\w-]+", subject.lower())) & APP_NOUNS:
        return "", "", [], False
    if turn is None:
        return subject, text, [], False
    rest = match["rest"][turn.end() :].strip(" ,")
    if turn["clause"]:
        word = turn["clause"].split()[-1].lower()
        return subject, text, [f"let {rest}" if word in {"lets", "allows", "helps"} else rest], False
    return subject, text, listed(rest), ":" not in turn[0]


def _as_one(pair: re.Match[str]) -> str:
    return pair[0].replace(" and ", "\0")


def listed(text: str) -> list[str]:
    """Part an enumeration into its things."""
    kept = text
    for pair in TOGETHER:
        kept = re.sub(rf"\b{pair}\b", _as_one, kept, flags=re.IGNORECASE)
    pieces = re.split(r"\s*[,;]\s*(?:and\s+|or\s+)?|\s+and\s+|\s+as well as\s+", kept)
    return [piece.replace("\0", " and ").strip(" .") for piece in pieces if piece.strip(" .")]


def _all_parts(points: list[Point]) -> Iterator[Point]:
    for point in points:
        parts = [point.text] if point.is_thing else clauses(point.text)
        for place, part in enumerate(parts):
            yield replace(point, text=part, details=point.details if place == len(parts) - 1 else ())


_SUBJECT = re.compile(
    r"(?P<subject>.*?\b(?:can|could|should|must|may|will|shall|needs? to|wants? to|(?:is|are) able to|"
    r"i want to|to)(?:\s+also)?)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*,\s*(?:and\s+then\s+|and\s+|then\s+)?|\s+and\s+then\s+|\s+and\s+")


def clauses(sentence: str) -> list[str]:
    """Part what one subject does in one sentence: `Guests can book a table and cancel it` are two things."""
    subject, rest = _parted(sentence)
    if not subject and not is_verb(sentence.split(maxsplit=1)[0]):
        return [sentence]
    pieces: list[str] = []
    place = 0
    for joint in [*_JOINT.finditer(rest), None]:
        end = joint.start() if joint else len(rest)
        following = rest[joint.end() :].split(maxsplit=1)[:1] if joint else ["?"]
        if joint is None or (following and is_verb(following[0])):
            pieces.append(rest[place:end])
            place = joint.end() if joint else end
    return [f"{subject}{piece}".strip() for piece in pieces if piece.strip()]


def _parted(sentence: str) -> tuple[str, str]:
    """Part a sentence after its subject: up to its modal verb, or the people before its verb."""
    if match := _SUBJECT.fullmatch(sentence):
        return f"{match['subject']} ", match["rest"]
    words = sentence.split()
    for place in range(1, min(5, len(words))):
        if is_verb(words[place]) and is_person(words[place - 1]):
            return " ".join(words[:place]) + " ", " ".join(words[place:])
    return "", sentence
