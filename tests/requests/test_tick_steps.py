"""A small list on a request: added, ticked, renamed, ordered, taken away."""

import pytest

from app.core.errors import Conflict, NotAllowed
from app.requests import operations as requests
from app.requests.operations import steps as operation
from app.requests.queries import steps_of, tally_of


@pytest.fixture
def request_(people):
    return people.request()


def texts(request) -> list[str]:
    return [step.text for step in steps_of(request)]


@pytest.fixture
def three(people, request_):
    return [requests.add_step(request_, by=people.rae, text=text) for text in ("Ask", "Draw", "Build")]


class TestSteps:
    def test_stand_in_the_order_in_which_they_came(self, request_, three):
        assert texts(request_) == ["Ask", "Draw", "Build"]
        assert [step.position for step in steps_of(request_)] == [0, 1, 2]

    def test_are_ticked_with_who_did_it(self, people, request_, three):
        requests.change_step(three[1], by=people.bob, done=True)

        assert tally_of(request_)[1:] == (3, 1)
        assert three[1].done_by is people.bob
        requests.change_step(three[1], by=people.rae, done=False)
        assert (three[1].done_at, three[1].done_by, tally_of(request_).steps_done) == (None, None, 0)

    def test_keep_who_ticked_first(self, people, three):
        requests.change_step(three[0], by=people.bob, done=True)
        requests.change_step(three[0], by=people.rae, done=True)

        assert three[0].done_by is people.bob

    @pytest.mark.parametrize(
        ("which", "to", "order"),
        [
            (2, 0, ["Build", "Ask", "Draw"]),
            (0, 1, ["Draw", "Ask", "Build"]),
            (0, 99, ["Draw", "Build", "Ask"]),
        ],
    )
    def test_are_put_elsewhere(self, people, request_, three, which, to, order):
        requests.change_step(three[which], by=people.rae, position=to)

        assert texts(request_) == order
        assert [step.position for step in steps_of(request_)] == [0, 1, 2]

    def test_close_the_gap_of_one_that_is_removed(self, people, request_, three):
        requests.remove_step(three[1], by=people.rae)

        assert texts(request_) == ["Ask", "Build"]
        assert [step.position for step in steps_of(request_)] == [0, 1]

    def test_have_a_bound(self, people, request_, monkeypatch):
        monkeypatch.setattr(operation, "MOST_STEPS", 1)
        requests.add_step(request_, by=people.rae, text="One")

        with pytest.raises(Conflict, match="at most 1 steps"):
            requests.add_step(request_, by=people.rae, text="Two")
        assert texts(request_) == ["One"]

    def test_are_not_for_who_may_only_look(self, people, request_, three):
        with pytest.raises(NotAllowed):
            requests.add_step(request_, by=people.vic, text="Mine")
        with pytest.raises(NotAllowed):
            requests.change_step(three[0], by=people.vic, done=True)
        with pytest.raises(NotAllowed):
            requests.remove_step(three[0], by=people.vic)
        assert texts(request_) == ["Ask", "Draw", "Build"]
        assert tally_of(request_).steps_done == 0


class TestPage:
    def test_adds_and_ticks_without_a_script(self, people, request_, browse):
        rae = browse(people.rae)

        answer = rae.post(f"{request_.path}/steps", {"text": "  Ask   the shop "})
        step = steps_of(request_)[0]
        ticked = rae.post(f"{request_.path}/steps/{step.id}/tick", {"done": "true"})

        assert (answer.status_code, answer.location) == (303, f"{request_.path}#steps")
        assert ticked.status_code == 303
        page = rae.get(request_.path).text
        assert "Ask the shop" in page
        assert 'aria-pressed="true"' in page
        assert "1 of 1" in page

    def test_gives_the_list_alone_to_htmx(self, people, request_, browse):
        part = browse(people.rae).htmx("POST", f"{request_.path}/steps", data={"text": "Ask"}).text.strip()

        assert part.startswith('<section class="section" id="steps"')
        assert "Ask" in part

    def test_keeps_what_was_typed_and_says_what_is_missing(self, people, request_, browse):
        answer = browse(people.rae).post(f"{request_.path}/steps", {"text": "x" * 201})

        assert answer.status_code == 422
        assert 'id="step-error"' in answer.text
        assert "x" * 201 in answer.text
        assert browse(people.rae).post(f"{request_.path}/steps", {"text": " "}).status_code == 422
        assert texts(request_) == []

    def test_renames_orders_and_removes(self, people, request_, three, browse):
        rae, url = browse(people.rae), f"{request_.path}/steps"

        rae.post(f"{url}/{three[0].id}/words", {"text": "Ask the shop"})
        rae.post(f"{url}/{three[2].id}/place", {"position": "0"})
        rae.post(f"{url}/{three[1].id}/removal")

        assert texts(request_) == ["Build", "Ask the shop"]

    def test_offers_nothing_to_change_to_who_may_only_look(self, people, request_, three, browse):
        page = browse(people.vic).get(request_.path).text

        assert "Ask" in page
        assert "/steps/" not in page

    def test_knows_no_step_of_another_request(self, people, request_, three, browse):
        other = people.request(request_.project)

        answer = browse(people.rae).post(f"{other.path}/steps/{three[0].id}/tick", {"done": "true"})

        assert answer.status_code == 404
        assert tally_of(request_).steps_done == 0


class TestApi:
    def test_adds_changes_lists_and_removes(self, people, request_, api):
        key, path = people.key(people.rae), f"/requests/{request_.id}/steps"

        made = api("POST", path, key, json={"text": "Ask"}).json["data"]
        api("POST", path, key, json={"text": "Draw"})
        changed = api("PUT", f"{path}/{made['id']}", key, json={"done": True, "position": 1}).json["data"]

        assert (changed["done"], changed["position"], changed["doneBy"]["name"]) == (True, 1, "Rae Requester")
        assert [each["text"] for each in api("GET", path, key).json["data"]] == ["Draw", "Ask"]
        assert api("GET", f"/requests/{request_.id}", key).json["data"]["steps"] == {"total": 2, "done": 1}
        assert api("DELETE", f"{path}/{made['id']}", key).status_code == 204
        assert texts(request_) == ["Draw"]

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, request_, api, who, status):
        organization = people.elsewhere if who == "eve" else people.organization
        key = people.key(getattr(people, who), organization=organization)

        assert api("POST", f"/requests/{request_.id}/steps", key, json={"text": "Mine"}).status_code == status
        assert texts(request_) == []

    @pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 201}])
    def test_names_what_does_not_hold(self, people, request_, api, body):
        answer = api("POST", f"/requests/{request_.id}/steps", people.key(people.rae), json=body)

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "text"]
