import pytest

from app.core.db import session
from app.requests.models import RequestStatus

BOARD = "/acme/website"


def move(request, **sent):
    return f"{request.path}/move", {name: str(value) for name, value in sent.items()}


class TestMoveCard:
    def test_starts_the_questions(self, people, at, browse):
        request = at("draft")

        answer = browse(people.rae).post(*move(request, to="interviewing"))

        assert (answer.status_code, answer.location) == (303, f"{BOARD}?column=interviewing")
        assert request.status is RequestStatus.INTERVIEWING

    def test_gives_the_board_to_htmx(self, people, at, browse):
        request = at("draft")
        path, data = move(request, to="interviewing")

        answer = browse(people.rae).htmx("POST", path, data=data)

        assert answer.status_code == 200
        assert answer.text.strip().startswith('<div class="stack" id="board"')

    def test_keeps_what_the_board_is_narrowed_to(self, people, at, browse):
        request = at("draft")
        path, data = move(request, to="interviewing")

        assert "type=feature" in browse(people.rae).post(f"{path}?type=feature", data).location

    @pytest.mark.parametrize(("who", "status"), [("bob", 303), ("rae", 303), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, at, browse, who, status):
        request = at("draft")

        assert browse(getattr(people, who)).post(*move(request, to="interviewing")).status_code == status

    def test_orders_a_column(self, people, at, browse):
        first, second, third = (at("draft", title=title) for title in ("one", "two", "three"))

        browse(people.bob).post(*move(first, to="draft", after=third.id, before=second.id))

        page = browse(people.bob).get(BOARD).text
        assert page.index(">three<") < page.index(">one<") < page.index(">two<")

    def test_lets_developers_order(self, people, at, browse):
        first, second = at("draft"), at("draft")

        assert browse(people.rae).post(*move(first, to="draft", before=second.id)).status_code == 403

    def test_ignores_neighbours_of_another_column(self, people, at, browse):
        draft, ready = at("draft"), at("ready")
        before = draft.position

        browse(people.bob).post(*move(draft, to="draft", after=ready.id))

        session.refresh(draft)
        assert draft.position == before

    @pytest.mark.parametrize(
        ("status", "to", "words"),
        [
            ("draft", "ready", "answer its questions"),
            ("in_review", "changes_requested", "say what should be different"),
            ("draft", "cancelled", "say why"),
            ("in_development", "in_review", "moves on by itself"),
            ("draft", "merged", "cannot go there"),
        ],
    )
    def test_explains_what_is_not_open(self, people, at, browse, status, to, words):
        request = at(status)
        path, data = move(request, to=to)

        answer = browse(people.bob).htmx("POST", path, data=data)

        assert answer.status_code == 409
        assert answer.headers["HX-Retarget"] == "#toasts"
        assert words in answer.text

    def test_needs_an_accepted_preview_to_be_merged(self, people, at, browse):
        answer = browse(people.bob).post(*move(at("in_review"), to="pr_open"))

        assert answer.status_code == 403
        assert "has to accept" in answer.text

    def test_asks_before_it_merges(self, people, at, browse):
        request = at("pr_open")

        asked = browse(people.bob).post(*move(request, to="merged"))

        assert asked.status_code == 200
        assert "It goes live with this." in asked.text
        assert 'name="asked" value="1"' in asked.text
        assert request.status is RequestStatus.PR_OPEN

    def test_offers_its_moves_on_the_card(self, people, at, browse):
        at("pr_open")

        for_bob, for_vic = (browse(user).get(BOARD).text for user in (people.bob, people.vic))

        assert 'data-open-moves="merged in_review"' in for_bob
        assert "data-asking-moves" in for_bob
        assert "data-move-url" not in for_vic

    def test_fetches_its_menu_when_it_is_opened(self, people, at, browse):
        request = at("pr_open")
        menu = f"{request.path}/moves?type=bug"
        board = browse(people.bob).get(f"{BOARD}?type=bug").text

        part = browse(people.bob).htmx("GET", menu).text
        page = browse(people.bob).get(menu).text

        assert "To the top" not in board
        assert f'action="{request.path}/move?type=bug"' in part
        assert 'name="to" value="merged"' in part
        assert "To the top" in part
        assert part.strip() in page
        assert "Back to the board" in page
        assert browse(people.eve).get(menu).status_code == 404

    def test_offers_viewers_nothing(self, people, at, browse):
        request = at("draft")

        assert "<form" not in browse(people.vic).htmx("GET", f"{request.path}/moves").text
