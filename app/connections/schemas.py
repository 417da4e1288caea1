"""What connections take and give."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.schemas import Name
from app.connections.models import ConnectionStatus, Provider
from app.organizations.schemas import OrganizationRef, PersonRef
from app.web.schemas import Moment, Paging, Schema

Address = Annotated[str, StringConstraints(max_length=300)]
Credentials = Annotated[
    dict[str, str | None], Field(description="By name; null or an empty text takes one away.")
]


class ConnectionsQuery(Paging):
    """Which connections to list."""

    organization_id: UUID | None = None
    provider: Provider | None = None
    q: str = ""


class NewConnection(Schema):
    """A connection to make; without an organization it is one of the whole installation."""

    provider: Provider
    name: Name
    organization_id: UUID | None = None
    address: Address = ""
    credentials: Credentials = Field(default_factory=dict)


class ConnectionChange(Schema):
    """What to change of a connection; what is missing stays, each credential as well."""

    name: Name | None = None
    address: Address | None = None
    credentials: Credentials | None = None


class CredentialOut(Schema):
    """That a credential is set, and how it ends; never its value."""

    name: str
    is_set: bool
    last_four: str | None


class ConnectionOut(Schema):
    """A connection, without what opens it."""

    id: UUID
    provider: Provider
    name: str
    address: str
    organization: OrganizationRef | None
    status: ConnectionStatus
    credentials: list[CredentialOut] = Field(validation_alias="shown_credentials")
    made_by: PersonRef | None
    created_at: Moment
    updated_at: Moment


class ProjectLink(Schema):
    """A project to go through a connection."""

    project_id: UUID
