"""Speaking to somebody in a comment: `@` and their name, however it is capitalised.

A first name is enough where only one person has it, and an e-mail address is never ambiguous; what could be
two people speaks to nobody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from app.accounts.models import User
from app.core.markdown import words_in


def spoken_to(text: str, people: Sequence[User]) -> list[User]:
    """Return those of some people whom a text speaks to, in order of their names."""
    names = _names_of(people)
    pattern = _pattern(names)
    if pattern is None:
        return []
    found = {_plain(called) for words in words_in(text) for called in pattern.findall(words)}
    spoken = {names[name].id: names[name] for name in found if name in names}
    return sorted(spoken.values(), key=lambda each: (each.name, each.id))


def marks_of(people: Sequence[User]) -> re.Pattern[str] | None:
    """Return what finds the places where a text speaks to these people; None where there are none."""
    return _pattern(_names_of(people))


def written_as(person: User, people: Sequence[User]) -> str:
    """Return what to write to speak to somebody and to nobody else."""
    is_only = _names_of(people).get(_plain(person.name)) is person
    return f"@{person.name if is_only else person.email}"


def _names_of(people: Sequence[User]) -> dict[str, User]:
    """Return every name that leads to just one of some people."""
    firsts = _only_ones((each.name.split()[0], each) for each in people if each.name.split())
    wholes = _only_ones((each.name, each) for each in people)
    taken = {_plain(each.name) for each in people}
    mails = {_plain(each.email): each for each in people}
    return {name: one for name, one in firsts.items() if name not in taken} | wholes | mails


def _only_ones(named: Iterable[tuple[str, User]]) -> dict[str, User]:
    pairs = [(_plain(name), person) for name, person in named]
    times = Counter(name for name, _ in pairs)
    return {name: person for name, person in pairs if times[name] == 1 and name}


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds the longest of some names behind an `@` that is not part of an address."""
    longest_first = sorted(names, key=len, reverse=True)
    if not longest_first:
        return None
    written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(rf"(?<![\w@.])@({written})(?![\w@])(?![-.]\w)", re.IGNORECASE)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
