"""What the tests of the sandbox share: a checkout of Bob's, and whichever sandbox this machine has."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.installation import Limits
from app.engine.sandbox import Sandbox, Work, cgroups, probe, run

OPEN = Sandbox("none", "for this test", "none")


@pytest.fixture
def walled() -> Sandbox:
    found = probe()
    if not found.is_walled:
        pytest.skip(f"no sandbox on this machine: {found.reason}")
    return found


@pytest.fixture(params=["bubblewrap", "none"])
def sandbox(request) -> Sandbox:
    """Run the test behind walls and without."""
    return request.getfixturevalue("walled") if request.param == "bubblewrap" else OPEN


@pytest.fixture
def folder(tmp_path) -> Path:
    path = tmp_path / "checkout"
    path.mkdir()
    return path


@pytest.fixture
def limits() -> Limits:
    return Limits(memory_mb=128, processes=40, seconds=20, file_mb=16, disk_mb=64)


@pytest.fixture
def attempt(folder, limits, walled):
    """Run Bob's command behind walls; give the outcome and the lines."""

    def attempt(command, *, within=walled, cancelled=lambda: False, **more):
        lines: list[str] = []
        own = {key: more.pop(key) for key in list(more) if key in Limits.__dataclass_fields__}
        work = Work(command=command, folder=folder, limits=replace(limits, **own), **more)
        return run(work, on_line=lines.append, cancelled=cancelled, within=within), lines

    return attempt


@pytest.fixture
def no_cgroups(monkeypatch):
    """Leave the limits to the watchdog, as on a machine that lets us make no groups."""
    monkeypatch.setattr(cgroups, "hierarchies", lambda: cgroups.Hierarchies("none"))


@pytest.fixture
def wait_until():
    """Wait for what a real process is about to do."""

    def wait_until(is_so, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.02)

    return wait_until


@pytest.fixture
def processes_with():
    """Find living processes by a word of their command line."""

    def processes_with(mark: str) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    words = (entry / "cmdline").read_bytes()
                    state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                except OSError:
                    continue
                if mark.encode() in words and state not in "ZX":
                    found.append(int(entry.name))
        return found

    return processes_with
