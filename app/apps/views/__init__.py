"""The pages of apps."""

from app.apps.views import live
from app.apps.views.base import blueprint

__all__ = ["blueprint", "live"]
