"""Which request waits for which."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table

from app.core.db import Base

request_waits = Table(
    "request_waits",
    Base.metadata,
    Column("request_id", ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True),
    Column("blocker_id", ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True, index=True),
    CheckConstraint("request_id != blocker_id", name="not_for_itself"),
)
