"""DATABASE_URL and REDIS_URL: an operator's own Postgres and Valkey instead of what we bring."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import queue
from app.config import Settings
from tests.support.installation import wait_until
from tests.support.postgres import Postgres

pytestmark = pytest.mark.real


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a queue server that somebody else started."""
    folder = tmp_path_factory.mktemp("queue")
    door = folder / "own.sock"
    line = [queue.find_server(Settings()), "--port", "0", "--unixsocket", door, "--dir", folder, "--save", ""]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL) as server:
        wait_until(door.exists, 10, "the queue server")
        yield f"unix://{door}"
        server.send_signal(signal.SIGKILL)


def test_starts_on_them_and_brings_none_of_its_own(install, postgres: Postgres, valkey: str) -> None:
    here = install(DATABASE_URL=postgres.create("own"), REDIS_URL=valkey)

    here.admin()

    assert here.get("/api/users/me").data["email"] == "ada@example.org"
    assert here.main_pid("queue") is None
    assert not (here.home / "greenroom.db").exists()
    assert here.disagreements() == []


def test_kill_9_of_a_part_is_survived_on_postgres(install, postgres: Postgres) -> None:
    here = install(DATABASE_URL=postgres.create("hurt"))
    here.admin()

    for role in ("web", "keeper", "worker-build"):
        here.kill(role)

    wait_until(lambda: here.get("/readyz", key="").status == 200, 40, "all to be ready")
    assert here.get("/api/users/me").status == 200


def test_a_named_queue_server_that_does_not_run_gives_way_to_the_bundled_one() -> None:
    settings = Settings.model_validate({"VALKEY_SERVER_BIN": "/nowhere/valkey-server"})

    assert Path(queue.find_server(settings)).name in {"valkey-server", "redis-server"}
