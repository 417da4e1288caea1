"""What the operations on organizations share."""

from app.accounts.models import User
from app.core import audit
from app.core.errors import NotAllowed
from app.organizations import permissions
from app.organizations.models import Membership, Organization


def administer(by: User, organization: Organization) -> None:
    """Refuse whoever is no admin of an organization."""
    if not permissions.can_administer(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can do this.")


def note(
    act: str, organization: Organization, *, by: User, subject: str | None = None, detail: str = ""
) -> None:
    """Add a line about an organization to the audit log."""
    named = organization.name if subject is None else subject
    audit.record(act, by=by, subject=named, organization_id=organization.id, detail=detail)


def note_member(act: str, membership: Membership, *, by: User, detail: str) -> None:
    """Add a line about a member to the audit log."""
    note(act, membership.organization, by=by, subject=membership.user.email, detail=detail)
