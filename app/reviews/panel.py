"""What the review of a request shows; its own page and the request's Work tab share it."""

from dataclasses import dataclass
from hashlib import sha256

from app.accounts.models import User
from app.requests.models import ProductRequest, RequestStatus
from app.reviews import permissions, queries
from app.reviews.models import PullRequest
from app.reviews.queries import Mergeability


@dataclass(frozen=True, kw_only=True)
class Review:
    """Where the review of a request stands, for one person."""

    request: ProductRequest
    pull: PullRequest | None
    mergeability: Mergeability
    open_threads: int
    beside: bool
    may_create: bool
    may_merge: bool
    may_close: bool
    may_take_in: bool

    @property
    def mark(self) -> str:
        """Return what changes when the panel would look different."""
        pull = (self.pull.id, self.pull.version, self.pull.is_being_merged) if self.pull else None
        asked = (self.request.status, self.request.approved_commit)
        seen = (pull, asked, self.mergeability, self.open_threads)
        return sha256(repr(seen).encode()).hexdigest()[:16]

    @property
    def path(self) -> str:
        return f"{self.request.path}/pull-request"

    @property
    def query(self) -> str:
        """Return what tells an answer that the panel stands beside the request's one next step."""
        return "?beside=1" if self.beside else ""

    @property
    def poll_url(self) -> str:
        return f"{self.path}?seen={self.mark}{'&beside=1' if self.beside else ''}"

    @property
    def commands(self) -> list[str]:
        """Return how the files that stand in the way are settled by hand."""
        branch, base = self.request.working_branch, self.request.project.default_branch
        return [
            "git fetch origin",
            f"git switch {branch} && git pull",
            f"git merge origin/{base}",
            "git add --all && git commit",
            f"git push origin {branch}",
        ]

    @property
    def is_offered(self) -> bool:
        return self.pull is not None and self.pull.is_open


def review_for(request: ProductRequest, user: User, *, beside: bool = False) -> Review:
    """Return what a person sees of the review of a request; `beside`: its next step is offered elsewhere."""
    pull = queries.pull_request_of(request)
    is_open = pull is not None and pull.is_open
    is_tried = request.status is RequestStatus.IN_REVIEW
    return Review(
        request=request,
        pull=pull,
        mergeability=queries.mergeability(request) if is_open or is_tried else Mergeability("clean"),
        open_threads=queries.count_open_threads(request),
        beside=beside,
        may_create=is_tried and permissions.can_create_pull_request(user, request),
        may_merge=(is_open or (is_tried and request.is_accepted)) and permissions.can_merge(user, request),
        may_close=pull is not None and is_open and permissions.can_close(user, pull),
        may_take_in=permissions.is_judged_now(request) and permissions.can_merge(user, request),
    )
