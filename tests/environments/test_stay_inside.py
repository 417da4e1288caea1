"""Eve works in an environment and wants out: she reads nothing, harms nobody, and fills nothing but her own room."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from app.core import installation as here
from app.core.errors import TooMany
from app.engine.gateway import static_files
from app.environments import operations
from app.environments.commands import run_file
from app.environments.operations import using
from tests.environments.conftest import TASK

pytestmark = pytest.mark.real

Run = Callable[..., "tuple[int, str]"]


@pytest.fixture
def inside(people, ready) -> Run:
    """Run a command in an environment of Eve's choice: `inside("ls")`, the same one each time."""
    made, _ = ready()

    def run(command: str, *, environment=made, seconds: int = 20) -> tuple[int, str]:
        ran = operations.execute(environment, command=command, seconds=seconds, by=people.bob)
        return ran.exit_code, ran.output

    run.environment = made
    return run


@pytest.fixture
def without_network(people, ready) -> Run:
    """The same, of a task that says `network: false`."""
    made, _ = ready(f"{TASK}network: false\n")

    def run(command: str) -> tuple[int, str]:
        ran = operations.execute(made, command=command, seconds=20, by=people.bob)
        return ran.exit_code, ran.output

    return run


@pytest.fixture
def small() -> Iterator[None]:
    """Let environments have little room, so that it is full soon."""
    before = here.installation()
    limits = replace(before.instance_limits, file_mb=16, disk_mb=48, processes=60)
    here.configure(replace(before, instance_limits=limits))
    yield
    here.configure(before)


