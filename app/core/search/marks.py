"""Where in a text the words stand that somebody looked for."""

import re
from typing import NamedTuple

from app.core.search.words import Words, fold

_WORD = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_BEFORE = 40  # characters that an excerpt shows before the first word that was found


class Piece(NamedTuple):
    """A part of a text: a word that was looked for, or what stands between two such."""

    text: str
    is_hit: bool


def marked(text: str, words: Words) -> list[Piece]:
    """Part a text into the words that were looked for and what stands between them."""
    pieces: list[Piece] = []
    end = 0
    for found in _WORD.finditer(text):
        if _is_wanted(fold(found[0]), words):
            pieces += [Piece(text[end : found.start()], is_hit=False), Piece(found[0], is_hit=True)]
            end = found.end()
    pieces.append(Piece(text[end:], is_hit=False))
    return [piece for piece in pieces if piece.text]


def excerpt(text: str, words: Words, most: int = 160) -> list[Piece]:
    """Return the part of a text around the first word that was looked for; nothing where there is none."""
    plain = " ".join(text.split())
    first = next((word for word in _WORD.finditer(plain) if _is_wanted(fold(word[0]), words)), None)
    if first is None:
        return []
    begin = max(0, first.start() - _BEFORE)
    if begin:
        begin = plain.find(" ", begin, first.start()) + 1 or first.start()
    end = begin + most
    if end < len(plain):
        end = max(plain.rfind(" ", begin, end), first.end())
    shown = ("… " if begin else "") + plain[begin:end] + (" …" if end < len(plain) else "")
    return marked(shown, words)


def _is_wanted(word: str, words: Words) -> bool:
    return any(
        word == wanted or (not phrase.is_whole and word.startswith(wanted))
        for phrase in words.phrases
        for wanted in phrase.folded
    )
