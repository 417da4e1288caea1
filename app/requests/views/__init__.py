"""The pictures and files of a request, and the labels of an organization."""

from app.requests.views import files, labels
from app.requests.views.base import blueprint
from app.requests.views.files import HandedIn, files_context

__all__ = ["HandedIn", "blueprint", "files", "files_context", "labels"]
