"""The endpoints of the administration: people, projects, connections, and the installation itself."""

from app.admin.api import connections, installation, people, projects
from app.admin.api.base import blueprint

__all__ = ["blueprint", "connections", "installation", "people", "projects"]
