from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.core import db
from app.core.db import transaction
from app.desk.words import state
from app.requests.models import Label, RequestStatus
from tests.desk.conftest import ROADS, S

BOARD = "/acme/website"


@contextmanager
def counting():
    """Count the statements that the database is asked."""
    asked = []
    engine = db.db.engine

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def column(page: str, name: str) -> str:
    """The part of a board's page that is one column."""
    return page.partition(f'data-column="{name}"')[2].partition("</section>")[0]


class TestBoard:
    @pytest.mark.parametrize("who", ["ada", "bob", "rae", "vic"])
    def test_is_open_to_every_member(self, people, project, browse, who):
        assert browse(getattr(people, who)).get(BOARD).status_code == 200

    def test_does_not_exist_for_a_stranger(self, people, project, browse):
        assert browse(people.eve).get(BOARD).status_code == 404

    def test_puts_each_request_into_its_column(self, people, at, browse):
        at("draft", title="Opening hours")
        at("in_review", title="Bigger headline")

        page = browse(people.bob).get(BOARD).text

        assert "Opening hours" in column(page, "draft")
        assert "Bigger headline" in column(page, "in_review")
        assert "Bigger headline" not in column(page, "draft")

    def test_shows_what_was_dropped_only_when_asked(self, people, at, browse):
        at("cancelled", title="A chat in every corner")
        at("draft")

        assert "A chat in every corner" not in browse(people.bob).get(BOARD).text
        assert "A chat" in column(browse(people.bob).get(f"{BOARD}?dropped=1").text, "cancelled")

    def test_says_whose_turn_it_is(self, people, at, browse):
        at("draft")

        assert "Answer the questions" in column(browse(people.rae).get(BOARD).text, "draft")
        assert "Waits for Rae" in column(browse(people.bob).get(BOARD).text, "draft")

    def test_shows_the_preview_on_the_card(self, people, at, previewed, browse):
        previewed(at("in_review"), "failed", error_message="No such package")

        assert "Preview: Failed" in browse(people.bob).get(BOARD).text

    def test_says_of_a_failed_preview_whose_turn_it_is(self, people, at, previewed, browse):
        previewed(at("in_review"), "failed", error_message="No such package")

        bobs = column(browse(people.bob).get(BOARD).text, "in_review")
        raes = column(browse(people.rae).get(BOARD).text, "in_review")

        assert "The preview failed: see why" in bobs
        assert "data-your-turn" in bobs
        assert "The preview failed: for a developer" in raes
        assert "data-your-turn" not in raes

    def test_lists_a_failed_preview_as_failed(self, people, at, previewed, browse):
        previewed(at("in_review"), "failed", error_message="No such package")

        listed = browse(people.rae).get(f"{BOARD}?list=1").text

        assert "Preview failed" in listed

    @pytest.mark.parametrize(
        ("narrowed", "found"),
        [
            ("q=hours", "Opening hours"),
            ("q=%23{number}", "Opening hours"),
            ("type=bug", "Broken form"),
            ("priority=urgent", "Broken form"),
            ("assignee=me", "Broken form"),
        ],
    )
    def test_is_narrowed_by_its_address(self, people, project, browse, narrowed, found):
        from app.requests import operations as requests

        hours = people.request(project, title="Opening hours")
        broken = people.request(project, title="Broken form")
        requests.edit_request(broken, by=people.ada, type="bug", priority="urgent")
        requests.assign(broken, by=people.ada, to=people.bob)
        other = {"Opening hours", "Broken form"} - {found}

        page = browse(people.bob).get(f"{BOARD}?{narrowed.format(number=hours.number)}").text

        assert found in page
        assert other.pop() not in page

    def test_forgives_an_address_that_does_not_hold(self, people, at, browse):
        at("draft", title="Opening hours")

        answer = browse(people.bob).get(f"{BOARD}?type=nonsense&page=x&assignee=somebody&more=here")

        assert answer.status_code == 200
        assert "Opening hours" in answer.text

    def test_shows_more_of_a_column(self, people, project, browse):
        for number in range(32):
            people.request(project, title=f"Wish {number}.")

        few = browse(people.bob).get(BOARD).text
        all_of_it = browse(people.bob).get(f"{BOARD}?more=draft").text

        assert "Wish 31." in few
        assert "Wish 0." not in few
        assert "?more=draft" in few
        assert "Wish 0." in all_of_it
        assert "more=draft&amp;more=draft" not in all_of_it

    @pytest.mark.parametrize("policy", ["developer", "approved"])
    @pytest.mark.parametrize("who", ["bob", "rae", "vic"])
    def test_asks_the_database_as_often_for_many_cards(self, people, at, previewed, browse, who, policy):
        browser, states = browse(getattr(people, who)), [each for each in ROADS if each is not S.CANCELLED]
        for name, times in (("Few", 1), ("Many", 3)):
            here = people.project(name)
            bearing = Label(organization_id=here.organization_id, name=name, key=name, color="#336699")
            for status in states * times:
                request = at(status, project=here, by=people.rae)
                with transaction():
                    request.labels = [bearing]
                    request.assignee = people.bob if request.number % 2 else None
                    request.guest_name = "Gus" if request.number % 3 == 0 else None
                    request.blockers = [people.request(here)] if request.may_wait else []
                if request.is_tried:
                    previewed(request, "ready")
            with transaction():
                here.start_policy = policy

        def statements(path):
            db.session.expunge_all()  # nothing is known from before
            with counting() as asked:
                shown = browser.get(path).text
            assert all(f'data-column="{each}"' in shown for each in states)
            return len(asked), shown.count("data-card=")

        browser.get("/acme/few")
        (many, more_cards), (few, cards) = statements("/acme/many"), statements("/acme/few")
        assert (many, more_cards) == (few, cards * 3)

    def test_answers_its_poll_only_when_something_moved(self, people, at, browse):
        at("draft")
        browser = browse(people.bob)
        page = browser.htmx("GET", BOARD).text
        address = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")

        assert browser.htmx("GET", address).status_code == 204
        at("draft", title="A new one")
        assert "A new one" in browser.htmx("GET", address).text

    def test_gives_its_fragment_with_one_root(self, people, at, browse):
        at("draft")

        part = browse(people.bob).htmx("GET", BOARD).text.strip()

        assert part.startswith('<div class="stack" id="board"')
        assert "<html" not in part

    def test_chooses_the_column_for_a_phone(self, people, at, browse):
        at("draft")
        at("ready", by=people.ada)

        def current(path):
            return (
                browse(people.rae).get(path).text.partition("data-current")[0].rpartition('data-column="')[2]
            )

        assert current(BOARD).startswith("draft")
        assert current(f"{BOARD}?column=ready").startswith("ready")


