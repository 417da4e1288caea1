"""`up --service`: keep Greenroom running after the terminal is closed, with what the machine has for that."""

import shutil
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.cli.service import environment
from app.cli.service.detached import Detached
from app.cli.service.launchd import Launchd
from app.cli.service.systemd import Systemd
from app.cli.up import await_answer, local_url
from app.config import Settings
from app.core import supervised
from app.core.installation import Installation

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 120.0
FIRST_SIGN_SECONDS = 20.0
STOP_SECONDS = 30.0
LAST_LINES = 100


class Caretaker(Protocol):
    """What keeps a program running on this machine, and how it is told."""

    words: str  # as in "Greenroom runs …"

    def start(self) -> str:
        """Keep it running from now on; returns what the person should know, or nothing."""

    def stop(self) -> None:
        """End it; it may come back at the next start of the machine."""

    def remove(self) -> None:
        """Forget it altogether."""

    def has_it(self) -> bool:
        """Tell whether it was told to keep this installation running."""


def act(settings: Settings, action: str) -> int:
    """Do what was asked and say how it went; returns the exit status."""
    here = settings.installation()
    caretaker = choose(here)
    match action:
        case "start":
            return _start(settings, here, caretaker)
        case "stop":
            return _stop(here, caretaker)
        case "status":
            return _status(here, caretaker)
        case "logs":
            return _logs(here)
    caretaker.remove()
    environment.path(here).unlink(missing_ok=True)
    print("Greenroom is no service any more. What it kept stays in " + str(here.home) + ".")
    return 0


def choose(here: Installation) -> Caretaker:
    """Return the best that this machine has."""
    log, name = log_path(here), environment.name_of(here, ROOT)
    if sys.platform == "darwin" and shutil.which("launchctl"):
        return Launchd(here, root=ROOT, name=name, log=log)
    systemd = Systemd(here, root=ROOT, name=name, log=log)
    return systemd if systemd.is_there() else Detached(here, root=ROOT, log=log)


def log_path(here: Installation) -> Path:
    """Return the file that takes what would stand in the terminal."""
    return here.logs / "service.log"


def _start(settings: Settings, here: Installation, caretaker: Caretaker) -> int:
    running = supervised.record(here)
    if running:
        print(f"Greenroom runs already (process {running['pid']}), at {running['url']}.")
        if not caretaker.has_it():
            print("It ends with its terminal. Stop it there (Ctrl-C), then ask for the service again.")
            return 1
        return 0
    environment.write(here)
    hint = caretaker.start()
    is_there = _await(lambda: bool(supervised.record(here)), FIRST_SIGN_SECONDS)
    if not is_there or not await_answer(f"{local_url(here)}/healthz", seconds=START_SECONDS):
        print(f"Greenroom did not start. The end of {log_path(here)}:", file=sys.stderr)
        _logs(here)
        return 1
    print(f"Greenroom runs {caretaker.words}, at {supervised.record(here)['url']}.")
    if hint:
        print(hint)
    print(f"See it with {_command('status')} and {_command('logs')}, end it with {_command('stop')}.")
    _show_first_link(settings)
    return 0


def _show_first_link(settings: Settings) -> None:
    from app.accounts.operations import first_admin_link
    from app.core.db import unit_of_work
    from app.factory import create_app

    create_app(settings)
    with unit_of_work():
        link = first_admin_link()
    if link is not None:
        print(f"There is no admin yet. Open this once, to become the first:\n  {link}")


def _stop(here: Installation, caretaker: Caretaker) -> int:
    if not caretaker.has_it():
        print("Greenroom is no service here, so there is nothing to stop.")
        return 1
    caretaker.stop()
    if not _await(lambda: not supervised.record(here), STOP_SECONDS):
        print(f"Greenroom still runs after {STOP_SECONDS:g} s; {_command('logs')} may say why.")
        return 1
    print(f"Greenroom is stopped. {_command('')} starts it again.")
    return 0


def _status(here: Installation, caretaker: Caretaker) -> int:
    running = supervised.record(here)
    if not running:
        print(f"Greenroom does not run. {_command('')} starts it.")
        return 1
    how = caretaker.words if caretaker.has_it() else "in a terminal, and ends with it"
    print(f"Greenroom runs {how} (process {running['pid']}), at {running['url']}.")
    return 0


def _logs(here: Installation) -> int:
    path = log_path(here)
    if not path.exists():
        print("The service has not said anything yet.")
        return 1
    with path.open(errors="replace") as lines:
        print("".join(deque(lines, LAST_LINES)), end="")
    print(f"({path}; each process has its own log beside it)")
    return 0


def _await(predicate: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def _command(action: str) -> str:
    return f"bin/up --service {action}".strip()
