"""Which lines of the audit log somebody wants to see."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.admin.queries.audit import AuditFilters
from app.web.schemas import Schema


class AuditQuery(Schema):
    """Filters of the log; `before` is the line that was seen last."""

    person: Annotated[str, StringConstraints(max_length=120)] = ""
    act: Annotated[str, StringConstraints(max_length=60)] = ""
    organization: UUID | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    before: UUID | None = None

    def filters(self, *, organization_id: UUID | None = None) -> AuditFilters:
        """Return the filters, in one organization's part of the log where it is named."""
        return AuditFilters(
            person=self.person,
            act=self.act,
            organization_id=organization_id or self.organization,
            since=self.since,
            until=self.until,
        )
