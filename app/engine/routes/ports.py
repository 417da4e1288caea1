"""A port for each route, where no names lead to previews: who has which, and which are free again."""

import contextlib
import secrets
import socket
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from urllib.parse import quote, urlsplit

from sqlalchemy import ColumnElement, and_, or_, select

from app.core.clock import now
from app.core.db import reading, session, transaction
from app.core.errors import Failed
from app.core.installation import installation
from app.engine.routes.models import Route, RouteKind

OVER = timedelta(minutes=1)  # for so long a port says that what was there is gone
_OVER_WHERE_SCARCE = timedelta(seconds=3)
_SCARCE = 4  # where no fourth part of them is free, what is gone gives its port back earlier
_LOOK_SECONDS = 0.05


def give(route: Route, *, of_service: bool = False) -> None:
    """Let a route have a port, the same one for as long as it lives; nothing where names lead to it."""
    here = installation()
    wanted = here.preview_ports or (here.service_ports if of_service else range(0))
    if route.port in wanted or not wanted:
        return
    taken = set(session.scalars(select(Route.port).where(Route.port.is_not(None))))
    free = [port for port in wanted if port not in taken]
    # By chance, so that what a browser kept of one app is seldom met by the next one.
    secrets.SystemRandom().shuffle(free)
    for port in free:
        if _is_free(here.host, port):
            route.port = port
            return
    raise Failed(
        "no_port",
        f"All {len(wanted)} ports for {'services' if of_service else 'previews'} are taken.",
        "Take something down, or let Greenroom have more ports: "
        f"{'GREENROOM_PREVIEW_PORTS' if here.preview_ports else 'GREENROOM_ENVIRONMENT_PORTS'}.",
    )


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as door, contextlib.suppress(OSError):
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        return True
    return False


def address_of(label: str) -> str:
    """Return the address at which a label is, or will be, served."""
    return addresses_of([label])[label]


def host_of(label: str) -> str:
    """Return the host name under which a label is served, as the DNS knows it."""
    return f"{label}.{installation().preview_domain.partition(':')[0].lower()}"


def addresses_of(labels: Collection[str]) -> dict[str, str]:
    """Return the address of each label; one without a port so far is led to by the site."""
    here = installation()
    if not here.preview_ports:
        return {label: here.preview_url(label) for label in labels}
    with reading() as connection:
        rows = connection.execute(select(Route.label, Route.port).where(Route.label.in_(labels)))
        ports = {label: port for label, port in rows if port is not None}
    return {
        label: here.port_url(ports[label])
        if label in ports
        else f"{here.url}/open-preview?label={quote(label)}"
        for label in labels
    }


def service_address_of(route: Route) -> str:
    """Return the address of a route that any HTTP client reaches: by a port of its own, or by its name."""
    here = installation()
    if route.port is None:
        return here.preview_url(route.label)
    host = here.preview_domain if here.preview_ports else urlsplit(here.url).hostname
    return f"http://{host}:{route.port}"


def await_open(port: int, *, seconds: float = 20, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Wait until the gateway, which looks again and again who was given a port, listens at this one."""
    host = installation().host
    place = ({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104 - what is listened at
    deadline = time.monotonic() + seconds
    while not cancelled():
        with contextlib.suppress(OSError), socket.create_connection(place, 1):
            return
        if time.monotonic() > deadline:
            raise Failed(
                "not_reachable",
                f"Its address at port {port} was not opened within {seconds:g} seconds.",
                "Ask whoever runs this installation whether its gateway is alive, then try again.",
            )
        time.sleep(_LOOK_SECONDS)


def given() -> dict[int, str]:
    """Return who has which port; the gateway listens on these."""
    rows = session.execute(select(Route.port, Route.label))
    return {port: label for port, label in rows if port is not None and _is_ours(port)}


def _is_ours(port: int) -> bool:
    return port in installation().preview_ports or port in installation().service_ports


def settle() -> list[str]:
    """Free the ports of what is over, give one to what has none; returns what was done, in sentences."""
    wanted, services = installation().preview_ports, installation().service_ports
    elsewhere = and_(*(or_(Route.port < each.start, Route.port >= each.stop) for each in (wanted, services)))
    with transaction():
        done = [_take_back(route) for route in _with_port(or_(_gone_for(OVER), elsewhere))]
        session.flush()  # these count as free for what follows
        done += [_take_back(route) for each in (wanted, services) if each for route in _scarce(each)]
        session.flush()  # so that they can be given at once
        done += _give_to_all() if wanted else []
    return done


def _take_back(route: Route) -> str:
    said = f"freed port {route.port} of {route.label}"
    route.port = None
    return said


def _with_port(which: ColumnElement[bool]) -> Sequence[Route]:
    """Return the routes with a port that are like this, those first that nothing happened to for longest."""
    return session.scalars(
        select(Route).where(Route.port.is_not(None), which).order_by(Route.updated_at)
    ).all()


def _gone_for(time: timedelta) -> ColumnElement[bool]:
    return and_(Route.kind == RouteKind.GONE, Route.updated_at < now() - time)


def _scarce(wanted: range) -> Sequence[Route]:
    """Return the routes that are gone, though not for long, and hold ports that others may need next."""
    within = and_(Route.port >= wanted.start, Route.port < wanted.stop)
    missing = len(wanted) // _SCARCE - (len(wanted) - len(_with_port(within)))
    return _with_port(and_(within, _gone_for(_OVER_WHERE_SCARCE)))[: max(0, missing)]


def _give_to_all() -> Iterator[str]:
    bare = select(Route).where(Route.port.is_(None), Route.kind != RouteKind.GONE)
    for route in session.scalars(bare).all():
        try:
            give(route)
        except Failed:  # those who came too late are named by `doctor --truth`
            return
        session.flush()  # the next one must not be given the same
        yield f"gave port {route.port} to {route.label}"
