"""The words that the built-in writer knows: verbs and what kind of act they are, people, products."""

import re
import tomllib
from pathlib import Path

_KNOWN = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
_WORDS = {name: frozenset(words.split()) for name, words in _KNOWN["words"].items()}
ACTS: dict[str, frozenset[str]] = {act: frozenset(verbs.split()) for act, verbs in _KNOWN["acts"].items()}
BUILDING, SMALL, APP_NOUNS = _WORDS["building"], _WORDS["small"], _WORDS["apps"]
TECHNOLOGY: dict[str, tuple[str, str]] = {
    written: (name, category) for written, (name, category) in _KNOWN["technology"].items()
}
SERVICES: dict[str, str] = _KNOWN["services"]
CUES: dict[str, list[str]] = _KNOWN["cues"]
HEAVY = re.compile(rf"\b(?:{'|'.join(_KNOWN['heavy']['patterns'])})\b", re.IGNORECASE)
TOGETHER = (
    "drag and drop",
    "terms and conditions",
    "search and filter",
    "light and dark",
    "cut and paste",
    "q and a",
)
_VERBS = frozenset().union(*ACTS.values(), _WORDS["others"])
_ANIMATE = re.compile(r"(?:er|or|ist|ian|ee|eer)$")
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""))
_LESSER = ("ss", "us", "is")


def base(verb: str) -> str:
    """Return a verb as it stands after `to`."""
    word = verb.lower()
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and word not in _VERBS and word.removesuffix(ending) + instead in _VERBS:
            return word.removesuffix(ending) + instead
    return word


def is_verb(word: str) -> bool:
    """Tell whether a word is one of the verbs that are known, in its plain form or with an s."""
    return base(word.strip(",.;:")) in _VERBS


def act_of(verb: str) -> str | None:
    """Return what kind of act a verb is."""
    return next((act for act, verbs in ACTS.items() if base(verb) in verbs), None)


def singular(noun: str) -> str:
    """Return one of what a plural names."""
    lower = noun.lower()
    if lower == "people":
        return noun[:2] + "rson"
    if lower.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if lower.endswith("s") and not lower.endswith(_LESSER) else noun


def is_person(noun: str) -> bool:
    """Tell whether a noun names people."""
    last = singular(noun.rsplit(maxsplit=1)[-1]).lower() if noun.split() else ""
    if last in _WORDS["people"]:
        return True
    return bool(_ANIMATE.search(last)) and last not in APP_NOUNS and last not in _WORDS["things"]
