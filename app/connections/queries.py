"""Reads of connections, each for somebody."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, false, func, select

from app.accounts.models import User
from app.connections.models import ConnectedProject, Connection, Provider
from app.core.db import session


def connections_overseen_by(
    user: User,
    *,
    organization_id: UUID | None = None,
    provider: Provider | None = None,
    text: str = "",
) -> Select[Connection]:
    """Return the connections that an installation admin looks after; through a key, its organization's."""
    query = select(Connection).order_by(Connection.name, Connection.id)
    if not user.is_admin:
        return query.where(false())
    if user.confined_to is not None:
        query = query.where(Connection.organization_id == user.confined_to)
    if organization_id is not None:
        query = query.where(Connection.organization_id == organization_id)
    if provider is not None:
        query = query.where(Connection.provider == provider)
    return query.where(Connection.name.icontains(text, autoescape=True)) if text else query


def connection_overseen_by(user: User, connection_id: UUID) -> Select[Connection]:
    return connections_overseen_by(user).where(Connection.id == connection_id)


def connections_of_project(user: User, project_id: UUID) -> Select[Connection]:
    """Return what a project goes through, as far as somebody looks after it."""
    linked = select(ConnectedProject.connection_id).where(ConnectedProject.project_id == project_id)
    return connections_overseen_by(user).where(Connection.id.in_(linked))


def linked_projects(connection: Connection) -> Select[UUID]:
    """Return the ids of the projects that go through a connection."""
    return select(ConnectedProject.project_id).where(ConnectedProject.connection_id == connection.id)


def link_to(connection: Connection, project_id: UUID) -> ConnectedProject | None:
    query = select(ConnectedProject).where(
        ConnectedProject.connection_id == connection.id, ConnectedProject.project_id == project_id
    )
    return session.scalars(query).first()


def counts_of_projects(connections: Collection[Connection]) -> dict[UUID, int]:
    """Return how many projects go through each of some connections."""
    query = (
        select(ConnectedProject.connection_id, func.count())
        .where(ConnectedProject.connection_id.in_([each.id for each in connections]))
        .group_by(ConnectedProject.connection_id)
    )
    return dict(session.execute(query).all())


def name_is_free(organization_id: UUID | None, name: str, *, but: UUID | None = None) -> bool:
    """Tell whether no other connection of the same owner is called so."""
    owner = Connection.organization_id.is_not_distinct_from(organization_id)
    query = select(Connection.id).where(owner, func.lower(Connection.name) == name.lower())
    return session.scalar(query if but is None else query.where(Connection.id != but)) is None


def all_of_project(user: User, project_id: UUID) -> list[Connection]:
    """Return all that a project goes through."""
    return list(session.scalars(connections_of_project(user, project_id)))
