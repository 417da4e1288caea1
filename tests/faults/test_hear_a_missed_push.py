"""A push that nobody heard of is found by what the keeper does again and again; without it, it stays unheard."""

import pytest

from tests.faults.house import PLAIN, House
from tests.support.installation import wait_until

pytestmark = pytest.mark.real
PATIENCE = 30  # doctor calls it untrue eight seconds after it should have been healed


def stays_untrue(house: House, *wanted: str) -> None:
    """Wait until doctor says all of it: it does so only of what should have been healed long ago."""

    def is_said() -> bool:
        answer = house.here.run("doctor", "--truth")
        return answer.returncode == 1 and all(words in answer.stdout for words in wanted)

    wait_until(is_said, PATIENCE, f"doctor to say {' and '.join(wanted)}")


def test_a_push_that_nobody_heard_of_stays_unheard(unswept_house: House) -> None:
    request = unswept_house.pushed_request(unswept_house.project(PLAIN))
    request.await_status("ready")

    unswept_house.commit_unheard(request)

    stays_untrue(unswept_house, f"Request {request.id} is at {request.commit}, but its branch stands at")
