"""What people bring by mistake or in bad faith is answered in words, and the house stays as it was."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import PACE, PLAIN, House, Project, git
from tests.support.installation import Installation, wait_until

pytestmark = pytest.mark.real
TIGHT = {
    "GREENROOM_BUILD_SECONDS": "5",
    "GREENROOM_BUILD_MEMORY_MB": "128",
    "GREENROOM_START_SECONDS": "4",
    "GREENROOM_PUSH_LIMIT_MB": "4",
}


def built_by(script: str) -> dict[str, str]:
    return PLAIN | {"greenroom.toml": '[build]\ncommand = "sh build.sh"\noutput = "."\n', "build.sh": script}


def started_by(script: str) -> dict[str, str]:
    return PLAIN | {"Procfile": "web: python3 app.py\n", "app.py": script}


LISTENS_ELSEWHERE = "import time\ntime.sleep(600)\n"
BINDS_TWICE = """import os, socket
first, second = socket.socket(), socket.socket()
first.bind(("127.0.0.1", int(os.environ["PORT"])))
first.listen()
second.bind(("127.0.0.1", int(os.environ["PORT"])))
"""
EATS = "python3 -c \"x = [bytearray(b'x' * 10**6) for _ in range(2000)]\"\n"
FILLS = "head -c 700000000 /dev/zero > full\n"
FORKS = "sh build.sh & sh build.sh & wait; exit 1\n"

# What is pushed, the code that programs read, and words that a person has to find in the answer.
BAD = {
    "no way to build": ({"notes.txt": "Flour\n", "index.html": None}, "no_plan", "index.html"),
    "a build that loops": (built_by("while :; do :; done\n"), "timed_out", "5 seconds"),
    "a build that eats memory": (built_by(EATS), "out_of_memory", "128 MB"),
    "a build that forks without end": (built_by(FORKS), "too_many_processes", "processes"),
    "a build that writes the disk full": (built_by(FILLS), "disk_full", "MB"),
    "a start that never answers": (started_by(LISTENS_ELSEWHERE), "unhealthy", "within 4 seconds"),
    "a port already bound": (started_by(BINDS_TWICE), "start_failed", "exit code 1"),
    "a folder above the repository": (
        PLAIN | {"greenroom.toml": '[build]\noutput = "../../etc"\n'},
        "bad_config",
        "output",
    ),
    "settings that are no TOML": (PLAIN | {"greenroom.toml": "[build\n"}, "bad_config", "line 1"),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with tight limits, so that they are met soon."""
    here = Installation(settings=PACE | TIGHT)
    try:
        yield House(here, tmp_path_factory.mktemp("clones")).open()
    finally:
        here.remove()


@pytest.fixture(scope="module")
def project(house: House) -> Project:
    return house.project(PLAIN)


