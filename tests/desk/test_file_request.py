import pytest
from sqlalchemy import select

from app.core.db import session
from app.requests.models import ProductRequest, RequestPriority, RequestType

PLACE = "/acme/website/requests"
WISH = {"title": "Show opening hours", "description": "On *contact*", "type": "bug", "priority": "high"}


def filed():
    return session.scalars(select(ProductRequest)).all()


class TestNewRequest:
    def test_files_it(self, people, project, browse):
        answer = browse(people.rae).post(PLACE, WISH)

        (made,) = filed()
        assert (answer.status_code, answer.location) == (303, f"{PLACE}/1")
        assert (made.title, made.type, made.priority) == (
            "Show opening hours",
            RequestType.BUG,
            RequestPriority.HIGH,
        )
        assert made.requester_id == people.rae.id

    @pytest.mark.parametrize(("who", "status"), [("ada", 303), ("rae", 303), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, project, browse, who, status):
        assert browse(getattr(people, who)).post(PLACE, WISH).status_code == status

    def test_shows_the_form_again(self, people, project, browse):
        answer = browse(people.rae).post(PLACE, {**WISH, "title": " "})

        assert answer.status_code == 422
        assert "This is needed." in answer.text
        assert "On *contact*" in answer.text
        assert filed() == []

    def test_has_a_page(self, people, project, browse):
        assert "What do you need?" in browse(people.rae).get(f"{PLACE}/new").text
        assert "not file requests" in browse(people.vic).get(f"{PLACE}/new").text
        assert browse(people.eve).get(f"{PLACE}/new").status_code == 404


class TestQuickAdd:
    def test_puts_the_card_on_the_board(self, people, at, browse):
        at("draft")

        answer = browse(people.rae).htmx("POST", PLACE, data={"title": "A map", "quick": "1"})

        assert answer.status_code == 200
        assert answer.text.strip().startswith('<div class="stack" id="board"')
        assert "A map" in answer.text

    def test_works_without_a_script(self, people, project, browse):
        answer = browse(people.rae).post(f"{PLACE}?type=bug", {"title": "A map", "quick": "1"})

        assert answer.status_code == 303
        assert answer.location == "/acme/website?type=bug&column=draft"

    def test_says_in_its_place_what_is_missing(self, people, project, browse):
        answer = browse(people.rae).htmx("POST", PLACE, data={"title": "", "quick": "1"})

        assert answer.status_code == 422
        assert answer.headers["HX-Retarget"] == "#quick-add"
        assert answer.text.strip().startswith('<form class="quick-add" id="quick-add"')
        assert "This is needed." in answer.text
