"""`greenroom up`: the whole installation as one group of processes, forked from one warm one."""

import contextlib
import errno
import fcntl
import gc
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from typing import NoReturn

from flask import Flask

from app.cli import logs, processes, queue
from app.cli.supervisor import Child, Supervisor
from app.config import Settings
from app.core import reach, supervised
from app.core.installation import Installation

_PATIENCE = 4.0  # what a killed installation held may be free only a moment later
_LOCK_PATIENCE = 1.0  # whoever asks whether we run holds the lock for an instant


class CannotStart(SystemExit):
    """Something stands in the way; the message says what, and what to do."""


def up(settings: Settings, *, again: bool = False) -> int:
    """Start everything, keep it running, and end all of it when a signal asks for that."""
    began = time.monotonic()
    gc.disable()  # nothing here is garbage, and what the collector touches is shared no more
    processes.keep_memory_small()
    logs.write_to_terminal("WARNING")
    here = settings.installation()
    if running := supervised.record(here):
        logs.say(f"Greenroom runs already (process {running['pid']}), at {running['url']}.")
        return 0
    record = supervised.record_path(here)
    lock = _lock(here)
    patience = _PATIENCE if record.exists() or again else 0
    try:
        site = _listen(here.host, here.port, "GREENROOM_PORT", patience)
        previews = _listen(here.host, here.gateway_port, "GREENROOM_GATEWAY_PORT", patience)
    except CannotStart as trouble:
        kept = reach.read(here.home)
        if kept.now == reach.Reach() or not (again or kept.before):
            raise
        reach.take_back(here.home, str(trouble))
        _begin_again()
    with Supervisor(log_folder=here.logs, log_level=settings.log_level, record=record) as supervisor:
        supervisor.facts = {"url": here.url, "home": str(here.home)}
        supervisor.keep_private(lock)
        supervisor.hand_down(site)
        supervisor.hand_down(previews)
        if settings.has_own_queue:
            server = queue.find_server(settings)
            supervisor.start(Child(role="queue", work=lambda: queue.become_server(server, here), stops=2))
        _start_all(supervisor, settings, here, site=site, previews=previews)
        supervisor.start(Child(role="welcome", work=lambda: _welcome(here, began), once=True))
        supervisor.run()
    if supervisor.begins_again:
        _begin_again()
    return 0


def _begin_again() -> NoReturn:
    """Become a new supervisor under the same number, with what is decided now."""
    sys.stdout.flush()
    words = [sys.executable, "-P", "-m", "app.cli", "up", "--again"]
    os.execv(sys.executable, words)  # noqa: S606 - ourselves


def _start_all(
    supervisor: Supervisor,
    settings: Settings,
    here: Installation,
    *,
    site: socket.socket,
    previews: socket.socket,
) -> None:
    """Import what the children share, bring the database up to date, then fork them."""
    from sqlalchemy.orm import configure_mappers

    # Their servers come along: what a child imports later is written into pages that were shared until then.
    from app.cli import gateway, keeper, web, worker
    from app.factory import create_app

    app = create_app(settings)
    configure_mappers()  # else every child does it at its first query, in memory of its own
    if settings.has_own_queue and not queue.await_server(here):
        raise CannotStart(f"The queue server does not answer. Its log is {here.logs / 'queue.log'}.")
    _warm_the_queue()
    if supervisor.run_once("migrate", lambda: _migrate(app)) and not supervisor.is_stopping:
        raise CannotStart(f"The database could not be brought up to date. See {here.logs / 'migrate.log'}.")
    for child in (
        Child(role="web", work=lambda: web.serve(app, here, site), keeps=(site,)),
        *worker.children(grace=7),
        Child(role="keeper", work=keeper.keep, stops=1),
        Child(role="gateway", work=lambda: gateway.serve(here, previews), keeps=(previews,), grace=2),
    ):
        supervisor.keep(child)


def _warm_the_queue() -> None:
    """Ask the queue once, so that what its client makes at its first use is shared; nothing stays open."""
    from app.core.changes import connection

    with contextlib.suppress(Exception), connection() as door:  # each child says itself what is wrong
        door.ping()
        door.connection_pool.disconnect()


def _migrate(app: Flask) -> None:
    from app.cli import migrate  # what it loads stays in its own process

    migrate.upgrade(app)


def _lock(here: Installation) -> int:
    """Take the home for this process alone."""
    lock = os.open(supervised.lock_path(here), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    end = time.monotonic() + _LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > end:
                raise CannotStart(
                    f"Greenroom is being started or stopped in {here.home} at this moment. "
                    "Wait a little, then try again."
                ) from None
            time.sleep(0.05)
        else:
            return lock


def _listen(host: str, port: int, setting: str, patience: float) -> socket.socket:
    """Bind a port before anything else starts, so that a taken one is the first thing said."""
    end = time.monotonic() + patience
    while True:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as trouble:
            listener.close()
            if trouble.errno == errno.EADDRINUSE and time.monotonic() < end:
                time.sleep(0.1)
                continue
            raise CannotStart(_why_not(host, port, setting, trouble)) from None
        listener.listen(1024)
        return listener


def _why_not(host: str, port: int, setting: str, trouble: OSError) -> str:
    if trouble.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Set {setting} to a free one."
    if trouble.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have. Set {setting} to one above 1023."
    return f"Cannot listen on {host}, port {port}: {trouble.strerror}. Look at GREENROOM_HOST and {setting}."


def _welcome(here: Installation, began: float) -> None:
    """Say where the site is once it answers, and the first admin's link while there is no admin."""
    from app.accounts.operations import first_admin_link
    from app.core.db import unit_of_work

    await_answer(f"{local_url(here)}/healthz", seconds=60)
    end = " Ctrl-C ends it." if logs.is_read_by_a_person() else ""
    logs.say(f"Greenroom is at {here.url} ({time.monotonic() - began:.1f} s).{end}")
    with unit_of_work():
        link = first_admin_link()
    if link is not None:
        logs.say(f"There is no admin yet. Open this once, to become the first:\n  {link}")


def local_url(here: Installation) -> str:
    """Return the address of the site as this machine reaches it, whatever people type."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(here.host, here.host)  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{here.port}"


def await_answer(url: str, *, seconds: float) -> bool:
    """Wait until an address of ours answers well."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with (
            contextlib.suppress(OSError, urllib.error.HTTPError),
            urllib.request.urlopen(url, timeout=5) as answer,  # noqa: S310 - our own address
        ):
            if answer.status == 200:  # noqa: PLR2004 - the number everybody knows
                return True
        time.sleep(0.05)
    return False
