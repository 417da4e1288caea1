"""What programs of the installation's admin ask for."""

from app.admin.api import organizations
from app.admin.api.base import blueprint

__all__ = ["blueprint", "organizations"]
