"""Organizations themselves, what they may use and what they used."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.models import User
from app.accounts.schemas import Email, Name, Password
from app.organizations.models import Limits, Organization, Role
from app.organizations.operations import Consumption
from app.organizations.permissions import role_in
from app.web.schemas import Moment, Schema

Slug = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Most = Annotated[int, Field(ge=0, le=1_000_000_000)]


class OrganizationRef(Schema):
    """An organization, named in something else."""

    id: UUID
    name: str
    slug: str


class LimitsOut(Schema):
    """How much an organization may use in a month; null for as much as it likes."""

    requests_per_month: int | None
    build_minutes_per_month: int | None
    storage_mb: int | None
    tokens_per_month: int | None


class OrganizationOut(OrganizationRef):
    """An organization, and the caller's role in it."""

    role: Role | None
    logo_url: str | None
    limits: LimitsOut
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, organization: Organization, *, to: User, **more: Any) -> Self:
        """Show an organization to somebody."""
        return cls.model_validate(
            {
                "id": organization.id,
                "name": organization.name,
                "slug": organization.slug,
                "role": role_in(to, organization.id),
                "logo_url": organization.logo_url,
                "limits": LimitsOut(**organization.limits._asdict()),
                "created_at": organization.created_at,
                "updated_at": organization.updated_at,
                **more,
            }
        )


class LimitsChange(Schema):
    """What an organization may use in a month from now on; null for as much as it likes."""

    requests_per_month: Most | None = None
    build_minutes_per_month: Most | None = None
    storage_mb: Most | None = None
    tokens_per_month: Most | None = None

    def over(self, before: Limits) -> Limits:
        """Return the limits with what was sent; what is missing stays."""
        return before._replace(**self.model_dump(exclude_unset=True))

    def all(self) -> Limits:
        """Return the limits as a form means them, where an empty field is no limit."""
        return Limits(**self.model_dump())


class OrganizationChange(Schema):
    """What to change of an organization; what is missing stays."""

    name: Name | None = None
    slug: Slug | None = None
    limits: LimitsChange | None = None

    def over(self, before: Limits) -> dict[str, Any]:
        """Return what an operation needs to know to change it."""
        return {
            "name": self.name,
            "slug": self.slug,
            "limits": self.limits.over(before) if self.limits is not None else None,
        }


class NameAndAddress(Schema):
    """What an organization is called and where it is found, as its form says it."""

    name: Name
    slug: Slug | None = None


class PeriodOut(Schema):
    """A month, and what was used in it."""

    period_start: Moment
    period_end: Moment
    request_count: int
    token_usage: int


class RequestLimit(Schema):
    """How many requests may be filed in a month; null for as many as people like."""

    requests_per_month: int | None


class UsageOut(Schema):
    """What an organization used in this month, beside what it may use."""

    current_period: PeriodOut
    limits: RequestLimit
    usage_percentage: float
    tokens_per_month: int | None
    token_cost: float | None
    currency: str | None
    build_minutes: int
    build_minutes_per_month: int | None
    storage_bytes: int
    storage_limit_bytes: int | None
    storage_weighed_at: Moment | None

    @classmethod
    def of(cls, used: Consumption) -> Self:
        """Show what was used."""
        return cls(
            current_period=PeriodOut(
                period_start=used.period.start,
                period_end=used.period.end,
                request_count=used.requests,
                token_usage=used.tokens,
            ),
            limits=RequestLimit(requests_per_month=used.limits.requests_per_month),
            usage_percentage=used.percentage,
            tokens_per_month=used.limits.tokens_per_month,
            token_cost=used.cost,
            currency=used.currency or None,
            build_minutes=used.build_minutes,
            build_minutes_per_month=used.limits.build_minutes_per_month,
            storage_bytes=used.storage_bytes,
            storage_limit_bytes=used.storage_limit_bytes,
            storage_weighed_at=used.storage_weighed_at,
        )


class FirstAdmin(Schema):
    """Who begins here, and their organization."""

    name: Name
    email: Email
    password: Password
    organization: Name
