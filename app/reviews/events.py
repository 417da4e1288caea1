"""What reviews announce."""

from dataclasses import dataclass

from app.accounts.models import User
from app.reviews.models import PullRequest


@dataclass(frozen=True)
class PullRequestMerged:
    """A request's branch is part of main."""

    pull_request: PullRequest
    by: User | None
