"""Requests, what happened to them and what was handed in, for programs."""

from app.requests.api import activity, attachments, requests
from app.requests.api.base import blueprint

__all__ = ["activity", "attachments", "blueprint", "requests"]
