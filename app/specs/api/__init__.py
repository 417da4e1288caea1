"""Specs for programs, in the words of the spec API: its addresses, its bodies, its errors."""

from app.specs.api import asking, reading  # noqa: F401 - their endpoints register themselves
from app.specs.api.base import blueprint

__all__ = ["blueprint"]
