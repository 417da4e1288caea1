"""An interview: its questions, what was answered, and what it has come to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.requests.models import ProductRequest


class InterviewStatus(StrEnum):
    """Where a conversation stands; `reset` ones are only history."""

    OPEN = "open"
    COMPLETED = "completed"
    RESET = "reset"


class Interview(Base):
    """One conversation about one request."""

    __tablename__ = "interviews"
    __table_args__ = (
        CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_when"),
        Index("ix_interviews_request_id_created_at", "request_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    status: Mapped[InterviewStatus] = mapped_column(
        enum_column(InterviewStatus), default=InterviewStatus.OPEN
    )
    mode: Mapped[str] = mapped_column(String(10), default="guided")
    commit_sha: Mapped[str | None] = mapped_column(String(64))
    outline: Mapped[dict[str, Any] | None]  # the app as it was when the questions were made
    questions: Mapped[list[Any]] = mapped_column(default=list)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    messages: Mapped[list[Any]] = mapped_column(default=list)
    assumptions: Mapped[list[Any]] = mapped_column(default=list)
    scenarios: Mapped[list[Any]] = mapped_column(default=list)
    gherkin: Mapped[str] = mapped_column(Text, default="")
    prompt: Mapped[str] = mapped_column(Text, default="")
    speaking: Mapped[str] = mapped_column(Text, default="", server_default="")  # what a model is saying
    said_before: Mapped[str] = mapped_column(Text, default="", server_default="")  # until a form took over
    trouble: Mapped[str | None] = mapped_column(Text)  # why it did
    created_at: Mapped[datetime] = mapped_column(default=now)
    completed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    request: Mapped[ProductRequest] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_talk(self) -> bool:
        """Tell whether a language model asks, not a form."""
        return self.mode == "model"

    @property
    def waits_for_model(self) -> bool:
        """Tell whether it is the language model's turn: at first, and after a person said something."""
        is_its_turn = not self.messages or self.messages[-1]["role"] == "user"
        return self.is_talk and self.status is InterviewStatus.OPEN and is_its_turn

    @property
    def open_questions(self) -> list[dict[str, Any]]:
        return [question for question in self.questions if not self.answers.get(question["id"])]
