"""The pages of apps."""

from app.apps.views import editor, live
from app.apps.views.base import blueprint

__all__ = ["blueprint", "editor", "live"]
