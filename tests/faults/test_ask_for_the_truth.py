"""doctor is quiet while all is well, also in the middle of work, and a push that nobody told of is found."""

import subprocess
import sys

import pytest

from tests.faults.house import PLAIN, House
from tests.support.installation import ROOT, wait_until

pytestmark = pytest.mark.real


def test_stays_quiet_while_the_road_is_walked(house: House) -> None:
    looks = 0
    walk = [sys.executable, str(ROOT / "docs" / "walk_the_road.py"), house.here.url, house.here.key]
    with subprocess.Popen(walk, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as walking:
        while walking.poll() is None or looks < 3:
            assert house.here.disagreements() == []
            looks += 1
        said = walking.stdout.read() if walking.stdout else ""

    assert walking.returncode == 0, said


def test_a_push_whose_notice_was_lost_is_shown(house: House) -> None:
    request = house.pushed_request(house.project(PLAIN))
    request.await_status("ready")

    commit = house.commit_unheard(request)

    wait_until(
        lambda: (
            request.preview["status"] == "ready"
            and house.here.open(request.label, "/late.html").status == 200
        ),
        30,
        "it to be shown",
    )
    assert house.ask("GET", f"/requests/{request.id}/preview")["commitSha"] == commit
    house.await_truth()


def test_what_came_to_main_unheard_goes_live(house: House) -> None:
    project = house.project(PLAIN)

    house.commit_to(project, "main")

    wait_until(lambda: house.here.open(project.live, "/late.html").status == 200, 30, "it to be live")
    house.await_truth()
