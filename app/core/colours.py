"""Colours as people write them, and which of black and white can be read on one (WCAG 2.2)."""

import re

BLACK, WHITE = "#000000", "#ffffff"
_LINEAR_UP_TO = 0.04045
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def as_hex(text: str) -> str | None:
    """Return a colour as `#rrggbb`; None where the text is none."""
    found = text.strip().lower()
    if not _HEX.fullmatch(found):
        return None
    return found if len(found) == len("#rrggbb") else "#" + "".join(2 * digit for digit in found[1:])


def readable_on(colour: str) -> str:
    """Return black or white, whichever stands out more; on any colour that is at least 4.5:1."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """Return how far two colours stand apart, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= _LINEAR_UP_TO else ((value + 0.055) / 1.055) ** 2.4
