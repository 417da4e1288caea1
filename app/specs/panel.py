"""What the page of a spec shows, made ready for its template."""

import difflib
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.specs.document import Document
from app.specs.models import Spec, SpecStatus
from app.specs.renderings import for_people
from app.specs.writer import PARTS


def steps_of(spec: Spec, state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of a spec and how far each is."""
    labels = {
        "summary": _("What it is about"),
        "stories": _("Stories and how each is checked"),
        "people": _("Who it is for"),
        "technology": _("What it is built with, drawn"),
        "risks": _("What may go wrong"),
    }
    at = next((place for place, part in enumerate(PARTS) if part not in spec.parts), len(PARTS))
    is_going_on = spec.status is SpecStatus.PROCESSING
    return [
        {
            "label": labels[part],
            "state": "done" if place < at else "running" if place == at and is_going_on else "waiting",
            "note": state["progressMessage"] if place == at and is_going_on else None,
        }
        for place, part in enumerate(PARTS)
    ]


def architecture_title() -> str:
    """Return what the drawing of the parts is called."""
    return str(_("What it is made of"))


def flow_title() -> str:
    """Return what the drawing of the ways is called."""
    return str(_("What people do"))


@dataclass(frozen=True)
class Line:
    """One line of a comparison: kept, added or removed."""

    kind: str
    text: str


def comparison(before: Document, after: Document) -> list[Line]:
    """Return how a document changed from one version to another, with a few lines around each change."""
    found = difflib.unified_diff(
        for_people(before).splitlines(), for_people(after).splitlines(), lineterm="", n=2
    )
    return [Line(line[:1], line[1:]) for line in list(found)[2:]]
