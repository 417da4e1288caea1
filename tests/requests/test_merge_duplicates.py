"""A request that is the same as another one: closed, counted there, and taken back."""

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.db import session
from app.core.errors import Conflict, Invalid, NotAllowed
from app.notifications.models import Notification
from app.requests import operations as requests
from app.requests.models import RequestStatus
from app.requests.queries import duplicates_of, story_of, votes_of


@pytest.fixture
def first(people):
    return people.request(by=people.bob, title="Opening hours")


@pytest.fixture
def again(people, first):
    return people.request(first.project, by=people.rae, title="When are you open?")


def voters(request) -> set[str]:
    return {vote.user.name.split()[0] for vote in votes_of(request)}


def said_to(user) -> list[str]:
    query = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    return [each.text for each in session.scalars(query)]


class TestMerge:
    def test_closes_it_with_the_reason(self, people, first, again):
        requests.merge_into(again, first, by=people.bob)

        assert again.status is RequestStatus.CANCELLED
        assert again.duplicate_of is first
        assert duplicates_of(first) == [again]
        closed = story_of(again, 1)[0]
        assert closed.payload["reason"] == f"It is the same as #{first.number} Opening hours."
        assert closed.payload["duplicateOfId"] == str(first.id)
        assert said_to(people.rae)[-1].endswith("You hear what becomes of that one.")

    def test_keeps_every_voter_once(self, people, first, again):
        for person in (people.rae, people.ada):
            requests.vote(again, by=person)
        for person in (people.bob, people.ada):
            requests.vote(first, by=person)

        requests.merge_into(again, first, by=people.bob)

        assert voters(first) == {"Rae", "Ada", "Bob"}
        assert len(votes_of(first)) == 3

    def test_lets_its_requester_hear_of_the_outcome(self, people, first, again):
        requests.merge_into(again, first, by=people.bob)

        requests.drop(first, by=people.bob, reason="Too dear")

        assert said_to(people.rae)[-1] == "Bob Builder dropped #1 Opening hours: “Too dear”"

    def test_lets_its_requester_hear_that_it_is_live(self, people, first, again, monkeypatch):
        from app.requests.operations import delivery

        requests.merge_into(again, first, by=people.bob)
        monkeypatch.setattr(delivery, "_deliver", lambda *_, **__: None)

        requests.note_live(first, at=now(), url="http://site")

        assert said_to(people.rae)[-1] == "#1 Opening hours is live."

    def test_leads_those_that_were_the_same_on(self, people, first, again):
        third = people.request(first.project, title="Hours?")
        requests.merge_into(third, again, by=people.bob)

        requests.merge_into(again, first, by=people.bob)

        assert set(duplicates_of(first)) == {again, third}

    def test_lets_what_waited_for_it_wait_for_the_other(self, people, first, again):
        waiting = people.request(first.project, title="Later")
        requests.wait_for(waiting, again, by=people.rae)
        requests.wait_for(first, waiting, by=people.bob)
        free = people.request(first.project, title="Much later")
        requests.wait_for(free, again, by=people.rae)

        requests.merge_into(again, first, by=people.bob)

        assert free.blockers == [first]
        assert waiting.blockers == []  # the other one waits for it already

    def test_is_taken_back_by_reopening(self, people, first, again):
        requests.vote(again, by=people.rae)
        requests.vote(first, by=people.bob)
        requests.merge_into(again, first, by=people.bob)

        requests.reopen(again, by=people.rae)

        assert (again.status, again.duplicate_of) == (RequestStatus.DRAFT, None)
        assert voters(first) == {"Bob"}
        assert voters(again) == {"Rae"}
        assert "something else after all" in story_of(first, 1)[0].text

    def test_needs_another_one_of_its_project(self, people, first, again):
        elsewhere = people.request(people.project("Shop"))

        with pytest.raises(Invalid):
            requests.merge_into(again, elsewhere, by=people.bob)
        with pytest.raises(Invalid, match="itself"):
            requests.merge_into(again, again, by=people.bob)
        assert again.status is RequestStatus.DRAFT

    def test_names_the_one_that_goes_on(self, people, first, again):
        requests.merge_into(again, first, by=people.bob)
        third = people.request(first.project)

        with pytest.raises(Conflict, match="Name that one instead"):
            requests.merge_into(third, again, by=people.bob)
        assert third.status is RequestStatus.DRAFT

    def test_is_not_for_who_may_only_look(self, people, first, again):
        with pytest.raises(NotAllowed):
            requests.merge_into(again, first, by=people.vic)
        assert again.status is RequestStatus.DRAFT


class TestPage:
    def test_links_both_ways(self, people, first, again, browse):
        requests.comment(again, by=people.rae, text="People ask me daily.")

        answer = browse(people.bob).post(f"{again.path}/duplicate-of", {"other": str(first.number)})

        assert (answer.status_code, answer.location) == (303, again.path)
        there, here = browse(people.vic).get(first.path).text, browse(people.rae).get(again.path).text
        assert f'href="{again.path}#feed"' in there
        assert "1 comment" in there
        assert f"It is the same as #{first.number} Opening hours." in here
        assert "Take it up again" in here
        assert "People ask me daily." in here

    def test_says_when_there_is_none(self, people, again, browse):
        answer = browse(people.bob).post(f"{again.path}/duplicate-of", {"other": "#77"})

        assert answer.status_code == 422
        assert "There is no such request" in answer.text
        assert again.status is RequestStatus.DRAFT


class TestApi:
    def test_closes_and_reopens(self, people, first, again, api):
        key, path = people.key(people.rae), f"/requests/{again.id}"

        closed = api("PUT", f"{path}/duplicate-of", key, json={"requestId": str(first.id)}).json["data"]
        open_ = api("POST", f"{path}/transition", key, json={"action": "reopen"}).json["data"]

        assert (closed["status"], closed["duplicateOfId"]) == ("cancelled", str(first.id))
        assert (open_["status"], open_["duplicateOfId"]) == ("draft", None)
