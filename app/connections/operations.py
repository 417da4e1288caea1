"""What is done with connections: make one, change it, let projects go through it."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from app.accounts.models import User
from app.connections import permissions, queries
from app.connections.models import CREDENTIALS, ConnectedProject, Connection, ConnectionStatus, Provider
from app.core import audit
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.organizations.models import Organization

LONGEST_VALUE = 4000


def connect(
    organization: Organization | None,
    *,
    by: User,
    provider: Provider,
    name: str,
    address: str = "",
    credentials: Mapping[str, str | None] | None = None,
) -> Connection:
    """Make a connection of an organization, or of the whole installation without one."""
    organization_id = organization.id if organization else None
    _may(by, organization_id)
    _must_be_free(organization_id, name)
    connection = Connection(
        organization=organization,
        organization_id=organization_id,
        provider=provider,
        name=name.strip(),
        address=_checked(address),
        credentials=_merged(provider, {}, credentials or {}),
        made_by=by,
    )
    with transaction():
        session.add(connection)
        session.flush()  # the line about it names it
        _log("connection.made", connection, by=by, detail=provider.value)
    return connection


def change(
    connection: Connection,
    *,
    by: User,
    name: str | None = None,
    address: str | None = None,
    credentials: Mapping[str, str | None] | None = None,
) -> None:
    """Change a connection; what is None stays, and so does each credential that is not named."""
    _may(by, connection.organization_id)
    if name is not None:
        _must_be_free(connection.organization_id, name, but=connection.id)
    with transaction():
        connection.name = name.strip() if name is not None else connection.name
        connection.address = connection.address if address is None else _checked(address)
        if credentials:
            kept = connection.credentials or {}
            connection.credentials = _merged(connection.provider, kept, credentials)
            connection.status = ConnectionStatus.UNTRIED
        _log("connection.changed", connection, by=by, detail=", ".join(sorted(credentials or {})))


def disconnect(connection: Connection, *, by: User) -> None:
    """Take a connection away, with what opened it."""
    _may(by, connection.organization_id)
    with transaction():
        _log("connection.deleted", connection, by=by)
        session.delete(connection)


def link(connection: Connection, *, project_id: UUID, organization_id: UUID, name: str, by: User) -> None:
    """Let a project go through a connection: one of its organization, or of the installation."""
    _may(by, organization_id)
    if connection.organization_id not in {None, organization_id}:
        raise Conflict("This connection belongs to another organization. Take one of the project's own.")
    if queries.link_to(connection, project_id) is not None:
        raise Conflict(f"{name} goes through {connection.name} already.")
    with transaction():
        session.add(ConnectedProject(connection_id=connection.id, project_id=project_id))
        _log("connection.linked", connection, by=by, detail=name, organization_id=organization_id)


def unlink(connection: Connection, linked: ConnectedProject, *, name: str, by: User) -> None:
    """Let a project no longer go through a connection."""
    _may(by, connection.organization_id)
    with transaction():
        session.delete(linked)
        _log("connection.unlinked", connection, by=by, detail=name)


def _merged(provider: Provider, kept: Mapping[str, str], sent: Mapping[str, str | None]) -> dict[str, str]:
    known = CREDENTIALS[provider]
    if unknown := sorted(set(sent) - set(known)):
        raise Invalid.field(
            "credentials", f"{unknown[0]} opens nothing here. Send {', '.join(known)}.", type="enum"
        )
    if any(len(value or "") > LONGEST_VALUE for value in sent.values()):
        raise Invalid.field(
            "credentials", f"A value has at most {LONGEST_VALUE} characters.", type="too_long"
        )
    merged = {**kept, **sent}
    return {name: value for name, value in merged.items() if value}


def _checked(address: str) -> str:
    address = address.strip().rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc):
        words = "Write it like https://git.example.com, without a name or password in it."
        raise Invalid.field("address", words, type="url")
    return address


def _must_be_free(organization_id: UUID | None, name: str, *, but: UUID | None = None) -> None:
    if not name.strip():
        raise Invalid.field("name", "Give the connection a name.", type="missing")
    if not queries.name_is_free(organization_id, name.strip(), but=but):
        raise Conflict("There is a connection of this name already. Choose another name.")


def _may(by: User, organization_id: UUID | None) -> None:
    if not permissions.can_connect(by, organization_id):
        raise NotAllowed(
            "Only an admin of the installation looks after connections, with a key those of its organization."
        )


def _log(
    act: str, connection: Connection, *, by: User, detail: str = "", organization_id: UUID | None = None
) -> None:
    audit.record(
        act,
        by=by,
        subject=connection.name,
        subject_id=connection.id,
        organization_id=connection.organization_id or organization_id,
        detail=detail,
    )
