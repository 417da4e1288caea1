import os
import signal
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Cancelled, Failed
from app.core.installation import installation
from app.engine import instances
from app.engine.instances import Instance
from app.engine.keeper import facts, reconcile

from .conftest import SERVE, until


class TestKeepInstance:
    def test_starts_what_is_wanted_and_says_when_it_answers(self, house):
        house.want("one", env={"GREETING": "grüß"})

        row = instances.await_ready("one", timeout=20)

        assert row.state.value == "running"
        assert row.ready_at >= row.started_at
        assert row.typical_ms > 0
        assert facts.is_alive(row.pid, row.pid_ticks)
        assert house.get("one") == 200
        assert house.marked("one")
        assert "starting" in (house.folder / "one.log").read_text()
        assert reconcile.disagreements() == []

    def test_lets_vite_s_own_server_answer_visitors(self, house):
        house.want("one", command="env; exit 1")
        house.until_state("one", "failed")

        allowed = "__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS=.preview.localhost"
        assert allowed in (house.folder / "one.log").read_text()

    def test_fails_at_once_when_it_ends_while_it_starts(self, house):
        house.want("one", command="echo DATABASE_URL is missing >&2; exit 7")

        with pytest.raises(Failed) as failure:
            instances.await_ready("one", timeout=20)

        assert failure.value.code == "start_failed"
        assert "exit code 7" in failure.value.message
        assert failure.value.lines == ["DATABASE_URL is missing"]
        assert reconcile.disagreements() == []

    def test_fails_when_it_never_answers(self, house):
        house.want("one", command="exec sleep 1000", start_seconds=1)

        with pytest.raises(Failed) as failure:
            instances.await_ready("one", timeout=20)

        assert failure.value.code == "unhealthy"
        assert "did not answer on its port" in failure.value.message
        assert house.marked("one") == []

    def test_fails_when_it_answers_only_with_errors(self, house):
        house.want("one", env={"STATUS": "500"}, start_seconds=1)

        with pytest.raises(Failed) as failure:
            instances.await_ready("one", timeout=20)

        assert "answered 500" in failure.value.message

    def test_takes_a_page_that_is_not_there_for_an_answer(self, house):
        house.want("one", env={"STATUS": "404"})

        assert instances.await_ready("one", timeout=20).state.value == "running"

    def test_fails_when_its_files_are_gone(self, house):
        house.want("one", folder=house.folder / "nothing")

        with pytest.raises(Failed) as failure:
            instances.await_ready("one", timeout=20)

        assert failure.value.code == "files_missing"

    def test_hides_secrets_in_its_log(self, house):
        house.want("one", command="echo $API_TOKEN; exit 1", env={"API_TOKEN": "s3cr3t-value"})
        house.until_state("one", "failed")

        assert "s3cr3t-value" not in (house.folder / "one.log").read_text()

    def test_gives_it_what_is_secret_under_any_name_and_hides_that(self, house):
        house.want(
            "one", command="echo ${#PLAIN_NAME} $PLAIN_NAME; exit 1", secrets={"PLAIN_NAME": "hush-hush"}
        )
        house.until_state("one", "failed")

        said = (house.folder / "one.log").read_text()
        assert "9 " in said
        assert "hush-hush" not in said

    def test_shows_the_instance_nothing_of_ours(self, house):
        house.want("one", command="env; cat /proc/1/environ | tr '\\0' '\\n'; exit 1")
        row = house.until_state("one", "failed")

        said = (house.folder / "one.log").read_text()
        assert "SECRET_KEY" not in said
        assert str(installation().home) not in said
        assert row.error_lines

    def test_ends_with_everything_that_it_started(self, house):
        house.want(
            "one",
            env={"STUBBORN": "1"},
            command='python3 serve.py & exec python3 -c "import time; time.sleep(999)"',
        )
        instances.await_ready("one", timeout=20)
        assert len(house.marked("one")) >= 2

        instances.remove("one")

        house.until_state("one", "gone")
        assert house.marked("one") == []
        assert not instances.socket_path("one").exists()
        assert house.row("one").pid is None
        assert reconcile.disagreements() == []

    def test_sleeps_and_wakes(self, house):
        house.want("one")
        instances.await_ready("one", timeout=20)

        instances.sleep("one")
        house.until_state("one", "asleep")
        assert house.marked("one") == []
        assert reconcile.disagreements() == []

        instances.wake("one")
        assert instances.await_ready("one", timeout=20).pid
        assert house.get("one") == 200

    def test_falls_asleep_when_nobody_comes(self, house):
        house.want("one", idle_seconds=2)
        instances.await_ready("one", timeout=20)

        row = house.until_state("one", "asleep")

        assert row.desired.value == "asleep"
        assert house.marked("one") == []

    def test_stays_awake_while_somebody_comes(self, house):
        house.want("one", idle_seconds=3600)
        instances.await_ready("one", timeout=20)
        with transaction():
            session.execute(update(Instance).values(ready_at=now() - timedelta(hours=2), last_visit_at=now()))

        instances.ring_keeper()

        assert house.state("one") == "running"

    def test_replaces_what_runs_by_what_is_wanted_now(self, house):
        house.want("one")
        before = instances.await_ready("one", timeout=20).pid

        house.want("one", env={"STATUS": "201"})
        after = instances.await_ready("one", timeout=20)

        assert after.pid != before
        assert house.get("one") == 201
        assert len(house.marked("one")) >= 1

    def test_starts_again_what_ended_by_itself(self, house):
        house.want("one")
        before = instances.await_ready("one", timeout=20).pid

        house.get("one", "/quit")

        until(
            lambda: (row := house.row("one")).pid not in {None, before} and row.state.value == "running",
            "a restart",
        )
        assert house.row("one").restarts == 1
        assert house.get("one") == 200

    def test_gives_up_on_what_ends_again_and_again(self, house):
        code = SERVE.replace(
            "serve_forever()",
            "handle_request(); import threading; threading.Timer(0.3, os._exit, [9]).start()",
        )
        house.want("one", code=code)

        row = house.until_state("one", "failed")

        assert row.error_code == "crashed"
        assert "times within ten minutes" in row.error_message
        assert row.restarts == 5
        assert house.marked("one") == []

    def test_ends_what_uses_too_much_memory(self, house):
        code = SERVE.replace(
            "os._exit(3)", "globals().update(held=bytearray(b'x') * 600_000_000); time.sleep(60)"
        )
        house.want("one", code=code, limits={"memory_mb": 128})
        instances.await_ready("one", timeout=20)
        before = house.row("one").restarts

        house.get("one", "/quit")

        until(lambda: house.row("one").restarts > before, "its end")

    def test_waits_no_longer_than_it_is_wanted(self, resting_house):
        resting_house.want("one")

        with pytest.raises(Failed) as failure:
            instances.await_ready("one", timeout=0.2)
        assert failure.value.code == "start_timeout"

        with pytest.raises(Cancelled):
            instances.await_ready("one", timeout=20, cancelled=lambda: True)

        instances.remove("one")
        with pytest.raises(Failed) as failure:
            instances.await_ready("one", timeout=20)
        assert failure.value.code == "gone"

    def test_lets_other_things_go_on_when_a_periodic_one_fails(self, house):
        until(lambda: house.log.read_text().count("on purpose") > 1, "a second try")

        assert house.answers()


