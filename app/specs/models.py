"""Specs: what was asked for, how far the writing is, and every version of the document."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import now
from app.core.db import Base, enum_column
from app.core.ids import object_id
from app.core.installation import installation
from app.core.sealed import Sealed
from app.core.states import Stateful
from app.organizations.models import Organization
from app.projects.models import Project
from app.requests.models import ProductRequest
from app.specs.document import Document


class SpecKind(StrEnum):
    """How deep it goes, named as programs ask for it."""

    FAST = "fast_spec"
    DEEP = "deep_spec"


class OutputFormat(StrEnum):
    """What a program gets as its output: an address, or the text itself."""

    URL = "url"
    MARKDOWN = "markdown"


class SpecStatus(StrEnum):
    """Where the writing stands; the last two are final."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


CREDITS = {SpecKind.FAST: 10, SpecKind.DEEP: 50}


class Spec(Stateful, Base):
    """One specification: asked for, written part by part, then a document that is worked with."""

    __tablename__ = "specs"
    __table_args__ = (
        CheckConstraint("(status IN ('completed', 'failed')) = (ended_at IS NOT NULL)", name="end"),
        CheckConstraint("status != 'failed' OR error_message IS NOT NULL", name="failed_why"),
        Index("ix_specs_organization_id_created_at", "organization_id", "created_at"),
        Index("ix_specs_project_id_created_at", "project_id", "created_at"),
    )
    moves: ClassVar = {
        SpecStatus.PENDING: frozenset({SpecStatus.PROCESSING, SpecStatus.FAILED}),
        SpecStatus.PROCESSING: frozenset({SpecStatus.COMPLETED, SpecStatus.FAILED}),
        SpecStatus.FAILED: frozenset({SpecStatus.PENDING}),
        SpecStatus.COMPLETED: frozenset(),
    }

    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=object_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("requests.id", ondelete="SET NULL"), index=True
    )
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    kind: Mapped[SpecKind] = mapped_column(enum_column(SpecKind))
    status: Mapped[SpecStatus] = mapped_column(enum_column(SpecStatus), default=SpecStatus.PENDING)
    title: Mapped[str] = mapped_column(String(200))
    input: Mapped[str] = mapped_column(Text)
    context: Mapped[str] = mapped_column(Text, default="")
    doc_urls: Mapped[list[str]] = mapped_column(default=list)
    bundle_codes: Mapped[dict[str, str] | None] = mapped_column(Sealed)  # of what was read, by host
    output_format: Mapped[OutputFormat] = mapped_column(enum_column(OutputFormat), default=OutputFormat.URL)
    credits: Mapped[int]
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what is written already, by part
    document: Mapped[dict[str, Any] | None]
    code: Mapped[str] = mapped_column(Sealed)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="joined")
    project: Mapped[Project | None] = relationship(lazy="joined")
    request: Mapped[ProductRequest | None] = relationship(lazy="select")
    asked_by: Mapped[User | None] = relationship(lazy="joined")
    file: Mapped["SpecFile | None"] = relationship(back_populates="spec", lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_open(self) -> bool:
        return self.status in {SpecStatus.PENDING, SpecStatus.PROCESSING}

    @property
    def path(self) -> str:
        """Return the address of its page, on the main site."""
        return path_of(self.organization.slug, self.id)

    @property
    def hosted_url(self) -> str:
        """Return the address under which anybody who has it reads the document."""
        return hosted_at(self.code)

    @property
    def written(self) -> Document | None:
        """Return its document, once it is there."""
        return Document.read(self.document) if self.document else None


class SpecFile(Base):
    """A file that came with what was asked, and the text that was read in it."""

    __tablename__ = "spec_files"

    spec_id: Mapped[str] = mapped_column(ForeignKey("specs.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    code: Mapped[str] = mapped_column(Sealed)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)

    spec: Mapped[Spec] = relationship(back_populates="file")


class SpecBundle(Base):
    """What was found at the addresses of one host, read for a spec: whoever has its code gets it as a zip."""

    __tablename__ = "spec_bundles"
    __table_args__ = (UniqueConstraint("spec_id", "platform"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=object_id)
    spec_id: Mapped[str] = mapped_column(ForeignKey("specs.id", ondelete="CASCADE"))
    platform: Mapped[str] = mapped_column(String(255))
    pages: Mapped[list[Any]]
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)


class SpecVersion(Base):
    """The document as it was after a change: by whom, when, and what was changed."""

    __tablename__ = "spec_versions"
    __table_args__ = (UniqueConstraint("spec_id", "number"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=object_id)
    spec_id: Mapped[str] = mapped_column(ForeignKey("specs.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    note: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    made_by: Mapped[User | None] = relationship(lazy="joined")


def hosted_at(code: str | None) -> str:
    """Return the address that a code leads to; none where the code can no longer be read."""
    return f"{installation().url}/s/{code}" if code else ""


def path_of(organization_slug: str, spec_id: str) -> str:
    """Return the address of a spec's page."""
    return f"/{organization_slug}/specs/{spec_id}"
