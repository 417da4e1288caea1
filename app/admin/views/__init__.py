"""The pages for the admin of the whole installation."""

from app.admin.views import organizations, reach
from app.admin.views.base import blueprint

__all__ = ["blueprint", "organizations", "reach"]
