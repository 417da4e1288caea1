"""Who does what in a clause, why and under which condition."""

import re
from dataclasses import dataclass

from app.specs.writer import phrases
from app.specs.writer.words import BUILDING, act_of, base, is_person, is_verb, singular

_MODAL = (
    r"can|could|should|must|may|might|will|shall|needs? to|wants? to|(?:are|is) able to|ha(?:ve|s) to|"
    r"would like to"
)
_AS_A = re.compile(rf"as an? (?P<actor>[^,]+?),? i (?:{_MODAL}|can|want|need)\s+(?P<rest>.+)", re.IGNORECASE)
_WITH_MODAL = re.compile(
    rf"(?:(?:an?|the|each|every|all|any|our|both|only) )?(?P<actor>[\w'-]+(?: [\w'-]+){{0,3}}?) (?:{_MODAL})"
    r"(?: also| then| always)? (?P<rest>.+)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?:(?:an?|the|each|every|all|any|our|both) )?(?P<actor>[\w'-]+(?: [\w'-]+){0,2}?) (?:also |then )?"
    r"(?P<rest>(?P<verb>[\w-]+)\b.*)",
    re.IGNORECASE,
)
_LET = re.compile(
    r"(?:let|lets|allow|allows|enable|enables|help|helps) (?:(?:an?|the|all|our|every|each) )?"
    r"(?P<actor>[\w'-]+(?: [\w'-]+){0,2}?) (?:to )?(?P<rest>(?P<verb>[\w-]+)\b.*)",
    re.IGNORECASE,
)
_REASON = re.compile(r",?\s+(?:so that|so they can|in order to|because)\s+(?P<reason>.+)$", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?P<condition>(?:when|whenever|if|once|after|before|while|as soon as|unless)\s[^,]+),\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s(?P<condition>(?:when|whenever|if|once|unless|until|only when|only if|as soon as)\s.+)$",
    re.IGNORECASE,
)
_IS = re.compile(r"\b(?:is|are|has|have|was|were|happens?)\b", re.IGNORECASE)
_NEVER = re.compile(r"\b(?:not|never|cannot|can't|no longer|nobody)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a clause says: who, what, why, when."""

    role: str = ""
    want: str
    reason: str = ""
    condition: str = ""
    verb: str = ""

    @property
    def kind(self) -> str | None:
        """Return what kind of act it is, where the verb is known."""
        return act_of(self.verb) if self.verb else None


def act_in(clause: str, *, is_thing: bool = False) -> Act:
    """Return who does what in a clause; where nobody is named, `role` is empty."""
    if is_thing:
        return Act(want=phrases.HAVE.format(thing=_lower(clause)), verb=_first_verb(clause))
    reason = condition = ""
    text = clause
    if match := _REASON.search(text):
        text, reason = text[: match.start()].strip(), match["reason"].strip()
    if match := _BEFORE.fullmatch(text):
        text, condition = match["rest"], match["condition"]
    elif match := _AFTER.search(text):
        condition = match["condition"]
    role, want, verb = _who_and_what(text)
    return Act(role=role, want=want or clause, reason=reason, condition=condition, verb=verb)


def _who_and_what(text: str) -> tuple[str, str, str]:
    return _of_people(text) or _of_nobody(text)


def _of_people(text: str) -> tuple[str, str, str] | None:
    """Return role, want and verb, where somebody is named who does it."""
    if match := _AS_A.fullmatch(text):
        return _role(match["actor"]), *_doing(match["rest"])
    if _NEVER.search(text):
        return None
    for pattern in (_LET, _WITH_MODAL, _PLAIN):
        match = pattern.fullmatch(text)
        if match and is_person(match["actor"]) and (pattern is _WITH_MODAL or is_verb(match["verb"])):
            return None if is_verb(match["actor"]) else (_role(match["actor"]), *_doing(match["rest"]))
    return None


def _of_nobody(text: str) -> tuple[str, str, str]:
    """Return what is wanted where nobody is named: a task, an act of anybody, a rule, a thing."""
    first, _, rest = text.partition(" ")
    is_rule = _WITH_MODAL.fullmatch(text) or _NEVER.search(text) or _IS.search(text)
    if first.lower() in BUILDING:
        return "", phrases.DONE.format(clause=_lower(text)), _first_verb(rest)
    if is_verb(first) and base(first) == first.lower():
        return "", _lower(text), base(first)
    if is_rule:
        return "", phrases.RELY.format(clause=_lower(text)), _first_verb(text)
    return "", phrases.HAVE.format(thing=_lower(text)), _first_verb(text)


def _doing(rest: str) -> tuple[str, str]:
    """Return what is done, and its verb."""
    first, _, others = rest.partition(" ")
    if not is_verb(first):
        return rest, _first_verb(rest)
    return f"{base(first)} {others}".strip(), base(first)


def _first_verb(text: str) -> str:
    """Return the first word that tells what kind of act it is, also within `payments` or `searching`."""
    for word in re.findall(r"[\w-]+", text.lower()):
        for form in (word, word.removesuffix("ing"), word.removesuffix("ment"), word.removesuffix("ments")):
            if act_of(form):
                return base(form)
    return ""


def _role(actor: str) -> str:
    words = actor.strip().split()
    return " ".join([*words[:-1], singular(words[-1])]).lower()


def _lower(text: str) -> str:
    """Begin in small letters, except for names and abbreviations."""
    first, _, rest = text.partition(" ")
    is_name = any(letter.isupper() for letter in first[1:])
    return f"{first if is_name else first[:1].lower() + first[1:]} {rest}".strip()
