"""Apps and what belongs to them, for programs."""

from app.apps.api import apps, files, sessions, versions
from app.apps.api.base import blueprint

__all__ = ["apps", "blueprint", "files", "sessions", "versions"]
