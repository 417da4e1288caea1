"""What an organization asked for in a month, how much more it may, and what its files weigh."""

from app.organizations.events import FilesWeighed, UsageCounted
from app.organizations.models import Period
from app.organizations.operations import leave_room_for_one
from app.organizations.queries import hold
from app.projects.models import Project
from app.requests import queries


def leave_room(project: Project) -> None:
    """Refuse one more request than the organization may file in this month; called where one is written."""
    organization = project.organization
    if project.is_sample or organization.requests_per_month is None:
        return
    hold(organization.id)  # two in the same moment are counted one after the other
    leave_room_for_one(organization, queries.count_filed(organization.id, Period.current()))


def count_filed(fact: UsageCounted) -> None:
    """Add how many requests were filed."""
    fact.requests += queries.count_filed(fact.organization_id, fact.period)


def weigh_attachments(fact: FilesWeighed) -> None:
    """Add how many bytes the pictures and files of requests have."""
    fact.bytes += queries.bytes_attached(fact.organization_id)
