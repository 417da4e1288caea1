"""The pages that are composed of all features."""

from app.desk.views import (
    board,
    home,
    intake,
    palette,
    relations,
    request_page,
    saved_views,
    search,
    steps,
    talk,
    touch_up,
)
from app.desk.views.base import blueprint

__all__ = [
    "blueprint",
    "board",
    "home",
    "intake",
    "palette",
    "relations",
    "request_page",
    "saved_views",
    "search",
    "steps",
    "talk",
    "touch_up",
]
