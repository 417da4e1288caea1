"""Accepting with the criteria as a tick list: what was ticked, and what was not, is written down."""

import pytest

from app.core.db import session as db
from app.requests.models import ActivityType
from app.requests.queries import activity_of_type
from app.reviews import operations
from tests.support.road import CRITERIA, reviewed_request

TWO = f"""{CRITERIA}
  Scenario: The telephone number stands below
    Given the start page is open
    Then the telephone number can be read
"""
FIRST, SECOND = "The hours stand on the start page", "The telephone number stands below"


@pytest.fixture
def request_(people, bell):
    request = reviewed_request(people)
    request.gherkin_criteria = TWO
    db.commit()
    return request


def judged(request):
    return db.scalars(activity_of_type(request, ActivityType.REVIEW)).first().payload


class TestTicks:
    def test_are_offered_with_their_steps(self, people, request_, browse):
        page = browse(people.rae).get(f"{request_.path}/accept?commit={request_.commit_sha}").text

        assert page.count('name="ticked"') == 2
        assert FIRST in page
        assert "Then the telephone number can be read" in page
        assert 'value="0" checked' not in page

    @pytest.mark.parametrize("hint", ["1", "1,7,x,-1,,1e9,999999999999", "1,٣"])
    def test_come_along_from_the_preview_as_a_hint(self, people, request_, browse, hint):
        query = {"commit": request_.commit_sha, "ticked": hint}
        page = browse(people.rae).get(f"{request_.path}/accept", query_string=query)

        assert page.status_code == 200
        assert 'value="1" checked' in page.text
        assert 'value="0" checked' not in page.text
        assert not request_.is_accepted, "a hint accepts nothing"

    def test_are_written_down_and_told(self, people, request_, browse):
        sent = {"commit": request_.commit_sha, "ticked": ["1"]}

        assert browse(people.rae).post(f"{request_.path}/accept", sent).status_code == 303

        assert (judged(request_)["ticked"], judged(request_)["unticked"]) == ([SECOND], [FIRST])
        feed = browse(people.bob).get(request_.path).text
        assert f"Ticked 1 of 2. Accepted without a tick: {FIRST}" in feed

    def test_may_all_be_missing(self, people, request_, browse):
        browse(people.rae).post(f"{request_.path}/accept", {"commit": request_.commit_sha})

        assert judged(request_)["unticked"] == [FIRST, SECOND]

    def test_are_nothing_where_nobody_was_asked(self, people, request_):
        operations.approve(request_, by=people.rae, commit=request_.commit_sha)

        assert "unticked" not in judged(request_)

    def test_come_by_the_api(self, people, request_, api):
        body = {"action": "approve", "payload": {"commitSha": request_.commit_sha, "ticked": [0, "x", 5]}}

        answer = api("POST", f"/requests/{request_.id}/transition", people.key(people.rae), json=body)

        assert answer.status_code == 200
        assert judged(request_)["ticked"] == [FIRST]
