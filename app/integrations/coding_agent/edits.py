"""What somebody pointed at and wants different, and where in the source that stands."""

from dataclasses import dataclass, field
from typing import Any

EVERYWHERE = "*"


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One small change: `was` stands on the page `page` at `selector`, `to` shall stand there.

    `place` is one of the places that were offered, or `*` for all of them.
    """

    kind: str  # text, href, src or color
    was: str
    to: str
    selector: str = ""
    page: str = ""
    place: str = ""

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Edit":
        """Read an edit as the API writes it."""
        given = {"was" if name == "from" else name: str(value or "") for name, value in said.items()}
        return cls(**{name: given[name] for name in cls.__dataclass_fields__ if name in given})

    def as_dict(self) -> dict[str, str]:
        """Write an edit as the API reads it."""
        said = {name: getattr(self, name) for name in ("selector", "kind", "to", "page", "place")}
        return {**said, "from": self.was}


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """Where something stands in the source, with the line around it for people."""

    path: str
    line: int
    column: int
    excerpt: str = field(compare=False)

    @property
    def key(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Where an edit would land: `chosen` is changed, `places` is everywhere it could be meant."""

    edit: Edit
    places: list[Place]
    chosen: list[Place]
    trouble: str = ""

    @property
    def is_settled(self) -> bool:
        return bool(self.chosen)

    def as_dict(self) -> dict[str, Any]:
        """Write it for the API and for keeping."""
        return {
            **self.edit.as_dict(),
            "applied": self.is_settled,
            "trouble": self.trouble or None,
            "places": [_written(place) for place in (self.chosen or self.places)],
        }


def _written(place: Place) -> dict[str, Any]:
    return {"place": place.key, "file": place.path, "line": place.line, "excerpt": place.excerpt}
