"""The preview's pages: its status and log, its rounds beside what is live, its links, and the way to it."""

from app.previews.views import branches, comparing, pages, shares, tending
from app.previews.views.base import blueprint, status_context

__all__ = ["blueprint", "branches", "comparing", "pages", "shares", "status_context", "tending"]
