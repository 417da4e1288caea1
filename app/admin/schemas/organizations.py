"""Organizations, as the admin of the installation sees and changes them."""

from typing import Annotated, Any, Self

from pydantic import StringConstraints

from app.accounts.models import User
from app.accounts.schemas import Name
from app.admin.queries.organizations import Counts
from app.organizations.models import Limits, Organization
from app.organizations.schemas import LimitsChange, OrganizationOut
from app.web.schemas import Paging, Schema


class OrganizationsQuery(Paging):
    """Which organizations to list: with a text in name or address."""

    q: Annotated[str, StringConstraints(max_length=200)] = ""


class NewOrganization(Schema):
    """An organization to make; without a slug one is made of the name."""

    name: Name
    slug: Annotated[str, StringConstraints(max_length=60)] | None = None
    limits: LimitsChange | None = None

    def what(self) -> dict[str, Any]:
        """Return what an operation needs to know to make it."""
        limits = self.limits.over(Limits()) if self.limits is not None else None
        return {"name": self.name, "slug": self.slug, "limits": limits}


class Deletion(Schema):
    """The name of what is to be deleted, said again."""

    name: Name


class OverseenOrganization(OrganizationOut):
    """An organization, with how much there is in it."""

    members: int
    projects: int

    @classmethod
    def seen(cls, organization: Organization, counts: Counts, *, to: User) -> Self:
        """Show an organization to the admin of the installation."""
        return cls.of(
            organization,
            to=to,
            members=counts.members,
            projects=counts.projects,
        )
