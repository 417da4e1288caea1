"""Instances: the wish of whoever needs one, beside the truth that only the keeper writes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.sealed import Sealed

MARK = "GREENROOM_MARK"


class Desired(StrEnum):
    """What shall be."""

    RUNNING = "running"
    ASLEEP = "asleep"
    GONE = "gone"


class InstanceState(StrEnum):
    """What is, as the keeper saw it."""

    STARTING = "starting"
    RUNNING = "running"
    ASLEEP = "asleep"
    FAILED = "failed"
    GONE = "gone"


class Instance(Base):
    """A process that serves something behind the gateway."""

    __tablename__ = "instances"
    __table_args__ = (
        CheckConstraint("state != 'running' OR ready_at IS NOT NULL", name="running_since"),
        CheckConstraint("state != 'running' OR pid IS NOT NULL", name="running_process"),
        CheckConstraint("state != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        Index("ix_instances_desired_state", "desired", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    label: Mapped[str] = mapped_column(String(80), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(64))
    folder: Mapped[str] = mapped_column(Text)
    command: Mapped[str] = mapped_column(Text)
    env: Mapped[dict[str, Any]]
    secrets: Mapped[dict[str, Any] | None] = mapped_column(Sealed)
    port: Mapped[int] = mapped_column(default=8080)
    health: Mapped[str] = mapped_column(String(200), default="/")
    limits: Mapped[dict[str, Any] | None]
    outbound: Mapped[bool] = mapped_column(default=True, server_default=true())
    start_seconds: Mapped[int] = mapped_column(default=60)
    idle_seconds: Mapped[int | None]
    log_path: Mapped[str] = mapped_column(Text)
    desired: Mapped[Desired] = mapped_column(enum_column(Desired), default=Desired.RUNNING)
    version: Mapped[int] = mapped_column(
        default=1
    )  # raised by each new wish; a truth about an old one is void

    state: Mapped[InstanceState] = mapped_column(enum_column(InstanceState), default=InstanceState.STARTING)
    pid: Mapped[int | None]
    pid_ticks: Mapped[int | None] = mapped_column(
        BigInteger
    )  # when it began, by the kernel: numbers come back
    started_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    typical_ms: Mapped[int | None]
    restarts: Mapped[int] = mapped_column(default=0)
    memory_bytes: Mapped[int | None] = mapped_column(BigInteger)
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_suggestion: Mapped[str | None] = mapped_column(Text)
    error_lines: Mapped[list[str] | None]
    last_visit_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


@dataclass(frozen=True)
class InstanceMoved:
    """The keeper saw an instance become something else."""

    label: str
    purpose: str
    subject_id: str
    state: InstanceState


def socket_path(label: str) -> Path:
    """Return where an instance is reached; short, since the kernel allows little."""
    return installation().run / "i" / f"{hashlib.sha256(label.encode()).hexdigest()[:16]}.sock"


def mark_of(label: str) -> str:
    """Return the variable's value by which a process is known as ours, and whose it is."""
    return f"{home_mark()}:{label}"


def home_mark() -> str:
    """Return what tells this installation's processes from those of another one on the same machine."""
    return hashlib.sha256(str(installation().home.resolve()).encode()).hexdigest()[:16]
