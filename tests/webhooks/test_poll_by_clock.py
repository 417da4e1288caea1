"""A clock elsewhere has waiting sessions looked at again, with the same operation as the schedule."""

from dataclasses import replace

import pytest

from app.core import installation as installations
from app.core.installation import installation
from app.development import operations as development
from app.development.models import SessionStatus
from app.development.queries import latest_session
from app.projects.queries import repository_of
from tests.support import road

CLOCK = "the secret of a clock elsewhere"


@pytest.fixture(autouse=True)
def clock(app):
    """The clock's secret is set."""
    kept = installation()
    installations.configure(replace(kept, cron_secret=CLOCK))
    yield
    installations.configure(kept)


@pytest.fixture
def unheard(people, bell):
    """Work that waits for a push which nobody heard of."""
    request = road.ready_request(people)
    development.start(request, by=people.bob, agent="person")
    road.commit(
        repository_of(request.project), request.working_branch, path="hours.html", text="<p>9 to 5</p>"
    )
    return request


def test_finds_what_nobody_heard_of(unheard, api):
    answer = api("GET", "/cron/poll-agents", CLOCK)

    assert (answer.status_code, answer.json["data"]) == (200, {"waiting": 1, "ended": 1})
    assert latest_session(unheard).status is SessionStatus.COMPLETED
    assert api("GET", "/cron/poll-agents", CLOCK).json["data"] == {"waiting": 0, "ended": 0}


@pytest.mark.parametrize("secret", [None, "wrong", f"{CLOCK}!"])
def test_refuses_who_does_not_know_the_secret(unheard, api, secret):
    answer = api("GET", "/cron/poll-agents", secret)

    assert answer.status_code == 401
    assert CLOCK not in answer.text
    assert latest_session(unheard).status is SessionStatus.WAITING


def test_refuses_a_key_of_a_person(unheard, people, api):
    assert api("GET", "/cron/poll-agents", people.key(people.ada)).status_code == 401


@pytest.mark.parametrize("secret", [None, "", CLOCK])
def test_is_no_door_without_a_secret(app, api, secret):
    installations.configure(replace(installation(), cron_secret=""))

    assert api("GET", "/cron/poll-agents", secret).status_code == 404
