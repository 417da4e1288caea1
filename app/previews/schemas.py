"""The shapes of previews."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import StringConstraints

from app.core.installation import installation
from app.previews.checks import Outcome
from app.previews.models import Preview, PreviewStatus, ShareLink
from app.previews.operations import Lasting
from app.previews.queries import Unasked
from app.web.schemas import Moment, Schema


class StartPreview(Schema):
    """What to build."""

    commit_sha: Annotated[str, StringConstraints(pattern="^[0-9a-f]{7,64}$")] | None = None
    force: bool = False


class CheckOut(Schema):
    """One thing that a machine looked at; what was not checked says why in `words`."""

    name: Literal["starts", "answers", "links", "console", "phone", "picture"]
    outcome: Outcome
    words: str
    details: list[str]


class ChecksOut(Schema):
    """What a machine found on a preview, and where its pictures are (image/webp, for whoever sees this)."""

    state: Literal["waiting", "done"]
    checked_at: Moment | None
    results: list[CheckOut]
    pictures: dict[str, str]

    @classmethod
    def of(cls, preview: Preview) -> Self | None:
        """Show what was found on a preview; None where nobody was asked to look."""
        if preview.checks is None:
            return None
        return cls(
            state=preview.checks["state"],
            checked_at=preview.checked_at,
            results=preview.checks["results"],
            pictures={
                window: f"{installation().url}{preview.picture_at(window)}" for window in preview.pictures
            },
        )


class PreviewOut(Schema):
    """A preview, in short."""

    request_id: UUID
    status: PreviewStatus
    branch_name: str | None
    commit_sha: str | None
    preview_url: str | None
    deployment_id: UUID | None
    plan: dict[str, Any] | None = None
    checks: ChecksOut | None = None
    created_at: Moment | None


class PreviewError(Schema):
    """Why there is none, and what to do."""

    code: str | None
    message: str | None
    suggestion: str | None


class PreviewState(Schema):
    """A preview's status in full."""

    request_id: UUID
    status: PreviewStatus
    branch_name: str | None
    preview_url: str | None
    deployment_id: UUID | None
    error: PreviewError | None
    build_duration_ms: int | None
    created_at: Moment | None
    ready_at: Moment | None
    phase: str | None
    progress: int
    message: str | None
    last_sign_of_life_at: Moment | None
    expires_at: Moment | None
    checked_at: Moment | None
    next_poll_ms: int | None


class LogOut(Schema):
    """A part of a log: what stands from `offset` on, and where to go on reading."""

    text: str
    offset: int
    next_offset: int
    size: int


class LogQuery(Schema):
    """Where to read a log from, in bytes."""

    offset: int = 0
    limit: int = 64_000


class Awake(Schema):
    """Whether a preview runs though nobody looks."""

    awake: bool


class NewShare(Schema):
    """A link to make, and how long it is good for."""

    lasting: Lasting = Lasting.DAY


class ShareOut(Schema):
    """A link to a preview; `url` is there only in the answer that made it."""

    id: UUID
    open: bool
    url: str | None = None
    made_by: str | None
    created_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    last_used_at: Moment | None

    @classmethod
    def of(cls, link: ShareLink, url: str | None = None) -> Self:
        """Show a link, with its address where it was just made."""
        return cls(
            id=link.id,
            open=link.is_open,
            url=url,
            made_by=link.made_by.name if link.made_by else None,
            created_at=link.created_at,
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
            last_used_at=link.last_used_at,
        )


class RoundOut(Schema):
    """One round's preview, at the address of its own."""

    round: int
    status: PreviewStatus
    commit_sha: str
    url: str | None
    author: str | None
    build_duration_ms: int | None
    created_at: Moment
    expires_at: Moment | None
    note: str | None

    @classmethod
    def of(cls, preview: Preview, status: PreviewStatus, url: str | None) -> Self:
        """Show a round, with its address while it is up."""
        return cls(
            round=preview.round,
            status=status,
            commit_sha=preview.commit_sha,
            url=url,
            author=preview.author,
            build_duration_ms=preview.build_duration_ms,
            created_at=preview.created_at,
            expires_at=preview.expires_at,
            note=preview.note,
        )


class Branch(Schema):
    """Which branch is meant."""

    branch: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class BranchTitle(Branch):
    """A branch to make a request of, and what that is called."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class UnaskedOut(Schema):
    """A branch that no request works on, and how its preview stands."""

    branch: str
    commit_sha: str
    title: str
    author: str
    status: PreviewStatus
    preview_url: str | None
    pushed_by: str | None
    error: PreviewError | None
    note: str | None

    @classmethod
    def of(cls, found: Unasked) -> Self:
        """Show a branch, with the address of its preview while that is up."""
        preview = found.preview
        error = None
        if preview is not None and preview.error_message:
            error = PreviewError(
                code=preview.error_code, message=preview.error_message, suggestion=preview.error_suggestion
            )
        return cls(
            branch=found.name,
            commit_sha=found.commit.sha,
            title=found.commit.title,
            author=found.commit.author,
            status=found.state,
            preview_url=preview.url if preview is not None and preview.is_up else None,
            pushed_by=preview.pushed_by.name if preview is not None and preview.pushed_by else None,
            error=error,
            note=preview.note if preview is not None else None,
        )
