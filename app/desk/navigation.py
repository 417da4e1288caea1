"""The frame around every page: where somebody is, and where they can go from there."""

from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import User
from app.notifications.queries import unread_count


@dataclass
class Shell:
    """What the layouts read; every page of a project or an organization adds to it."""

    organization: str | None = None
    project: str | None = None
    place_url: str | None = None
    places: list[tuple[str, str]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    crumbs: list[tuple[str, str | None]] = field(default_factory=list)
    unread: int = 0
    needs_you: int = 0


def shell(user: User) -> Shell:
    """Return the frame for a person."""
    return Shell(unread=unread_count(user))
