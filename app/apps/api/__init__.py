"""Apps and what belongs to them, for programs."""

from app.apps.api import apps, files, versions
from app.apps.api.base import blueprint

__all__ = ["apps", "blueprint", "files", "versions"]
