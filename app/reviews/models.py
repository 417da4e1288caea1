"""Pull requests of our own, and what people say about lines of a change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.states import Stateful
from app.engine.repositories import Place
from app.requests.models import ProductRequest

CLAIM_HOLDS = timedelta(seconds=20)


class PullRequestStatus(StrEnum):
    """Where a pull request stands; the last two are final."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


P = PullRequestStatus


class PullRequest(Stateful, Base):
    """A request's branch, offered for merging."""

    __tablename__ = "pull_requests"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index(
            "uq_pull_requests_open",
            "request_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_pull_requests_request_id_number", "request_id", "number"),
        CheckConstraint("(status = 'merged') = (merged_at IS NOT NULL)", name="merged_when"),
        CheckConstraint("(status = 'merged') = (merge_sha IS NOT NULL)", name="merged_as"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_when"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = {P.OPEN: frozenset({P.MERGED, P.CLOSED})}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[PullRequestStatus] = mapped_column(
        enum_column(PullRequestStatus), default=PullRequestStatus.OPEN
    )
    branch_name: Mapped[str] = mapped_column(String(200))
    base_branch: Mapped[str] = mapped_column(String(120))
    head_sha: Mapped[str] = mapped_column(String(64))
    merge_sha: Mapped[str | None] = mapped_column(String(64))
    opened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    merged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    merged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    request: Mapped[ProductRequest] = relationship(lazy="joined")
    opened_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[opened_by_id])
    merged_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[merged_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_open(self) -> bool:
        return self.status is PullRequestStatus.OPEN

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return f"{installation().url}{self.request.path}/pull-request"

    @property
    def is_being_merged(self) -> bool:
        """Tell whether somebody merges it at this moment; a claim that its process left behind runs out."""
        return self.is_open and self.claimed_at is not None and now() - self.claimed_at < CLAIM_HOLDS

    def claim(self, by: User) -> None:
        """Say, before git is touched, who merges it: what a crash leaves behind can then be told."""
        self.claimed_at, self.merged_by = now(), by

    def unclaim(self) -> None:
        """Take the word back: it was not merged."""
        self.claimed_at = self.merged_by = None

    def merge(self, commit: str) -> None:
        self.move_to(PullRequestStatus.MERGED)
        self.merge_sha, self.merged_at, self.claimed_at = commit, now(), None

    def close(self) -> None:
        self.move_to(PullRequestStatus.CLOSED)
        self.closed_at, self.claimed_at, self.merged_by = now(), None, None


class Side(StrEnum):
    """Which version of a file a line belongs to: what was before, or what is now."""

    OLD = "old"
    NEW = "new"


class LineThread(Base):
    """What people say about lines of a change; `lines` keeps them as they were then."""

    __tablename__ = "line_threads"
    __table_args__ = (
        CheckConstraint("first_line >= 1 AND last_line >= first_line", name="lines_in_order"),
        Index("ix_line_threads_request_id", "request_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    commit_sha: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(Text)
    side: Mapped[Side] = mapped_column(enum_column(Side), default=Side.NEW)
    first_line: Mapped[int]
    last_line: Mapped[int]
    lines: Mapped[list[str]]
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    request: Mapped[ProductRequest] = relationship(lazy="joined")
    resolved_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[resolved_by_id])
    comments: Mapped[list["LineComment"]] = relationship(
        lazy="selectin", order_by="LineComment.id", back_populates="thread", cascade="all, delete-orphan"
    )

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def place(self) -> Place:
        return Place(self.path, self.first_line, self.last_line)

    @property
    def where(self) -> str:
        """Return the file and the lines in few words, as they were called then."""
        if self.last_line > self.first_line:
            return f"{self.path}, lines {self.first_line} to {self.last_line}"
        return f"{self.path}, line {self.first_line}"


class LineComment(Base):
    """One thing that somebody said about lines of a change."""

    __tablename__ = "line_comments"
    __table_args__ = (Index("ix_line_comments_thread_id", "thread_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("line_threads.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]

    thread: Mapped[LineThread] = relationship(lazy="joined", back_populates="comments")
    author: Mapped[User | None] = relationship(lazy="joined")
