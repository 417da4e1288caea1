"""Pins: what somebody pointed at on a preview, with notes; their texts are of a page nobody vouches for."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from app.core.gherkin import one_line

MOST_PINS = 12
LONGEST = {"page": 300, "selector": 300, "text": 300, "note": 1000}


def clean_pins(given: Iterable[Any]) -> list[dict[str, Any]]:
    """Return pins as they may be kept: known fields of limited length; what is no pin is left out."""
    kept = []
    for each in list(given)[:MOST_PINS]:
        if not isinstance(each, Mapping):
            continue
        pin: dict[str, Any] = {
            name: one_line(value, most)
            for name, most in LONGEST.items()
            if isinstance(value := each.get(name), str) and value.strip()
        }
        if pin:
            kept.append({**pin, "x": _place(each.get("x")), "y": _place(each.get("y"))})
    return kept


def _place(value: Any) -> int:
    fits = isinstance(value, int | float) and math.isfinite(value)
    return int(min(max(value, 0), 1_000_000)) if fits else 0


def pins_of(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what was pointed at when changes were asked for: several, or the one of older entries."""
    several, one = payload.get("elements"), payload.get("element")
    if isinstance(several, list):
        return clean_pins(several)
    return clean_pins([one]) if isinstance(one, Mapping) else []


def line_of(pin: Mapping[str, Any]) -> str:
    """Say one pin in a line: where, what stands there, and what is wished."""
    where = f"on {pin.get('page') or 'the page'}"
    at = f", at {pin['selector']}" if pin.get("selector") else ""
    reads = f", which reads “{pin['text']}”" if pin.get("text") else ""
    return f"{where}{at}{reads}{': ' + pin['note'] if pin.get('note') else ''}"
