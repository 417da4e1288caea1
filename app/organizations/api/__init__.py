"""Organizations, their members and the ways into them, oneself and one's keys, for programs."""

from app.organizations.api import invitations, join_links, keys, members, organizations
from app.organizations.api.base import blueprint

__all__ = ["blueprint", "invitations", "join_links", "keys", "members", "organizations"]