class TestKeeperEnds:
    def test_takes_its_instances_with_it_and_starts_them_again(self, house):
        house.want("app", purpose="app")
        house.want("preview")
        house.want("sleeper")
        for label in ("app", "preview", "sleeper"):
            instances.await_ready(label, timeout=20)
        instances.sleep("sleeper")
        house.until_state("sleeper", "asleep")
        before = {label: house.row(label).pid for label in ("app", "preview")}

        house.stop(signal.SIGKILL)

        until(lambda: not facts.marked_processes(), "every process to end with the keeper")
        assert {line.split()[1] for line in reconcile.disagreements() if "said to be running" in line} == {
            "app",
            "preview",
        }

        house.start()
        for label in ("app", "preview"):
            until(
                lambda label=label: house.row(label).pid not in {None, before[label]}, f"{label} to be back"
            )
            instances.await_ready(label, timeout=20)
        assert house.state("sleeper") == "asleep"
        assert reconcile.disagreements() == []

    def test_finishes_what_was_asked_while_it_was_away(self, house):
        house.want("one")
        house.want("two")
        for label in ("one", "two"):
            instances.await_ready(label, timeout=20)
        house.stop(signal.SIGKILL)
        instances.remove("one")
        instances.sleep("two")

        house.start()

        house.until_state("one", "gone")
        house.until_state("two", "asleep")
        assert reconcile.disagreements() == []

    def test_ends_in_order_on_a_signal(self, house):
        house.want("one", env={"STUBBORN": "1"})
        instances.await_ready("one", timeout=20)

        assert house.stop(signal.SIGTERM) == 0

        assert facts.marked_processes() == {}
        assert house.state("one") == "starting"  # what it will be, not what it was
        assert not installation().keeper_socket.exists()

    def test_ends_what_an_earlier_keeper_left_behind(self, resting_house):
        leftover = os.posix_spawn(
            "/bin/sleep", ["sleep", "1000"], {"GREENROOM_MARK": instances.mark_of("ghost")}
        )
        stale = instances.socket_path("ghost")
        stale.parent.mkdir(exist_ok=True)
        stale.touch()
        assert any("ghost" in line for line in reconcile.disagreements())

        resting_house.start()

        assert os.waitpid(leftover, 0)[1] == signal.SIGKILL
        assert not stale.exists()
        assert reconcile.disagreements() == []

    def test_leaves_other_installations_alone(self, resting_house):
        other = os.posix_spawn("/bin/sleep", ["sleep", "1000"], {"GREENROOM_MARK": "0123456789abcdef:ghost"})
        try:
            resting_house.start()

            assert os.waitpid(other, os.WNOHANG) == (0, 0)
        finally:
            os.kill(other, signal.SIGKILL)
            os.waitpid(other, 0)
