"""Letters: those that wait, and those that went to somebody lately."""

from datetime import datetime

from sqlalchemy import Select, select

from app.core.clock import now
from app.core.db import session
from app.letters.models import Letter, LetterKind, LetterStatus


def letters_due() -> list[Letter]:
    """Return the letters whose next try has come."""
    query = select(Letter).where(Letter.status == LetterStatus.WAITING, Letter.next_try_at <= now())
    return list(session.scalars(query.order_by(Letter.next_try_at)))


def was_written_to(recipient: str, kind: LetterKind, *, since: datetime) -> bool:
    """Tell whether a letter of a kind was made for an address since a moment."""
    query = select(Letter.id).where(
        Letter.recipient == recipient, Letter.kind == kind, Letter.created_at >= since
    )
    return session.scalar(query.limit(1)) is not None


def every_letter(*, status: LetterStatus | None = None) -> Select[Letter]:
    """Return the letters of the installation, newest first."""
    query = select(Letter).order_by(Letter.created_at.desc(), Letter.id.desc())
    return query if status is None else query.where(Letter.status == status)
