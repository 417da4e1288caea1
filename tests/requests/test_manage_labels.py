"""The page of an organization's labels, which works without scripts."""

import pytest

from app.requests import operations as requests
from app.requests.queries import all_labels_of

LABELS = "/acme/labels"


@pytest.fixture
def office(people):
    return requests.create_label(people.organization.id, by=people.ada, name="office", color="#7a5af0")


def known(people) -> list[tuple[str, str]]:
    return [(label.name, label.color) for label in all_labels_of(people.organization.id)]


class TestLook:
    def test_shows_each_with_its_colour_and_how_often_it_is_used(self, people, office, browse):
        requests.add_label(people.request(), office, by=people.rae)

        page = browse(people.vic).get(LABELS).text

        assert 'fill="#7a5af0"' in page
        assert f'fill="{office.text_color}"' in page
        assert 'data-label="Requests">1</td>' in page
        assert "<form" not in page.partition("<main")[2].partition("</main>")[0]

    def test_says_what_the_place_is_for(self, people, browse):
        assert "No labels yet" in browse(people.ada).get(LABELS).text

    def test_does_not_exist_for_a_stranger(self, people, browse):
        assert browse(people.eve).get(LABELS).status_code == 404


class TestChange:
    def test_makes_changes_and_removes(self, people, browse):
        ada = browse(people.ada)

        made = ada.post(LABELS, {"name": "office", "color": "#7a5af0"})
        label = all_labels_of(people.organization.id)[0]
        ada.post(f"{LABELS}/{label.id}", {"name": "Office", "color": "#000000", "description": "Theirs"})

        assert (made.status_code, made.location) == (303, LABELS)
        assert known(people) == [("Office", "#000000")]
        assert label.description == "Theirs"
        assert ada.post(f"{LABELS}/{label.id}/removal").status_code == 303
        assert known(people) == []

    def test_shows_what_was_typed_when_it_does_not_hold(self, people, office, browse):
        ada = browse(people.ada)
        shop = requests.create_label(people.organization.id, by=people.ada, name="shop", color="#1f8f5f")

        new = ada.post(LABELS, {"name": "OFFICE", "color": "#123456", "description": "again"})
        changed = ada.post(f"{LABELS}/{shop.id}", {"name": "Office", "color": "#123456"})

        for answer in (new, changed):
            assert answer.status_code == 422
            assert "There is a label office already." in answer.text
            assert 'value="#123456"' in answer.text
        assert 'value="again"' in new.text
        assert known(people) == [("office", "#7a5af0"), ("shop", "#1f8f5f")]

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("rae", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, office, browse, who, status):
        browser, sent = browse(getattr(people, who)), {"name": "x", "color": "#123456"}

        for path in (LABELS, f"{LABELS}/{office.id}", f"{LABELS}/{office.id}/removal"):
            assert browser.post(path, sent).status_code == status
        assert known(people) == [("office", "#7a5af0")]
