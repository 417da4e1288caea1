"""Commands run in an environment by its token: within their time, with what they said, and nothing is left."""

import threading

import pytest

from app.core.db import session
from app.core.errors import Conflict
from app.environments import commands, operations
from app.environments.commands import CUT, LARGEST_OUTPUT, Said
from tests.environments.conftest import TASK

CHECKED = f"{TASK}verification: {{method: script, script: check.sh}}\n"


@pytest.fixture
def run(people, app):
    """Run a command by the API: `run(made, "ls")`, as Vic, who may only look, with the token."""

    def do(made, command: str, *, token: str | None = None, **more: object):
        environment, right = made
        address = f"/api/v1/org/acme/ws/{environment.project.slug}/environments/{environment.id}/execute"
        headers = {
            "Authorization": f"Bearer {people.key(people.vic)}",
            "X-Environment-Token": f"Bearer {token or right}",
        }
        return app.test_client().post(address, headers=headers, json={"command": command, **more})

    return do


class TestWhatIsKeptOfTheOutput:
    def test_is_one_mebibyte_and_a_word_that_it_is_cut(self):
        said = Said()

        for _ in range(3):
            said.hear("x" * (LARGEST_OUTPUT // 2))

        assert said.text == "x" * LARGEST_OUTPUT + CUT


class TestWhoMay:
    def test_not_with_another_token_and_not_before_it_is_ready(self, people, publish, run, bell, ready):
        waiting = operations.create_environment(people.project("Other"), publish(), by=people.bob)

        assert run(waiting, "true", token="env_wrong").status_code == 403
        assert run(waiting, "true").status_code == 409
        assert run(waiting, "").status_code == 422


@pytest.mark.real
class TestRun:
    def test_says_all_that_came_and_the_exit_code(self, ready, run):
        made = ready(inputs={"who": "Rae"})

        answer = run(made, "cat notes.txt; echo; echo oops >&2; printf '%s' \"$INPUT_WHO\"; exit 3")

        assert answer.json == {"exit_code": 3, "output": "hello\noops\nRae"}

    def test_keeps_what_was_written_for_the_next_command(self, ready, run):
        made = ready()

        run(made, "echo fixed > notes.txt")

        assert run(made, "cat notes.txt").json["output"] == "fixed\n"

    def test_ends_with_all_that_it_started_when_its_time_is_over(self, ready, run):
        made = ready()

        answer = run(made, "(sleep 4242 &) ; echo begun; sleep 4242", timeout_sec=1)

        assert answer.json == {"exit_code": 124, "output": "begun\n"}
        assert (
            "4242" not in run(made, "ps -ef 2>/dev/null || cat /proc/*/cmdline | tr '\\0' ' '").json["output"]
        )

    def test_sees_neither_others_nor_the_machine(self, ready, run, people, publish, bell, home):
        made = ready()
        other, _ = operations.create_environment(
            people.project("Other"), publish(TASK.replace("1.0.0", "1.0.1")), by=people.bob
        )
        bell.work()

        looked = run(
            made,
            f"ls {home} 2>&1; ls {other.folder} 2>&1; cat /proc/1/environ | tr '\\0' '\\n'; "
            "kill -9 $PPID; cat /proc/*/environ | tr '\\0' '\\n'",
        ).json["output"]

        assert str(home) in looked
        assert looked.count("No such file or directory") >= 2
        assert "a key for tests" not in looked
        assert "GREENROOM" not in looked

    def test_reaches_nothing_of_this_machine(self, ready, run):
        looked = run(
            ready(f"{TASK}network: false\n"),
            "python3 -c \"import socket; socket.create_connection(('127.0.0.1', 22), 2)\" 2>&1 | tail -1",
        )

        assert "refused" in looked.json["output"]

    def test_holds_a_fork_bomb(self, ready, run):
        made = ready()

        answer = run(made, "bomb() { bomb | bomb & }; bomb; sleep 20", timeout_sec=5)

        assert answer.json["exit_code"] != 0
        assert run(made, "echo still here").json == {"exit_code": 0, "output": "still here\n"}


@pytest.mark.real
class TestVerify:
    def test_finds_out_by_a_script_that_nobody_sees(self, people, ready, run):
        made = ready(CHECKED, {"notes.txt": "broken", "check.sh": "grep -q fixed notes.txt"})
        environment, _ = made

        assert operations.verify(environment, by=people.bob)["passed"] is False
        assert "check.sh" not in run(made, "ls -a").json["output"]
        run(made, "echo fixed > notes.txt")

        assert operations.verify(environment, by=people.bob)["passed"] is True
        session.refresh(environment)
        assert environment.verification["exit_code"] == 0

    def test_fails_what_cannot_prepare_itself(self, ready):
        task = f"{TASK}provision: {{script: prepare.sh}}\n"

        environment, _ = ready(task, {"prepare.sh": "echo no luck; exit 7"})

        session.refresh(environment)
        assert environment.status == "failed"
        assert environment.error_lines == ["no luck"]
        assert "no luck" in operations.logs_of(environment)

    def test_leaves_what_a_judge_says_to_the_judge(self, people, ready, publish, bell):
        task = f"{TASK}verification: {{method: flag_and_judge, value: found}}\n"
        half, _ = ready(task)
        other, _ = operations.create_environment(
            people.project("Other"),
            publish(f"{TASK}verification: {{method: outcome_judge}}\n".replace("1.0.0", "1.1.0")),
            by=people.bob,
        )
        bell.work()

        found = operations.verify(half, by=people.bob, flag="found")

        assert found["passed"] is True
        assert "a judge looks as well" in found["output"]
        with pytest.raises(Conflict):
            operations.verify(other, by=people.bob)
        assert other.verification is None

    def test_runs_the_teardown_script_before_the_files_go(self, people, ready, bell):
        task = f"{TASK}teardown: {{script: leave.sh}}\n"
        environment, _ = ready(task, {"leave.sh": "cat notes.txt; echo so long", "notes.txt": "mended\n"})

        operations.tear_down(environment, by=people.bob)
        bell.work()

        said = operations.logs_of(environment)
        assert "mended\nso long\n==> leave.sh ended with 0" in said
        assert not environment.folder.exists()


class TestReadAlong:
    def test_a_page_gets_what_is_said_as_it_is_said(self, people, ready, browse, monkeypatch):
        environment, _ = ready()

        def run(_environment, command, *, heard, **_more):
            for piece in ("one\n", "two\n"):
                heard(piece)
            return commands.Ran(3, "one\ntwo\n")

        monkeypatch.setattr(commands, "run_command", run)
        body, headers = {"command": "count"}, {"Accept": "text/plain"}
        address = f"{environment.path}/commands"
        followed = operations.follow_command(environment, command="count", seconds=5, by=people.bob)

        assert list(followed) == ["one\n", "two\n", "\n[greenroom: exit code 3]\n"]
        answer = browse(people.bob).post(address, body, headers=headers)
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        assert answer.text == "one\ntwo\n\n[greenroom: exit code 3]\n"
        assert browse(people.bob).post(address, {"command": ""}, headers=headers).status_code == 422
        assert browse(people.vic).post(address, body, headers=headers).status_code == 403
        assert browse(people.eve).post(address, body, headers=headers).status_code == 404

    def test_ends_when_nobody_reads_any_more(self, people, ready, monkeypatch):
        environment, _ = ready()
        ended = threading.Event()

        def run(_environment, command, *, cancelled, **_more):
            while not cancelled():
                pass
            ended.set()
            return commands.Ran(137, "", was_cancelled=True)

        monkeypatch.setattr(commands, "run_command", run)
        followed = operations.follow_command(environment, command="sleep 600", seconds=600, by=people.bob)

        followed.close()

        assert ended.wait(10)
        assert list(followed) == ["\n[greenroom: exit code 137]\n"]
