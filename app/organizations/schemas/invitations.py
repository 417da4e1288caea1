"""Invitations, and who comes in."""

import re
from collections.abc import Collection
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.schemas import Email, Name, Password
from app.letters.schemas import LetterState
from app.organizations.models import Invitation, InvitationStatus, Role
from app.organizations.schemas.organizations import OrganizationRef
from app.organizations.schemas.people import PersonRef, Text
from app.web.schemas import Moment, Paging, Schema


class NewInvitation(Schema):
    """Somebody to invite; without an e-mail, whoever has the link.

    With `anyEmail` the address says only whom it is for: they may come in with another one.
    """

    email: Email | None = None
    role: Role = Role.REQUESTER
    any_email: bool = False


class NewUser(NewInvitation):
    """Somebody to invite into any organization."""

    organization_id: UUID


class Invitations(Schema):
    """Several people to invite at once, in one role; without an e-mail, whoever has the link."""

    emails: Annotated[str, StringConstraints(max_length=5000)] = ""
    role: Role = Role.REQUESTER
    any_email: bool = False

    @property
    def addresses(self) -> list[str]:
        """Return each e-mail that stands in the text."""
        return re.split(r"[\s,;]+", self.emails.strip())


class NewInvitations(Schema):
    """Several people to invite at once, all of them or nobody."""

    emails: Annotated[list[Email], Field(min_length=1, max_length=50)]
    role: Role = Role.REQUESTER
    any_email: bool = False


class InvitationsQuery(Paging):
    """Which invitations to list: of a state, with a text in the e-mail."""

    status: InvitationStatus | None = None
    email: Text = ""


class Invited(Schema):
    """Which invitations the page of members lists: without a word those that wait, or may be renewed."""

    status: InvitationStatus | Literal["all"] | None = None
    invited_email: Text = ""
    invited_page: int = 1

    @property
    def statuses(self) -> Collection[InvitationStatus]:
        """Return the states that are listed; none for all."""
        if self.status is None:
            return (InvitationStatus.PENDING, InvitationStatus.EXPIRED)
        return () if self.status == "all" else (InvitationStatus(self.status),)


class InvitationOut(Schema):
    """An invitation, without its link; `letter` is how far its mail is, where one was written."""

    id: UUID
    organization_id: UUID
    email: str | None
    any_email: bool
    role: Role
    status: InvitationStatus
    invited_by: PersonRef
    created_at: Moment
    expires_at: Moment
    accepted_at: Moment | None
    revoked_at: Moment | None
    letter: LetterState | None


class InvitationMade(InvitationOut):
    """An invitation with its link and the secret in it, this once."""

    url: str
    token: str

    @classmethod
    def of(cls, invitation: Invitation, url: str) -> Self:
        """Show a fresh link with its invitation."""
        shown = InvitationOut.model_validate(invitation).model_dump()
        return cls(**shown, url=url, token=url.rpartition("/")[2])


class InvitationShown(Schema):
    """What whoever has an invitation's link may know of it."""

    status: InvitationStatus
    valid: bool
    email: str | None
    any_email: bool
    role: Role
    organization: OrganizationRef
    invited_by: PersonRef
    expires_at: Moment

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        """Show an invitation to somebody with its link."""
        return cls.model_validate(
            {
                "status": invitation.status,
                "valid": invitation.status is InvitationStatus.PENDING,
                "email": invitation.email,
                "any_email": invitation.any_email,
                "role": invitation.role,
                "organization": invitation.organization,
                "invited_by": invitation.invited_by,
                "expires_at": invitation.expires_at,
            }
        )


class NewMember(Schema):
    """Who comes in through an invitation."""

    name: Name
    email: Email
    password: Password


class Acceptance(Schema):
    """Who accepts: nothing for the caller, or who is new here."""

    name: Name | None = None
    email: Email | None = None
    password: Password | None = None


class Accepted(Schema):
    """That somebody belongs to an organization now."""

    organization: OrganizationRef
    role: Role
    user: PersonRef
