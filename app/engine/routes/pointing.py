"""Which host name leads where, and who may go there; the gateway asks the keeper, the keeper reads this."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from app.core.clock import now
from app.core.db import session, transaction
from app.core.installation import installation
from app.engine.instances import Desired, Instance, InstanceState, socket_path
from app.engine.routes import ports
from app.engine.routes.models import Route, RouteAccess, RouteKind


def point(
    label: str,
    *,
    project_id: UUID,
    organization_id: UUID,
    access: str = "private",
    directory: object = None,
    instance: str | None = None,
    spa: bool = False,
    bar: dict[str, str] | None = None,
    status_url: str | None = None,
    of_service: bool = False,
) -> Route:
    """Let a host name lead to a directory or an instance; with neither, to a page that says it is coming."""
    kind = RouteKind.STATIC if directory else RouteKind.INSTANCE if instance else RouteKind.WAITING
    with transaction():
        route = session.get(Route, label) or Route(label=label)
        route.kind = kind
        route.access = RouteAccess(access)
        route.project_id, route.organization_id = project_id, organization_id
        route.directory = str(directory) if directory else None
        route.instance = instance
        route.spa = spa
        route.bar = {name: _kept(value) for name, value in bar.items()} if bar else None
        route.status_url = _kept(status_url) if status_url else None
        route.note = None
        ports.give(route, of_service=of_service)
        session.add(route)
    return route


def erase(project_id: UUID) -> None:
    """Forget every host name of a project."""
    with transaction():
        session.execute(delete(Route).where(Route.project_id == project_id))


def remove(label: str, note: str | None = None) -> None:
    """Let a host name say that what was there is gone, why; what was never there stays unknown."""
    nothing = {
        "directory": None,
        "instance": None,
        "bar": None,
        "kind": RouteKind.GONE,
        "note": note,
        "updated_at": now(),
    }
    with transaction():
        session.execute(update(Route).where(Route.label == label).values(nothing))


def keep_at(label: str, new: str, *, bar: dict[str, str]) -> None:
    """Let a second host name lead to what stands at a first one, which is about to lead elsewhere."""
    with transaction():
        route = session.get_one(Route, label, populate_existing=True)
        point(
            new,
            project_id=route.project_id,
            organization_id=route.organization_id,
            access=route.access.value,
            directory=route.directory,
            instance=route.instance,
            spa=route.spa,
            bar=bar,
            status_url=_told(route.status_url) if route.status_url else None,
        )


def open_to(label: str, access: str) -> None:
    """Let others than before open a host name, whatever it leads to."""
    with transaction():
        session.execute(update(Route).where(Route.label == label).values(access=RouteAccess(access)))


def find(label: str) -> Route | None:
    """Return what a host name leads to, as it is now."""
    return session.get(Route, label, populate_existing=True)


def forget(label: str) -> None:
    """Take a host name out altogether, as when its domain went to somebody else."""
    with transaction():
        route = session.get(Route, label)
        if route is not None:
            session.delete(route)


def resolve(label: str) -> dict[str, Any] | None:
    """Say in one statement all the gateway needs to know about a host name."""
    columns = (
        Instance.desired, Instance.state, Instance.version, Instance.typical_ms, Instance.error_message,
    )  # fmt: skip
    found = session.execute(
        select(Route, *columns)
        .outerjoin(Instance, Instance.label == Route.instance)
        .where(Route.label == label)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        return None
    route = found[0]
    answer: dict[str, Any] = {
        "label": route.label,
        "kind": route.kind.value,
        "access": route.access.value,
        "project_id": str(route.project_id),
        "organization_id": str(route.organization_id),
        "directory": route.directory,
        "spa": route.spa,
        "bar": {name: _told(value) for name, value in route.bar.items()} if route.bar else None,
        "status_url": _told(route.status_url) if route.status_url else None,
        "note": route.note,
    }
    if route.kind is RouteKind.INSTANCE and route.instance is not None:
        answer |= {
            "instance": route.instance,
            "state": _state(found.desired, found.state).value,
            "socket": str(socket_path(route.instance)),
            "version": found.version or 0,
            "typical_seconds": found.typical_ms / 1000 if found.typical_ms else None,
            "error": found.error_message,
        }
    return answer


def _kept(value: str) -> str:
    """Write an address of the site without its beginning, which may be another one tomorrow."""
    return value.removeprefix(installation().url) if value.startswith(f"{installation().url}/") else value


def _told(value: str) -> str:
    return f"{installation().url}{value}" if value.startswith("/") else value


def _state(desired: Desired | None, state: InstanceState | None) -> InstanceState:
    """Return what a visitor meets: what is about to sleep sleeps, what is about to wake starts."""
    if state is None or desired is None or desired is Desired.GONE:
        return InstanceState.GONE
    if desired is Desired.ASLEEP:
        return InstanceState.ASLEEP
    return InstanceState.STARTING if state in {InstanceState.ASLEEP, InstanceState.GONE} else state
