"""Compares what the database says with what exists here, the keeper not asked; sets right what is ours."""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.core import ledger
from app.core.clock import now
from app.core.db import let_go, session
from app.core.installation import installation
from app.engine import routes
from app.engine.instances import Desired, Instance, InstanceState, ring_keeper, socket_path
from app.engine.keeper import facts
from app.engine.removal import remove_tree
from app.engine.routes import Route, RouteKind, ports

log = logging.getLogger(__name__)

YOUNG_SECONDS = 15.0  # what is younger may be on its way up or down
LONGEST_START = 180.0
UNWANTED_AFTER = 86_400.0  # a folder that nobody speaks for

_LIVELY = {InstanceState.STARTING, InstanceState.RUNNING}


@dataclass(frozen=True)
class Scene:
    """Rows and facts of one moment."""

    instances: dict[str, Instance]
    routes: list[Route]
    facts: facts.Facts


def _look() -> Scene:
    # The facts first: a row that says running was written after its process began.
    found = facts.look()
    rows = session.scalars(select(Instance).execution_options(populate_existing=True)).all()
    lead = session.scalars(
        select(Route).where(Route.kind != RouteKind.GONE).execution_options(populate_existing=True)
    ).all()
    scene = Scene({row.label: row for row in rows}, list(lead), found)
    let_go()
    return scene


def disagreements() -> list[str]:
    """Say in one sentence each what the rows claim and the machine does not show, or the other way round."""
    scene = _look()
    return [
        *(line for row in scene.instances.values() for line in _about_instance(row, scene.facts)),
        *_about_processes(scene),
        *_about_sockets(scene),
        *(line for route in scene.routes for line in _about_route(route, scene)),
        *_about_ports(scene),
    ]


def _about_instance(row: Instance, found: facts.Facts) -> Iterator[str]:
    name = f"Instance {row.label}"
    if row.state is InstanceState.RUNNING:
        if not facts.is_alive(row.pid, row.pid_ticks):
            yield f"{name} is said to be running, but its process {row.pid} is not there."
        elif socket_path(row.label) not in found.sockets:
            yield f"{name} is said to be running, but its socket is not there."
    elif row.state is not InstanceState.STARTING and found.processes.get(row.label):
        yield f"{name} is said to be {row.state.value}, but process {found.processes[row.label][0]} runs."
    if row.state is InstanceState.STARTING:
        since = row.started_at or row.updated_at
        if (now() - since).total_seconds() > LONGEST_START:
            yield f"{name} is said to be starting since {since:%H:%M:%S}."
    expected = {Desired.ASLEEP: InstanceState.ASLEEP, Desired.GONE: InstanceState.GONE}.get(row.desired)
    if expected and row.state is not expected and ledger.is_overdue(row.updated_at):
        yield f"{name} shall be {row.desired.value}, but is said to be {row.state.value}."
    wrong = {InstanceState.ASLEEP, InstanceState.GONE}
    if row.desired is Desired.RUNNING and row.state in wrong and ledger.is_overdue(row.updated_at):
        yield f"{name} shall be running, but is said to be {row.state.value}."


def _about_processes(scene: Scene) -> Iterator[str]:
    for label, pids in scene.facts.processes.items():
        if label not in scene.instances:
            yield f"Process {pids[0]} carries the mark of instance {label}, which nobody knows."


def _about_sockets(scene: Scene) -> Iterator[str]:
    wanted = {socket_path(row.label) for row in scene.instances.values() if row.state in _LIVELY}
    for path in scene.facts.sockets:
        if path not in wanted:
            yield f"Socket {path.name} is there, but no instance that is said to run has it."


def _about_route(route: Route, scene: Scene) -> Iterator[str]:
    if route.kind is RouteKind.STATIC and not Path(route.directory or "").is_dir():
        yield f"{route.label} leads to a folder that is not there: {route.directory}."
    if route.kind is RouteKind.INSTANCE:
        row = scene.instances.get(route.instance or "")
        if row is None or row.desired is Desired.GONE:
            yield f"{route.label} leads to instance {route.instance}, which is gone."