class TestPushed:
    @pytest.mark.parametrize(("files", "code", "words"), BAD.values(), ids=BAD)
    def test_the_reason_is_said_and_what_to_do(
        self, house: House, project: Project, files: dict[str, str | None], code: str, words: str
    ) -> None:
        request = house.pushed_request(project, also=files)

        failed = request.await_status("failed", seconds=40)

        assert failed["error"]["code"] == code, failed
        assert words in failed["error"]["message"] + failed["error"]["suggestion"]
        assert len(failed["error"]["suggestion"]) > 20
        assert not house.carriers_of(f":{request.name}")

    def test_a_link_out_of_the_tree_shows_nothing(self, house: House, project: Project) -> None:
        request = house.pushed_request(project, also={"index.html": f"<p>{project.id}</p>"})
        clone = house.clone_of(project)
        (clone / "hosts.txt").symlink_to("/etc/hosts")
        (clone / "above").symlink_to("../../../..")
        request.commit = house.push(project, request.branch, {})
        wait_until(lambda: request.preview["status"] == "ready", 30, "the preview")

        for path in ("/hosts.txt", "/above/greenroom.db", "/../greenroom.db", "/%2e%2e/%2e%2e/greenroom.db"):
            answer = house.here.open(request.label, path)
            assert answer.status in {400, 404}, path
            assert "localhost" not in answer.text.replace(f"preview.localhost:{house.here.gateway_port}", "")

    def test_a_push_that_is_too_large_is_refused_and_nothing_moves(
        self, house: House, project: Project
    ) -> None:
        clone = house.clone_of(project)
        git("switch", "-qC", "large", folder=clone)
        (clone / "large.bin").write_bytes(os.urandom(9 * 2**20))
        git("add", "-A", folder=clone)
        git("commit", "-qm", "Large", folder=clone)

        pushed = subprocess.run(
            ["git", "push", project.address, "large"],
            cwd=clone,
            env={"PATH": os.environ["PATH"], "GIT_TERMINAL_PROMPT": "0"},
            capture_output=True,
            text=True,
            check=False,
        )

        assert pushed.returncode != 0
        assert "exceeds maximum allowed size" in pushed.stderr
        assert "large" not in git("ls-remote", project.address, folder=clone)

    def test_a_branch_that_is_deleted_meanwhile(self, house: House, project: Project) -> None:
        request = house.pushed_request(project, also=built_by("sleep 1\n"))

        with pytest.raises(AssertionError, match="holds what somebody is asked to try"):
            git("push", project.address, f":{request.branch}", folder=house.clone_of(project))
        request.await_status("ready")
        request.take("cancel", reason="We thought of something better.")
        git("push", project.address, f":{request.branch}", folder=house.clone_of(project))

        assert request.branch not in git("ls-remote", project.address, folder=house.clone_of(project))
        house.await_truth()


class TestWritten:
    @pytest.mark.parametrize(
        "title", ["שעות פתיחה במאפייה", "ساعات العمل", "🥐🍞 Öffnungszeiten ½", "a/../b.lock~^:?*[\\"]
    )
    def test_any_script_walks_the_road(self, house: House, project: Project, title: str) -> None:
        made = house.ask("POST", f"/projects/{project.id}/requests", {"title": title})
        house.ask("POST", f"/requests/{made['id']}/interview/message", {"answers": {}})
        house.ask("POST", f"/requests/{made['id']}/interview/complete", {})
        house.ask("POST", f"/requests/{made['id']}/development/start", {"agent": "outline"})

        def status() -> str:
            return str(house.ask("GET", f"/requests/{made['id']}/preview/status")["status"])

        wait_until(lambda: status() == "ready", 30, "its preview")
        assert house.ask("GET", f"/requests/{made['id']}")["title"] == title

    def test_a_title_of_ten_thousand_characters(self, house: House, project: Project) -> None:
        answer = house.call("POST", f"/projects/{project.id}/requests", {"title": "é" * 10_000})

        assert answer.status == 422
        assert answer.json["errors"][0]["loc"] == ["body", "title"]
        assert "200" in answer.json["errors"][0]["msg"]

    def test_a_body_of_ten_megabytes(self, house: House, project: Project) -> None:
        body = {"title": "Hours", "description": "x" * 10 * 2**20}

        answer = house.call("POST", f"/projects/{project.id}/requests", body)

        assert answer.status in {413, 422}
        assert len(answer.json["message"]) > 20

    def test_criteria_that_do_not_parse(self, house: House, project: Project) -> None:
        request = house.draft_request(project)
        criteria = (
            "Feature: Hours\n\n  Scenario: Shown\n    Given the start page\n    Perhaps the hours are there\n"
        )

        answer = house.call(
            "POST", f"/requests/{request.id}/interview/complete", {"gherkinCriteria": criteria}
        )

        assert answer.status == 422
        assert "line 5" in answer.json["message"]
        assert request.status == "draft"


def test_the_truth_after_all_of_it(house: House) -> None:
    house.await_truth()
    assert Path(house.here.home / "greenroom.db").exists()
