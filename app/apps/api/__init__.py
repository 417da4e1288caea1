"""Apps and what belongs to them, for programs."""

from app.apps.api import sessions
from app.apps.api.base import blueprint

__all__ = ["blueprint", "sessions"]
