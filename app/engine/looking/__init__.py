"""Looks at what is served as a visitor would: does it answer, do its links work, what does a browser say."""

from app.engine.looking.browser import find_browser
from app.engine.looking.look import Answered, Followed, Opened, ask, follow_links, open_in_browser

__all__ = ["Answered", "Followed", "Opened", "ask", "find_browser", "follow_links", "open_in_browser"]
