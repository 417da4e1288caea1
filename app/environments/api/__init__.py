"""Tasks and their environments for programs, in the words of the environments API."""

from app.environments.api import environments, scopes, tasks  # noqa: F401 - their endpoints register themselves
from app.environments.api.base import blueprint

__all__ = ["blueprint"]
