"""Requests: what somebody asked for, where it stands and whose turn it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.slugs import slugify
from app.core.states import Stateful
from app.projects.models import Project, StartPolicy
from app.requests.models.label import Label, RequestLabel
from app.requests.models.states import (
    OPEN,
    Delivery,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
    WorkflowAction,
    moves_of_requests,
)
from app.requests.models.waits import request_waits

_NOT_BEGUN = frozenset({RequestStatus.DRAFT, RequestStatus.INTERVIEWING, RequestStatus.READY})


class ProductRequest(Stateful, Base):
    """Something somebody asked for."""

    __tablename__ = "requests"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("(status = 'merged') = (merged_at IS NOT NULL)", name="merged_when"),
        CheckConstraint("(status = 'merged') = (delivery IS NOT NULL)", name="merged_how_far"),
        CheckConstraint(
            "(delivery IS NOT NULL AND delivery = 'live') = (live_at IS NOT NULL)", name="live_when"
        ),
        CheckConstraint("(approved_commit IS NULL) = (approved_at IS NULL)", name="approved_when"),
        CheckConstraint("duplicate_of_id IS NULL OR status = 'cancelled'", name="duplicate_is_dropped"),
        CheckConstraint("adopted_at IS NULL OR guest_name IS NOT NULL", name="adopted_from_whom"),
        CheckConstraint("status != 'pr_open' OR pull_request_url IS NOT NULL", name="pr_has_address"),
        Index(
            "uq_requests_undoes",
            "undoes_id",
            unique=True,
            sqlite_where=text("status != 'cancelled'"),
            postgresql_where=text("status != 'cancelled'"),
        ),
        Index("ix_requests_project_id_status_position", "project_id", "status", "position", "number"),
        Index(
            "ix_requests_project_id_archived_at_status_version",
            *("project_id", "archived_at", "status", "version"),
        ),
        Index(
            "ix_requests_project_id_archived_at_turn",
            *("project_id", "archived_at", "turn_user_id", "turn_role"),
        ),
        Index("ix_requests_requester_id_status", "requester_id", "status"),
        Index("ix_requests_assignee_id_status", "assignee_id", "status"),
    )
    moves: ClassVar[Mapping[Any, frozenset[Any]]] = moves_of_requests()

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[RequestType] = mapped_column(enum_column(RequestType), default=RequestType.FEATURE)
    priority: Mapped[RequestPriority] = mapped_column(
        enum_column(RequestPriority), default=RequestPriority.MEDIUM
    )
    status: Mapped[RequestStatus] = mapped_column(enum_column(RequestStatus), default=RequestStatus.DRAFT)
    position: Mapped[float] = mapped_column(default=0)
    requester_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    gherkin_criteria: Mapped[str | None] = mapped_column(Text)
    agent_prompt: Mapped[str | None] = mapped_column(Text)
    feedback: Mapped[str | None] = mapped_column(Text)
    edits: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    round: Mapped[int] = mapped_column(default=0)
    branch_name: Mapped[str | None] = mapped_column(String(200))
    commit_sha: Mapped[str | None] = mapped_column(String(64))
    preview_url: Mapped[str | None] = mapped_column(String(300))
    pull_request_url: Mapped[str | None] = mapped_column(String(300))
    work_item_url: Mapped[str | None] = mapped_column(String(300))
    approved_commit: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    allowed_at: Mapped[datetime | None]
    allowed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    turn_role: Mapped[TurnRole] = mapped_column(enum_column(TurnRole), default=TurnRole.REQUESTER)
    turn_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    turn_since: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    merged_at: Mapped[datetime | None]
    merged_commit: Mapped[str | None] = mapped_column(String(64))
    delivery: Mapped[Delivery | None] = mapped_column(enum_column(Delivery))
    live_at: Mapped[datetime | None]
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("requests.id", ondelete="SET NULL"))
    duplicate_of_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("requests.id", ondelete="SET NULL"), index=True
    )
    archived_at: Mapped[datetime | None]
    guest_name: Mapped[str | None] = mapped_column(String(120))
    guest_email: Mapped[str | None] = mapped_column(String(254))
    adopted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship(lazy="joined")
    requester: Mapped[User] = relationship(lazy="joined", foreign_keys=[requester_id])
    assignee: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[assignee_id])
    approved_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[approved_by_id])
    allowed_by: Mapped[User | None] = relationship(foreign_keys=[allowed_by_id])
    turn_user: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[turn_user_id])
    labels: Mapped[list[Label]] = relationship(secondary=RequestLabel.__table__, order_by=Label.key)
    undoes: Mapped["ProductRequest | None"] = relationship(
        lazy="select", foreign_keys=[undoes_id], remote_side="ProductRequest.id"
    )
    duplicate_of: Mapped["ProductRequest | None"] = relationship(
        lazy="select", foreign_keys=[duplicate_of_id], remote_side="ProductRequest.id"
    )
    blockers: Mapped[list["ProductRequest"]] = relationship(
        secondary=request_waits,
        primaryjoin=lambda: ProductRequest.id == request_waits.c.request_id,
        secondaryjoin=lambda: ProductRequest.id == request_waits.c.blocker_id,
        order_by="ProductRequest.id",
        lazy="select",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def organization_id(self) -> UUID:
        return self.project.organization_id

    @property
    def why_read_only(self) -> str | None:
        """Say why nothing of it can be changed; None while it can."""
        return self.project.why_read_only

    @property
    def path(self) -> str:
        """Return the address of its page, on the main site."""
        return f"{self.project.path}/requests/{self.number}"

    @property
    def working_branch(self) -> str:
        """Return the branch that this request's work is on, made or to be made."""
        return self.branch_name or f"requests/{self.number}-{slugify(self.title, fallback='request')}"

    @property
    def preview_label(self) -> str:
        """Return the host label of its preview."""
        return f"{self.number}-{self.project.host_label}"

    @property
    def is_over(self) -> bool:
        return self.status in {RequestStatus.MERGED, RequestStatus.CANCELLED}

    @property
    def is_tried(self) -> bool:
        """Tell whether its branch holds a result that somebody is asked to try, or that is being merged."""
        return self.status in {RequestStatus.IN_REVIEW, RequestStatus.PR_OPEN}

    @property
    def is_accepted(self) -> bool:
        """Tell whether somebody accepted just the commit that stands."""
        return self.approved_commit is not None and self.approved_commit == self.commit_sha

    @property
    def needs_yes(self) -> bool:
        """Tell whether somebody has to allow the work before it starts."""
        is_asked = self.project.start_policy is StartPolicy.APPROVED and self.undoes_id is None
        return is_asked and self.status is RequestStatus.READY and self.allowed_at is None

    @property
    def is_from_guest(self) -> bool:
        return self.guest_name is not None

    @property
    def needs_sorting(self) -> bool:
        """Tell whether a guest asked for it and nobody has made it theirs yet."""
        return self.is_from_guest and self.adopted_at is None

    @property
    def may_wait(self) -> bool:
        """Tell whether there is a start yet to be held back."""
        return self.status in _NOT_BEGUN or self.status is RequestStatus.CHANGES_REQUESTED

    @property
    def waits_for(self) -> list["ProductRequest"]:
        """Return what holds its start back."""
        return [each for each in self.blockers if not each.is_over] if self.may_wait else []

    @property
    def is_at_rest(self) -> bool:
        """Tell whether nothing runs for it and nobody is asked to try it, so that it can be put away."""
        is_going_live = self.status is RequestStatus.MERGED and self.delivery is Delivery.UNDER_WAY
        return (self.may_wait or self.is_over) and not is_going_live

    @property
    def open_actions(self) -> list[WorkflowAction]:
        if self.needs_sorting and not self.is_over:
            return [WorkflowAction.CANCEL]
        return [
            action
            for action in OPEN[self.status]
            if action is not WorkflowAction.ALLOW_DEVELOPMENT or self.needs_yes
        ]
