"""Saying that one would like to have something, too."""

import pytest

from app.core.errors import Conflict, NotAllowed
from app.requests import operations as requests
from app.requests.queries import tally_of, votes_of


@pytest.fixture
def request_(people):
    return people.request()


def voters(request) -> list[str]:
    return [vote.user.name.split()[0] for vote in votes_of(request)]


class TestVote:
    def test_counts_once_a_person(self, people, request_):
        for person in (people.bob, people.bob, people.rae):
            requests.vote(request_, by=person)

        assert voters(request_) == ["Bob", "Rae"]
        assert tally_of(request_).votes == 2

    def test_is_taken_back(self, people, request_):
        requests.vote(request_, by=people.bob)

        requests.take_vote_back(request_, by=people.bob)
        requests.take_vote_back(request_, by=people.bob)

        assert voters(request_) == []

    def test_is_not_for_who_may_only_look(self, people, request_):
        with pytest.raises(NotAllowed):
            requests.vote(request_, by=people.vic)
        assert voters(request_) == []

    def test_is_over_with_the_request(self, people, request_):
        requests.drop(request_, by=people.rae, reason="Not needed")

        with pytest.raises(Conflict, match="nothing to vote for"):
            requests.vote(request_, by=people.bob)


class TestVoters:
    def test_are_listed_by_page_in_their_order(self, people, request_, api):
        for person in (people.bob, people.ada, people.rae):
            requests.vote(request_, by=person)

        answer = api("GET", f"/requests/{request_.id}/votes?limit=2&page=2", people.key(people.vic)).json

        assert [each["name"] for each in answer["data"]] == ["Rae Requester"]
        assert answer["meta"] == {"page": 2, "limit": 2, "total": 3, "totalPages": 2}


class TestPage:
    def test_counts_and_takes_back(self, people, request_, browse):
        bob = browse(people.bob)

        given = bob.post(f"{request_.path}/votes")
        page = bob.get(request_.path).text

        assert (given.status_code, given.location) == (303, request_.path)
        assert "Voted · 1" in page
        bob.post(f"{request_.path}/votes/removal")
        assert voters(request_) == []

    def test_gives_the_rail_to_htmx(self, people, request_, browse):
        part = browse(people.bob).htmx("POST", f"{request_.path}/votes").text.strip()

        assert part.startswith('<aside class="stack" id="rail"')
        assert "Voted · 1" in part

    def test_shows_the_count_on_the_card_and_in_the_list(self, people, request_, browse):
        requests.vote(request_, by=people.bob)
        board = request_.project.path

        assert 'title="1 vote"' in browse(people.vic).get(board).text
        assert 'title="1 vote"' in browse(people.vic).get(f"{board}?list=1").text

    def test_wakes_a_board_that_somebody_looks_at(self, people, request_, browse):
        rae = browse(people.rae)
        page = rae.htmx("GET", request_.project.path).text
        address = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
        assert rae.htmx("GET", address).status_code == 204

        requests.vote(request_, by=people.bob)

        assert rae.htmx("GET", address).status_code == 200


class TestApi:
    def test_votes_lists_and_takes_back(self, people, request_, api):
        key, path = people.key(people.bob), f"/requests/{request_.id}"

        assert api("PUT", f"{path}/vote", key).json["data"] == {"votes": 1, "voted": True}
        assert api("PUT", f"{path}/vote", key).json["data"] == {"votes": 1, "voted": True}
        assert [each["name"] for each in api("GET", f"{path}/votes", key).json["data"]] == ["Bob Builder"]
        assert api("GET", path, key).json["data"]["votes"] == 1
        assert api("DELETE", f"{path}/vote", key).json["data"] == {"votes": 0, "voted": False}
        assert voters(request_) == []
