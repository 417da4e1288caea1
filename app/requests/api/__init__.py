"""Requests, what happened to them, what is said of them and what was handed in, for programs."""

from app.requests.api import activity, attachments, comments, labels, reactions, requests
from app.requests.api.base import blueprint

__all__ = ["activity", "attachments", "blueprint", "comments", "labels", "reactions", "requests"]
