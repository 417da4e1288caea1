"""What a file is called, and how large it is, as people read it."""

import unicodedata

_LONGEST = 150
_LONGEST_ENDING = 20
_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_STEP = 1024


def clean_name(given: str) -> str:
    """Return a file's name without folders, control characters and marks that turn its direction around."""
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    name = "".join(
        letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _MARKS
    )
    name = " ".join(name.split())
    if not name.strip("."):
        return "file"
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def size_in_words(size: int) -> str:
    """Write how many bytes something has."""
    if size < _STEP:
        return f"{size} B"
    if size < _STEP**2:
        return f"{size / _STEP:.0f} kB"
    return f"{size / _STEP**2:.1f} MB"
