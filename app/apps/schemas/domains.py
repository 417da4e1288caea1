"""What the domain of an app takes and gives."""

from typing import Annotated, Self

from pydantic import Field

from app.apps.models import AppDomain, DomainStatus
from app.web.schemas import Moment, Schema


class NewDomain(Schema):
    """The host name to attach."""

    hostname: Annotated[str, Field(min_length=1, max_length=300)]


class RecordOut(Schema):
    """A record of the DNS."""

    type: str
    name: str
    value: str


class DomainOut(Schema):
    """A domain; either of `records` proves that it is yours, and `lastError` says what was found instead."""

    id: str
    app_id: str
    hostname: str
    status: DomainStatus
    last_error: str | None
    records: list[RecordOut]
    url: str
    checked_at: Moment | None
    verified_at: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, domain: AppDomain) -> Self:
        return cls(
            id=domain.id,
            app_id=domain.app_id,
            hostname=domain.hostname,
            status=domain.status,
            last_error=domain.last_error,
            records=[
                RecordOut(type="CNAME", name=domain.hostname, value=domain.target),
                RecordOut(type="TXT", name=domain.text_name, value=domain.text_value),
            ],
            url=domain.url,
            checked_at=domain.checked_at,
            verified_at=domain.verified_at,
            created_at=domain.created_at,
        )


class HostAsked(Schema):
    """The host name that a front proxy wants a certificate for."""

    domain: str
