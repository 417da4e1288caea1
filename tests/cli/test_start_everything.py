"""`greenroom up`: one command starts everything, keeps it alive and leaves nothing behind."""

import os
import signal
from pathlib import Path

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.support.installation import Installation, descendants, parent_of, wait_until

pytestmark = pytest.mark.real
ROLES = ("queue", "web", "worker-quick", "worker-build", "keeper", "gateway")


class TestStart:
    def test_all_roles_run_and_the_site_answers(self, installation: Installation) -> None:
        assert all(installation.main_pid(role) for role in ROLES)
        assert installation.get("/healthz", key="").status == 200
        assert installation.open("nobody-knows-this").status == 404

    def test_the_process_that_forks_has_no_connection_and_one_thread(
        self, installation: Installation
    ) -> None:
        supervisor = Path(f"/proc/{installation.supervisor}")
        mine = {str(entry.readlink()) for entry in (supervisor / "fd").iterdir()}
        sockets = {name for name in mine if name.startswith("socket:")}
        database = {name for name in mine if "greenroom.db" in name}

        assert len(list((supervisor / "task").iterdir())) == 1
        assert len(sockets) == 4  # the two ports, and both ends of its own bell
        assert database == set()

    def test_a_second_start_says_that_one_runs_already(self, installation: Installation) -> None:
        answer = installation.run("up")

        assert answer.returncode == 0
        assert "runs already" in answer.stdout
        assert installation.url in answer.stdout
        assert str(installation.supervisor) in answer.stdout

    def test_a_taken_port_is_named_with_the_setting(self, installation: Installation, install) -> None:
        late = install(wait=False)
        late.port = installation.port

        answer = late.run("up")

        assert answer.returncode == 1
        assert f"Port {installation.port} is taken" in answer.stderr
        assert "GREENROOM_PORT" in answer.stderr
        assert late.leftovers() == []

    def test_the_key_of_the_command_line_opens_the_api(self, installation: Installation) -> None:
        assert installation.key.startswith("gr_")
        assert installation.get("/api/users/me").status == 200
        assert installation.get("/api/users/me", key="gr_wrong").status == 401


class TestKeepAlive:
    @pytest.mark.parametrize("role", ROLES)
    def test_a_killed_process_comes_back(self, installation: Installation, role: str) -> None:
        before = installation.pids(role)
        killed = installation.kill(role)

        after = wait_until(lambda: installation.main_pid(role), 20, f"{role} to be back")

        assert after != killed
        wait_until(lambda: not [pid for pid in before if parent_of(pid)], 10, "the old ones to be gone")
        wait_until(lambda: installation.get("/readyz", key="").status == 200, 40, "all to be ready")


class TestStop:
    def test_the_first_admins_link_is_shown_and_works_until_there_is_one(self, install) -> None:
        here = install()
        said = wait_until(lambda: "/welcome/" in (here.home / "up.log").read_text(), 10, "the link")
        assert said
        link = next(word for word in (here.home / "up.log").read_text().split() if "/welcome/" in word)
        assert here.get(link.removeprefix(here.url), headers={"Accept": "text/html"}).status == 200

        here.admin()
        (here.home / "up.log").write_text("")
        here.stop()
        here.start()

        wait_until(lambda: "Greenroom is at" in (here.home / "up.log").read_text(), 10, "the address")
        assert "/welcome/" not in (here.home / "up.log").read_text()

    def test_ctrl_c_ends_all_in_time_and_well(self, install) -> None:
        here = install()
        below = descendants(here.supervisor)

        status = here.stop(signal.SIGINT, seconds=12)

        assert status == 0
        assert [pid for pid in below if parent_of(pid)] == []
        assert here.leftovers() == []
        assert not (here.home / "run" / "processes.json").exists()

    def test_kill_9_of_the_supervisor_leaves_no_process_and_it_starts_again(self, install) -> None:
        here = install()
        key = here.admin()
        below = descendants(here.supervisor)
        assert len(below) >= len(ROLES)

        here.stop(signal.SIGKILL)

        wait_until(lambda: not [pid for pid in below if parent_of(pid)], 10, "all processes to be gone")
        assert here.leftovers() == []
        here.start()
        assert here.get("/api/users/me", key=key).status == 200


class TestWorkAtTimes:
    """By default nobody waits for builds and agents: a worker for them comes, and goes again."""

    def test_it_comes_when_something_waits_and_goes_when_nothing_does(self, install) -> None:
        here = install(GREENROOM_WORKER_IDLE_SECONDS="1")
        assert here.main_pid("worker-quick")
        assert here.main_pid("worker-agent") is None
        assert here.get("/readyz", key="").status == 200

        work_for(here, seconds=1, queue="agent")

        wait_until(lambda: here.main_pid("worker-agent"), 10, "a worker to come")
        assert here.main_pid("worker-build") is None
        wait_until(lambda: here.main_pid("worker-agent") is None, 20, "it to go")
        assert here.get("/readyz", key="").status == 200
        assert waiting(here, "agent") == 0

    def test_killed_at_work_it_comes_back(self, install) -> None:
        here = install(GREENROOM_WORKER_IDLE_SECONDS="60")
        work_for(here, seconds=600, queue="build")
        killed = wait_until(lambda: here.main_pid("worker-build"), 10, "a worker to come")

        here.kill("worker-build")

        assert wait_until(lambda: here.main_pid("worker-build"), 20, "it to be back") != killed

    def test_one_that_is_needed_and_does_not_come_is_missed(self, install) -> None:
        here = install(GREENROOM_WORKER_IDLE_SECONDS="60")
        os.kill(here.supervisor, signal.SIGSTOP)  # nobody is started now
        try:
            work_for(here, seconds=0, queue="build")
            missed = wait_until(lambda: here.get("/readyz", key="").json["missing"], 20, "it to be missed")
        finally:
            os.kill(here.supervisor, signal.SIGCONT)

        assert missed == ["worker-build"]
        wait_until(lambda: here.get("/readyz", key="").status == 200, 10, "all to be ready")


class TestWork:
    def test_what_a_killed_worker_did_ends_with_it(self, installation: Installation) -> None:
        work_for(installation, seconds=600)
        worker, job = wait_until(lambda: at_work(installation), 10, "the job to be at work")

        installation.kill("worker-quick")

        wait_until(lambda: parent_of(job) is None, 5, "the job's process to be gone")
        assert wait_until(lambda: installation.main_pid("worker-quick"), 20, "a new worker") != worker

    def test_a_job_that_does_not_end_delays_the_stop_only_so_long(self, install) -> None:
        here = install()
        work_for(here, seconds=600)
        _, job = wait_until(lambda: at_work(here), 10, "the job to be at work")

        status = here.stop(seconds=12)

        assert status == 0
        assert parent_of(job) is None
        assert here.leftovers() == []


def work_for(installation: Installation, *, seconds: int, queue: str = "quick") -> None:
    """Put a job into a queue that only takes time."""
    with redis.Redis(unix_socket_path=str(installation.home / "run" / "valkey.sock")) as server:
        Queue(queue, connection=server, serializer=JSONSerializer).enqueue_call("time.sleep", (seconds,))


def waiting(installation: Installation, queue: str) -> int:
    with redis.Redis(unix_socket_path=str(installation.home / "run" / "valkey.sock")) as server:
        return Queue(queue, connection=server, serializer=JSONSerializer).count


def at_work(installation: Installation) -> tuple[int, int] | None:
    """The worker and the process that does its job, while there is one."""
    pids = installation.pids("worker-quick")
    return (pids[0], pids[1]) if len(pids) == 2 else None