class TestEmptyBoard:
    def test_offers_the_first_request(self, people, project, browse):
        page = browse(people.rae).get(BOARD).text

        assert "Write the first request" in page
        assert "data-board" not in page

    def test_offers_nothing_to_who_may_only_look(self, people, project, browse):
        page = browse(people.vic).get(BOARD).text

        assert "No requests yet" in page
        assert "requests/new" not in page

    def test_says_how_its_first_files_come(self, people, browse):
        from app.projects.models import Starter

        people.project("Bare", starter=Starter.EMPTY)

        assert "git push" in browse(people.bob).get("/acme/bare").text
        assert "git push" not in browse(people.rae).get("/acme/bare").text


class TestList:
    def test_lists_and_narrows(self, people, at, browse):
        at("draft", title="Opening hours")
        at("ready", title="Bigger headline")

        everything = browse(people.vic).get(f"{BOARD}?list=1").text
        narrowed = browse(people.vic).get(f"{BOARD}?list=1&status=ready").text

        assert "Opening hours" in everything
        assert "Bigger headline" in everything
        assert "Opening hours" not in narrowed


class TestWords:
    @pytest.mark.parametrize("status", list(RequestStatus))
    def test_are_those_of_the_components(self, app, database, status):
        with app.test_request_context():
            drawn = app.jinja_env.get_template("components/state.html").module.state_of("request", status)

            assert str(drawn).strip().split("|") == list(state(status))
