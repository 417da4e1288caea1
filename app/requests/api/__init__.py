"""Requests, what happened to them, what was handed in and how they are ordered, for programs."""

from app.requests.api import activity, attachments, intake, relations, requests, saved_views, steps
from app.requests.api.base import blueprint

__all__ = [
    "activity",
    "attachments",
    "blueprint",
    "intake",
    "relations",
    "requests",
    "saved_views",
    "steps",
]
