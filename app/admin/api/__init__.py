"""The endpoints of the administration: organizations, people, projects, connections, the installation."""

from app.admin.api import connections, installation, language_model, letters, organizations, people, projects
from app.admin.api.base import blueprint

__all__ = [
    "blueprint",
    "connections",
    "installation",
    "language_model",
    "letters",
    "organizations",
    "people",
    "projects",
]
