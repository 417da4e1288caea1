"""The pages that are composed of all features."""

from app.desk.views import board, home, palette, request_page, search, talk, touch_up
from app.desk.views.base import blueprint

__all__ = ["blueprint", "board", "home", "palette", "request_page", "search", "talk", "touch_up"]
