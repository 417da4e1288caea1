"""A real Postgres of one test process: started without root, gone with the process that started it."""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

NOBODY = 65534
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=16MB",
)


class Postgres:
    """A cluster on a Unix socket in a folder of its own."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="gr-pg-"))
        self._data = self.folder / "data"
        self._server: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)

    def start(self) -> None:
        self._run(
            "initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [
                    self._programs / "postgres",
                    *("-D", self._data, "-k", self.folder, "-F", "-c", "listen_addresses="),
                    *(word for setting in QUICK for word in ("-c", setting)),
                ],
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_end_with_us,  # noqa: PLW1509 - no other thread at that moment
                **_identity(),
            )
        end = time.monotonic() + 30
        while self._ask("SELECT 1", check=False) != 0:
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Postgres did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def create(self, name: str) -> str:
        """Make an empty database and return its address."""
        self._ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._ask(f'CREATE DATABASE "{name}"')
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def stop(self) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # fast: open connections are cut
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(10)
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ask(self, statement: str, *, check: bool = True) -> int:
        line = [
            str(self._psql()),
            "-qX",
            "-h",
            str(self.folder),
            "-U",
            "postgres",
            "-d",
            "postgres",
            "-c",
            statement,
        ]
        return subprocess.run(line, capture_output=True, check=check, cwd=self.folder).returncode

    def _psql(self) -> Path:
        beside = self._programs / "psql"
        return beside if beside.exists() else Path(shutil.which("psql") or "psql")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **_identity(),
        )


def find_programs() -> Path | None:
    """Return the folder of a Postgres server's programs, the newest there is."""
    candidates = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in candidates if (folder / "postgres").exists()), None)


def _identity() -> dict[str, object]:
    """Postgres refuses to run as root; anybody else stays who they are."""
    if os.geteuid() != 0:
        return {}
    return {
        "user": NOBODY,
        "group": NOBODY,
        "extra_groups": [],
        "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"},
    }


def _end_with_us() -> None:
    with suppress(AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT, 0, 0, 0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running cluster; skipped with a clear line only where no Postgres can be had."""
    programs = find_programs()
    if programs is None:
        told = "no Postgres server here (neither initdb on the search path nor /usr/lib/postgresql/*/bin)"
        if os.environ.get("GREENROOM_REQUIRE_POSTGRES"):
            pytest.fail(told)
        pytest.skip(told)
    cluster = Postgres(programs)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """The database of this test process."""
    return postgres.create(f"greenroom_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
