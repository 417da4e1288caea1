"""What somebody looks for: words, quoted phrases, or a number; never the syntax of a database."""

import re
import unicodedata
from dataclasses import dataclass

MOST_WORDS = 12
_LONGEST_NUMBER = 9
_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile(rf"(#?)([0-9]{{1,{_LONGEST_NUMBER}}})")


def fold(text: str) -> str:
    """Return a text without the differences that do not count: case and accents."""
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text)).lower()


@dataclass(frozen=True)
class Phrase:
    """Words that stand one after the other; what was not quoted may go on after its last letter."""

    words: tuple[str, ...]
    is_whole: bool = False

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold(word) for word in self.words)


@dataclass(frozen=True)
class Words:
    """What a line of a search box means."""

    phrases: tuple[Phrase, ...] = ()
    number: int | None = None

    @property
    def are_none(self) -> bool:
        return not self.phrases and self.number is None

    def for_sqlite(self, *, together: bool = True) -> str:
        """Write it as FTS5 reads it; each word stands in quotes, so that it is never an operator."""
        written = (
            " + ".join(f'"{word}"' for word in each.words) + ("" if each.is_whole else " *")
            for each in self.phrases
        )
        return (" AND " if together else " OR ").join(written)

    def for_postgres(self, *, together: bool = True) -> str:
        """Write it as `to_tsquery` reads it; each word stands in quotes, so that it is never an operator."""
        written = (
            "(" + " <-> ".join(f"'{word}'" for word in each.folded) + ("" if each.is_whole else ":*") + ")"
            for each in self.phrases
        )
        return (" & " if together else " | ").join(written)


def words_in(text: str) -> list[str]:
    """Return the words of a text, without case and accents."""
    return _WORD.findall(fold(text))


def read_words(text: str) -> Words:
    """Read what somebody typed. `#12` is a number and nothing else, `12` is a word as well."""
    if found := _NUMBER.fullmatch(text.strip()):
        return Words(() if found[1] else (Phrase((found[2],)),), int(found[2]))
    phrases: list[Phrase] = []
    for quoted, bare in _PART.findall(unicodedata.normalize("NFC", text)):
        words = _WORD.findall(quoted or bare)
        if quoted and words:
            phrases.append(Phrase(tuple(words), is_whole=True))
        else:
            phrases += [Phrase((word,)) for word in words]
    return Words(tuple(phrases[:MOST_WORDS]))
