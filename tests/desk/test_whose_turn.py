"""Every state names whose turn it is, to each person, and tells them."""

import pytest
from sqlalchemy import select

from app.core.db import session
from app.desk import words
from app.development import operations as development
from app.development.queries import latest_session
from app.interviews import operations as interviews
from app.notifications.models import Notification
from app.projects import operations as projects
from app.projects.models import StartPolicy
from app.requests import operations as requests
from app.requests.models import ProductRequest, WorkflowAction
from app.reviews import operations as reviews
from tests.support import road


@pytest.fixture(autouse=True)
def unheard():
    """Hear everything: being told is the point here."""


def _drafted(people) -> ProductRequest:
    return people.request()


def _asked(people) -> ProductRequest:
    request = people.request()
    interviews.start(request, by=people.rae)
    return request


def _ready(people) -> ProductRequest:
    return road.ready_request(people)


def _ready_for_requester(people) -> ProductRequest:
    project = people.project()
    projects.edit_project(project, by=people.ada, start_policy=StartPolicy.REQUESTER)
    return road.ready_request(people, project=project)


def _ready_for_yes(people) -> ProductRequest:
    project = people.project()
    bob = people.bob.id
    projects.edit_project(project, by=people.ada, start_policy=StartPolicy.APPROVED, approver_id=bob)
    return road.ready_request(people, project=project)


def _assigned(people) -> ProductRequest:
    request = road.ready_request(people)
    requests.assign(request, by=people.ada, to=people.bob)
    return request


def _built_by_agent(people) -> ProductRequest:
    request = road.ready_request(people)
    development.start(request, by=people.bob, agent="outline")
    return request


def _built_by_person(people) -> ProductRequest:
    request = road.ready_request(people)
    development.start(request, by=people.bob, agent="person")
    return request


def _stopped(people) -> ProductRequest:
    request = _built_by_person(people)
    development.cancel(latest_session(request), by=people.bob)
    return request


def _reviewed(people) -> ProductRequest:
    return road.reviewed_request(people)


def _accepted(people) -> ProductRequest:
    return road.accepted_request(people)


def _changes(people) -> ProductRequest:
    request = road.reviewed_request(people)
    reviews.request_changes(request, by=people.rae, feedback="Bigger.")
    return request


def _offered(people) -> ProductRequest:
    request = road.accepted_request(people)
    reviews.create_pull_request(request, by=people.bob)
    return request


def _merged(people) -> ProductRequest:
    request = _offered(people)
    reviews.merge(request, by=people.bob)
    return request


def _dropped(people) -> ProductRequest:
    request = people.request()
    requests.move(request, WorkflowAction.CANCEL, by=people.rae, payload={"reason": "Not needed."})
    return request


YOURS, MANY = "Your turn", "For any developer, you included"
RAE, BOB, DEVELOPER = "Waiting for Rae Requester", "Waiting for Bob Builder", "Waiting for a developer"
BOBS_YES, GREENROOM = "Waiting for Bob Builder to say yes", "Greenroom is at it"
# What Ada (admin), Bob (developer), Rae (who asked) and Vic (viewer) read in each state.
TABLE = {
    _drafted: (RAE, RAE, YOURS, RAE),
    _asked: (RAE, RAE, YOURS, RAE),
    _ready: (MANY, MANY, DEVELOPER, DEVELOPER),
    _ready_for_requester: (RAE, RAE, YOURS, RAE),
    _ready_for_yes: (BOBS_YES, YOURS, BOBS_YES, BOBS_YES),
    _assigned: (BOB, YOURS, BOB, BOB),
    _built_by_agent: (GREENROOM,) * 4,
    _built_by_person: (BOB, YOURS, BOB, BOB),
    _stopped: (MANY, MANY, DEVELOPER, DEVELOPER),
    _reviewed: (RAE, RAE, YOURS, RAE),
    _accepted: (MANY, MANY, DEVELOPER, DEVELOPER),
    _changes: (MANY, MANY, DEVELOPER, DEVELOPER),
    _offered: (MANY, MANY, DEVELOPER, DEVELOPER),
    _merged: (GREENROOM,) * 4,  # it is on its way to be live
    _dropped: ("",) * 4,
}


@pytest.mark.parametrize("make", TABLE)
def test_says_to_each_whose_turn_it_is(people, bell, make):
    request = make(people)

    seen = [words.whose_turn(each, request) for each in (people.ada, people.bob, people.rae, people.vic)]

    assert tuple(seen) == TABLE[make]


@pytest.mark.parametrize(
    ("make", "who"),
    [
        (_ready, {"ada", "bob"}),
        (_ready_for_yes, {"bob"}),
        (_assigned, {"bob"}),
        (_accepted, {"ada", "bob"}),
        (_changes, {"ada", "bob"}),
    ],
)
def test_tells_those_whose_turn_it_became(people, bell, make, who):
    request = make(people)

    asked = session.scalars(select(Notification).where(Notification.needs_you.is_(True))).all()

    named = {name: getattr(people, name).id for name in ("ada", "bob", "rae", "vic")}
    assert {name for name, id_ in named.items() if any(each.user_id == id_ for each in asked)} == who
    assert {each.subject_id for each in asked} == {str(request.id)}
