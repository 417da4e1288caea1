"""Cancel means cancel, and what is over is gone: no process, no folder, no socket, and its address says so."""

import pytest

from tests.faults.house import PLAIN, SERVED, House, Request
from tests.support.installation import wait_until

pytestmark = pytest.mark.real
GONE_SECONDS = 20  # of the sixty that are promised; all paces are short here

# Forks children that leave their group and their session, and none of them hears SIGTERM.
STUBBORN = PLAIN | {
    "greenroom.toml": '[build]\ncommand = "sh build.sh"\noutput = "."\n\n[preview]\nenv = { CARRIES = "MARK" }\n',
    "build.sh": "true\n",
}
FORKS = """trap '' TERM INT HUP
for each in 1 2 3; do
  setsid sh -c 'trap "" TERM INT HUP; while :; do sleep 1; done' &
done
while :; do sleep 1; done
"""


@pytest.fixture
def stubborn(house: House) -> Request:
    """A request whose build forks, never ends and does not hear."""
    request = house.pushed_request(house.project(STUBBORN), also={"build.sh": FORKS})
    wait_until(lambda: len(house.carriers_of(house.mark)) >= 5, 30, "the build to have forked")
    return request


class TestCancelABuild:
    def test_nothing_of_it_lives_once_it_is_said(self, house: House, stubborn: Request) -> None:
        house.ask("POST", f"/requests/{stubborn.id}/preview/cancel")

        stubborn.await_status("cancelled", seconds=20)

        assert house.carriers_of(house.mark) == []
        wait_until(lambda: not stubborn.traces(), GONE_SECONDS, "its folder to be gone")
        assert house.here.open(stubborn.label).status == 410
        house.await_truth()

    def test_dropping_the_request_ends_it_too(self, house: House, stubborn: Request) -> None:
        stubborn.take("cancel", reason="We thought of something better.")

        stubborn.await_status("cancelled", seconds=20)

        assert house.carriers_of(house.mark) == []
        wait_until(lambda: not stubborn.traces(), GONE_SECONDS, "its folder to be gone")
        assert house.here.open(stubborn.label).status == 410
        assert stubborn.status == "cancelled"
        house.await_truth()


class TestGone:
    def test_merged(self, house: House) -> None:
        request = house.accepted_request(house.project(SERVED))
        request.await_answer()
        assert len(request.traces()) >= 3  # processes, its folder, its socket

        request.take("merge")

        wait_until(lambda: house.here.open(request.label).status == 410, GONE_SECONDS, "a 410")
        wait_until(lambda: not request.traces(), GONE_SECONDS, "everything of it to be gone")
        live = lambda: f"<p>{request.number}</p>" in house.here.open(request.project.live).text  # noqa: E731
        wait_until(live, GONE_SECONDS, "main to be live with it")
        house.await_truth()

    def test_dropped(self, house: House) -> None:
        request = house.pushed_request(house.project(SERVED))
        request.await_status("ready")
        request.await_answer()

        request.take("cancel", reason="We thought of something better.")

        wait_until(lambda: house.here.open(request.label).status == 410, GONE_SECONDS, "a 410")
        wait_until(lambda: not request.traces(), GONE_SECONDS, "everything of it to be gone")
        house.await_truth()
