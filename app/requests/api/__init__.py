"""Requests, what happened to them, what is said of them and how they are ordered, for programs."""

from app.requests.api import (
    activity,
    attachments,
    comments,
    intake,
    labels,
    reactions,
    relations,
    requests,
    saved_views,
    steps,
)
from app.requests.api.base import blueprint

__all__ = [
    "activity",
    "attachments",
    "blueprint",
    "comments",
    "intake",
    "labels",
    "reactions",
    "relations",
    "requests",
    "saved_views",
    "steps",
]
