"""The order of a column by hand: kept, also where many moved many cards between two."""

import pytest

from app.core.db import transaction
from app.core.errors import NotAllowed
from app.requests import operations as requests
from app.requests.operations import Place
from app.requests.queries import column_of


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def four(people, project):
    """A, B, C, D from the top."""
    made = {title: people.request(project, title=title) for title in "DCBA"}
    return made["A"], made["B"], made["C"], made["D"]


@pytest.fixture
def titles(four):
    by_id = {each.id: each.title for each in four}
    return lambda: "".join(by_id[request_id] for request_id, _ in column_of(four[0]))


class TestShift:
    @pytest.mark.parametrize(
        ("which", "to", "after"),
        [
            (2, Place.TOP, "CABD"),
            (2, Place.UP, "ACBD"),
            (1, Place.DOWN, "ACBD"),
            (0, Place.BOTTOM, "BCDA"),
            (0, Place.UP, "ABCD"),
            (3, Place.DOWN, "ABCD"),
        ],
    )
    def test_moves_one_card(self, people, four, titles, which, to, after):
        requests.shift(four[which], by=people.bob, to=to)

        assert titles() == after

    def test_is_for_developers(self, people, four, titles):
        for person in (people.rae, people.vic):
            with pytest.raises(NotAllowed):
                requests.shift(four[2], by=person, to=Place.TOP)
        assert titles() == "ABCD"

    def test_leaves_what_was_put_away_out(self, people, four, titles):
        requests.archive(four[1], by=people.bob)

        requests.shift(four[2], by=people.bob, to=Place.UP)

        assert titles() == "CAD"


class TestArrange:
    def test_makes_room_where_halving_used_it_up(self, people, four, titles):
        a, b, c, _ = four
        for _ in range(40):  # each halves the room after A
            requests.arrange(c, by=people.bob, after=a, before=None)
            requests.arrange(b, by=people.bob, after=a, before=None)

        assert titles() == "ABCD"
        positions = [position for _, position in column_of(a)]
        assert len(set(positions)) == 4
        assert positions == sorted(positions)

    def test_parts_two_that_stand_at_the_same_place(self, people, four, titles):
        a, b, _, d = four
        with transaction():
            b.position = a.position
        above, below = titles()[:2]
        by_title = {each.title: each for each in four}

        requests.arrange(d, by=people.bob, after=by_title[above], before=by_title[below])

        assert titles() == f"{above}D{below}C"


class TestPage:
    def test_puts_a_card_at_the_top_without_a_script(self, people, four, titles, browse):
        answer = browse(people.bob).post(f"{four[3].path}/place?type=feature", {"to": "top"})

        assert (answer.status_code, answer.location) == (303, "/acme/website?type=feature&column=draft")
        assert titles() == "DABC"

    def test_offers_it_on_the_card_while_the_order_is_by_hand(self, people, four, browse):
        bob = browse(people.bob)

        menu = f"{four[0].path}/moves"
        assert f"{four[0].path}/place" in bob.htmx("GET", menu).text
        assert "/place" not in bob.htmx("GET", f"{menu}?sort=-votes").text
        assert "/place" not in browse(people.rae).htmx("GET", menu).text

    def test_says_what_does_not_hold(self, people, four, titles, browse):
        assert browse(people.bob).post(f"{four[3].path}/place", {"to": "moon"}).status_code == 422
        assert titles() == "ABCD"


class TestApi:
    def test_puts_a_card_elsewhere(self, people, four, titles, api):
        a, b, c, d = four
        key = people.key(people.bob)

        api("PUT", f"/requests/{d.id}/position", key, json={"to": "top"})
        assert titles() == "DABC"
        api("PUT", f"/requests/{d.id}/position", key, json={"after": str(b.id)})
        assert titles() == "ABDC"
        api("PUT", f"/requests/{c.id}/position", key, json={"before": str(a.id)})
        assert titles() == "CABD"