@pytest.fixture
def neighbour() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A process of somebody else, with a secret in its environment."""
    secret = secrets.token_hex(12)
    process = subprocess.Popen(["sleep", "600"], env={"PATH": os.environ["PATH"], "THEIRS": secret})
    yield process, secret
    process.kill()
    process.wait()


class TestReadsNothing:
    def test_of_other_processes(self, inside, neighbour):
        process, secret = neighbour

        _, said = inside(
            f"ls -d /proc/{process.pid} /proc/{os.getpid()}; cat /proc/*/environ /proc/*/cmdline; "
            "ls -l /proc/*/fd /proc/*/root /proc/*/cwd"
        )

        assert said.count("No such file") >= 2
        assert secret not in said
        assert sys.executable not in said

    def test_of_the_database_the_keys_and_our_environment(self, inside, home, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "what-nobody-may-see")
        known = ("greenroom.db", "secret.key", "repositories", "files", "logs", "run")

        _, said = inside(
            f"cd /; {' '.join(f'cat {home / name}; ls {home / name};' for name in known)} "
            "env; find / -xdev -name '*.db' -o -xdev -name 'secret.key' 2>/dev/null"
        )

        assert said.count("No such file") == 2 * len(known)
        assert "what-nobody-may-see" not in said
        assert "a key for tests" not in said

    def test_of_other_checkouts(self, people, publish, bell, inside):
        publish(TASK.replace("1.0.0", "2.0.0"), {"notes.txt": "theirs alone"})
        other, _ = operations.create_environment(
            people.project("Other"), operations_version(people), by=people.bob
        )
        bell.work()

        _, said = inside(
            f"ls {other.folder}; ls {other.folder.parent}; cat /app/../*/notes.txt; ls -a /app/.."
        )

        assert (other.folder / "notes.txt").read_text() == "theirs alone"
        assert "theirs alone" not in said
        assert other.name not in said.replace(str(other.folder), "")

    def test_through_links_in_files_that_we_serve(self, inside, tmp_path):
        (tmp_path / "ours.txt").write_text("ours")
        folder = inside.environment.folder
        inside(
            f"mkdir site; ln -s {tmp_path} site/out; ln -s {tmp_path}/ours.txt site/one.txt; ln -s {tmp_path} all"
        )

        found = [
            static_files.find(str(folder / where), path, spa=False)
            for where, path in (("site", "/one.txt"), ("site", "/out/ours.txt"), ("all", "/ours.txt"))
        ]

        assert found == [None, None, None]
        assert (folder / "all" / "ours.txt").read_text() == "ours"  # the link itself leads there

    def test_through_a_folder_that_became_a_link_while_we_looked(self, inside, tmp_path):
        (tmp_path / "page.txt").write_text("ours")
        folder = inside.environment.folder.resolve()
        inside("mkdir -p site/a; echo hers > site/a/page.txt")
        found = static_files.find(str(folder / "site"), "/a/page.txt", spa=False)
        inside(f"rm -r site/a; ln -s {tmp_path} site/a")

        with pytest.raises(FileNotFoundError):
            static_files._open(found.path)


class TestHarmsNobody:
    def test_by_signals(self, inside, neighbour):
        process, _ = neighbour

        code, said = inside(f"kill -9 {process.pid}; kill -9 {os.getpid()}; kill -9 -1; echo still here")

        assert said.count("No such process") >= 2
        assert process.poll() is None
        assert code in {0, 128 + signal.SIGKILL}

    def test_by_a_fork_bomb_while_others_work(self, small, people, inside, bell, publish):
        publish(TASK.replace("1.0.0", "2.0.0"))
        other, _ = operations.create_environment(
            people.project("Other"), operations_version(people), by=people.bob
        )
        bell.work()
        ends: list[tuple[int, str]] = []
        bomb = "import os, time\nwhile True:\n try: os.fork()\n except OSError: time.sleep(0.05)"
        (inside.environment.folder / "bomb.py").write_text(bomb)

        from app.core.db import unit_of_work

        def explode() -> None:
            with unit_of_work():
                ends.append(inside("python3 bomb.py", seconds=4))

        explosion = threading.Thread(target=explode)
        explosion.start()
        answer = inside("echo unharmed", environment=other)
        explosion.join(30)

        assert answer == (0, "unharmed\n")
        assert ends[0][0] != 0
        assert inside("ps -e 2>/dev/null | grep -c bomb; echo over")[1].endswith("over\n")

    def test_by_filling_the_disk(self, small, inside):
        many = "i=0; while :; do head -c 4000000 /dev/zero > f$i; i=$((i+1)); done"

        code, said = inside(many)

        assert code != 0
        assert "ended for filling its disk" in said
        assert inside("rm -f f*; echo room again")[1].startswith("room again")

    def test_by_filling_the_disk_below_what_a_path_can_say(self, small, inside):
        deep = (
            "import os\n"
            "for _ in range(40):\n os.mkdir('d' * 200); os.chdir('d' * 200)\n"
            "while True:\n"
            " with open(str(len(os.listdir())), 'wb') as file: file.write(b'x' * 4_000_000)\n"
        )
        (inside.environment.folder / "deep.py").write_text(deep)

        code, said = inside("python3 deep.py")

        assert code != 0
        assert "ended for filling its disk" in said

    def test_by_folders_that_cannot_be_taken_away(self, people, bell, inside):
        environment = inside.environment
        (environment.folder / "deep.py").write_text(
            "import os\nfor _ in range(1500):\n os.mkdir('d'); os.chdir('d')\n"
        )
        inside("python3 deep.py; chmod 0 /app/d")

        operations.tear_down(environment, by=people.bob)
        bell.work()

        assert list(environment.folder.parent.glob(f"*{environment.name}*")) == []

    def test_by_binding_our_ports(self, inside):
        with socket.create_server(("127.0.0.1", 0)) as ours:
            port = ours.getsockname()[1]
            take = f"import socket; socket.create_server(('127.0.0.1', {port})); print('hers, inside')"

            _, said = inside(f'python3 -c "{take}"')
            with socket.create_connection(("127.0.0.1", port), 5):
                reached, _ = ours.accept()
                reached.close()

        assert said == "hers, inside\n"

    def test_by_many_commands_at_once(self, people, inside, monkeypatch):
        monkeypatch.setattr(using, "_running", [inside.environment.id] * using.MOST_OF_ONE)

        with pytest.raises(TooMany, match="running already"):
            inside("true")


class TestReachesNothing:
    def test_with_the_network_off(self, without_network):
        with socket.create_server(("127.0.0.1", 0)) as ours:
            port = ours.getsockname()[1]
            look = (
                "import socket\n"
                f"for place in (('127.0.0.1', {port}), ('127.0.0.1', 3128), ('1.1.1.1', 443), ('169.254.169.254', 80)):\n"
                "    try: socket.create_connection(place, 2); print('reached', place)\n"
                "    except OSError: print('nothing')\n"
                "try: print('reached', socket.getaddrinfo('example.org', 443))\n"
                "except OSError: print('nothing')\n"
                "sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                "try: sender.sendto(b'x', ('1.1.1.1', 53)); print('sent')\n"
                "except OSError: print('nothing')\n"
            )

            code, said = without_network(
                f"env | grep -ci proxy; ls /sys/class/net 2>/dev/null; python3 - <<'END'\n{look}END"
            )

        assert code == 0
        assert said.count("nothing") == 6
        assert "reached" not in said
        assert said.startswith("0\n")


class TestTasksThatWantOut:
    def test_delete_nothing_through_their_own_links(self, ready, tmp_path):
        (tmp_path / "precious").write_text("ours")
        task = f'{TASK}solution: solution/precious\nbuild: "rm -r solution; ln -s {tmp_path} solution"\n'

        environment, _ = ready(task, {"solution/precious": "forty-two"})

        assert (environment.folder / "solution").is_symlink()
        assert (tmp_path / "precious").read_text() == "ours"

    def test_are_verified_by_a_script_that_nothing_inside_can_touch(self, people, ready, tmp_path):
        environment, _ = ready(TASK, {"check.sh": 'ls -d .greenroom* ; echo "$0"; echo x > "$0"; exit 3'})

        ran = run_file(environment, "check.sh", seconds=20, cancelled=lambda: False, secrets={})

        assert ran.exit_code == 3
        assert "Read-only file system" in ran.output or "Permission denied" in ran.output
        assert "/app" not in ran.output
        assert not list(environment.scripts.iterdir())


def operations_version(people):
    """The version that was published last."""
    from app.core.db import session
    from app.environments.queries import latest_version_named

    return session.scalars(latest_version_named(people.organization, "find-the-bug")).first()
