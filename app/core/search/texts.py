"""The texts that are searched, and where each comes from."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class SearchText(Base):
    """A copy of what somebody wrote, kept by triggers on the table that it comes from."""

    __tablename__ = "search_texts"
    __table_args__ = (
        UniqueConstraint("kind", "source_id"),
        Index("ix_search_texts_owner_id", "owner_id"),
    )

    # On SQLite the full-text index refers to a text by its rowid, which only an INTEGER key is.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Columns of a table that are searched: `owner` names the column with the id of what a hit leads to."""

    kind: str
    table: str
    owner: str
    title: str | None = None
    body: tuple[str, ...] = ()
    only: tuple[str, str] | None = None  # a column, and the value that it must have

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns whose change changes what is found."""
        return ((self.title,) if self.title else ()) + self.body


sources: list[Source] = []


def searched(source: Source) -> Source:
    """Let what a source names be found."""
    sources.append(source)
    return source
