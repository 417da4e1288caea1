"""Organizations, invitations, oneself and one's keys, for programs."""

from app.organizations.api import invitations, keys, organizations
from app.organizations.api.base import blueprint

__all__ = ["blueprint", "invitations", "keys", "organizations"]
