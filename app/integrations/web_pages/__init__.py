"""Pages of the web, read for somebody who named their addresses: only those that any stranger could read."""

from app.integrations.web_pages.port import KINDS, WebPage, WebPages
from app.integrations.web_pages.public_web import PublicWeb

__all__ = ["KINDS", "PublicWeb", "WebPage", "WebPages"]