def _about_ports(scene: Scene) -> Iterator[str]:
    """Compare who was given a port with where the gateway listens, where this machine can be asked."""
    here, heard = installation(), scene.facts.ports
    if heard is None:
        return
    for route in scene.routes:
        if here.preview_ports and route.port not in here.preview_ports:
            yield f"{route.label} has no port, so nobody can open it."
        elif here.preview_ports and route.port not in heard:
            yield f"{route.label} is to be seen at port {route.port}, but nobody listens there."
    given = ports.given()
    for port in sorted(heard & facts.gateway_ports()):
        if (port in here.preview_ports or port in here.service_ports) and port not in given:
            yield f"The gateway listens at port {port}, which nobody was given."


def disagreements_about_folders(is_wanted: Callable[[str], bool]) -> list[str]:
    """Say which checkouts are there though nobody wants them any more."""
    patience = ledger.patience().total_seconds()
    return [
        f"Checkout {path.name} is there, but nobody wants it any more."
        for path in facts.look().checkouts
        if _age(path) > patience and not is_wanted(path.name)
    ]


def reconcile(*, wants_folder: Callable[[str], bool] | None = None) -> list[str]:
    """Remove what carries our mark and nobody wants; returns what was done, in sentences.

    `wants_folder` tells whether a checkout of this name still has an owner; without it only what nothing
    leads to for a day is removed.
    """
    scene = _look()
    done = [
        *_end_unwanted_processes(scene),
        *_remove_unwanted_sockets(scene),
        *_close_routes_to_nowhere(scene),
        *_remove_unwanted_checkouts(scene, wants_folder),
        *ports.settle(),
    ]
    for line in done:
        log.warning("set right: %s", line)
    if any(next(_about_instance(row, scene.facts), None) for row in scene.instances.values()):
        ring_keeper()
    return done


def _end_unwanted_processes(scene: Scene) -> Iterator[str]:
    for label, pids in scene.facts.processes.items():
        row = scene.instances.get(label)
        if row is not None and (row.state in _LIVELY or row.desired is Desired.RUNNING):
            continue
        for pid in pids:
            if facts.age_of(pid) > YOUNG_SECONDS:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                    yield f"ended process {pid} of instance {label}"


def _remove_unwanted_sockets(scene: Scene) -> Iterator[str]:
    wanted = {
        socket_path(row.label)
        for row in scene.instances.values()
        if row.state in _LIVELY or row.desired is Desired.RUNNING
    }
    for path in scene.facts.sockets:
        if path not in wanted and _age(path) > YOUNG_SECONDS:
            path.unlink(missing_ok=True)
            yield f"removed socket {path.name}"


def _close_routes_to_nowhere(scene: Scene) -> Iterator[str]:
    for route in scene.routes:
        row = scene.instances.get(route.instance or "")
        if route.kind is RouteKind.INSTANCE and (row is None or row.desired is Desired.GONE):
            name = route.instance
            routes.remove(route.label)
            yield f"closed {route.label}, which led to the missing instance {name}"


def _remove_unwanted_checkouts(scene: Scene, wants_folder: Callable[[str], bool] | None) -> Iterator[str]:
    root = installation().checkouts
    used = {Path(route.directory) for route in scene.routes if route.directory}
    used |= {Path(row.folder) for row in scene.instances.values() if row.desired is not Desired.GONE}
    in_use = {path.relative_to(root).parts[0] for path in used if path.is_relative_to(root) and path != root}
    for path in scene.facts.checkouts:
        if path.name in in_use:
            continue
        wanted = _age(path) < UNWANTED_AFTER if wants_folder is None else wants_folder(path.name)
        if not wanted and _age(path) > YOUNG_SECONDS:
            remove_tree(path)
            yield f"removed checkout {path.name}"


def _age(path: Path) -> float:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0
