"""The pages of a review: what changed, what is said about it, accepting, and the way into main."""

from app.reviews.views import changes, pull_requests, questions, verdicts
from app.reviews.views.base import blueprint

__all__ = ["blueprint", "changes", "pull_requests", "questions", "verdicts"]
