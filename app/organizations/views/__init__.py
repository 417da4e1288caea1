"""The pages of organizations: the ways in, members, settings, and the keys of one's programs."""

from app.organizations.views import doors, keys, members, settings
from app.organizations.views.base import blueprint

__all__ = ["blueprint", "doors", "keys", "members", "settings"]
