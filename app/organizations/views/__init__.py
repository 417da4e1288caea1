"""The pages of organizations: the ways in, members, settings, and the keys of one's programs."""

from app.organizations.views import addresses, doors, invitations, join_links, keys, members, settings
from app.organizations.views.base import blueprint

__all__ = [
    "addresses",
    "blueprint",
    "doors",
    "invitations",
    "join_links",
    "keys",
    "members",
    "settings",
]
