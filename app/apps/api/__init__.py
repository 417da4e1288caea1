"""Apps and what belongs to them, for programs."""

from app.apps.api import apps, builds, deploys, domains, files, sessions, variables, versions
from app.apps.api.base import blueprint

__all__ = ["apps", "blueprint", "builds", "deploys", "domains", "files", "sessions", "variables", "versions"]
