"""Requests are found by what was written: words, phrases and numbers, fresh at once, and never by a stranger."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from app.core import search
from app.core.db import db, session, transaction
from app.core.paging import paginate
from app.core.search import SearchText
from app.projects import operations as projects
from app.projects.models import Access, Project
from app.requests import operations as requests
from app.requests.models import Activity, ProductRequest
from app.requests.queries import (
    Filters,
    counts_on,
    found_by,
    found_quickly,
    glimpses,
    page_found_by,
    requests_on,
)
from tests.support.road import ready_request


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def hours(people, project):
    """Rae's request for opening hours at the Café, with criteria and something that Bob said."""
    request = ready_request(people, project=project, title="Show opening hours of the Café")
    requests.comment(request, by=people.bob, text="Mind the holidays, please.")
    return request


@pytest.fixture
def find(people):
    """Return a way to search: `find("opening hours", people.vic)` gives the titles, best first."""

    def look(words: str, who=None) -> list[str]:
        return [each.title for each in session.scalars(found_by(who or people.vic, words)).unique()]

    return look


class TestFind:
    @pytest.mark.parametrize(
        "words",
        [
            "opening",
            "OPEN",
            "hour open",
            "cafe",
            "CAFÉ",
            '"opening hours"',
            '"Hours of the cafe',
            "start page",  # stands in the criteria
            "holiday",  # was said in a comment
            "opening-hours",
        ],
    )
    def test_finds_what_was_written(self, hours, find, words):
        assert find(words) == [hours.title]

    @pytest.mark.parametrize("words", ["pening", '"hours opening"', '"hour"', "opening closing", "#"])
    def test_finds_nothing_else(self, hours, find, words):
        assert find(words) == []

    def test_goes_to_a_number(self, people, project, hours, find):
        people.request(project, title="Ask for 1 more thing")

        assert find(f"#{hours.number}") == [hours.title]
        assert find("1") == [hours.title, "Ask for 1 more thing"]

    def test_puts_a_title_before_a_text(self, people, project, find):
        for title, description in (
            ("Something else", "newsletter"),
            ("Send a newsletter", ""),
            ("More", "newsletter"),
        ):
            requests.file_request(project, by=people.rae, title=title, description=description)

        assert find("newsletter")[0] == "Send a newsletter"
        assert len(find("newsletter")) == 3

    def test_puts_open_ones_first_in_the_palette(self, people, project):
        over, still = (
            people.request(project, title="Newsletter"),
            people.request(project, title="A newsletter"),
        )
        requests.drop(over, by=people.rae, reason="Not needed.")

        assert found_quickly(people.vic, "newsletter", 5) == [still, over]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(typed=st.text(max_size=60) | st.text(alphabet="abé\"*()^:+-{}ANDORTNE '&|!<>\\", max_size=40))
    def test_takes_whatever_is_typed(self, people, project, hours, typed):
        found = page_found_by(people.vic, typed, page=1, limit=25)
        session.scalars(requests_on(project, Filters(text=typed))).unique().all()
        glimpses(found.items, typed)

        assert found.total == len(found.items) <= 1
        assert found.items == paginate(found_by(people.vic, typed)).items


class TestReadByPages:
    @pytest.mark.parametrize("words", ["menu", "m", "2", "menu 2", "%", "menu printed"])
    def test_gives_what_is_found_in_the_same_order(self, people, project, words):
        for number in range(5):
            people.request(project, title=f"Mend the {'menu ' * (1 + number % 2)}{number} %")
        every = session.scalars(found_by(people.vic, words)).unique().all()

        pages = [page_found_by(people.vic, words, page=page, limit=2) for page in (1, 2, 3)]

        assert [each for page in pages for each in page.items] == every
        assert {page.total for page in pages} == {len(every)}

    def test_counts_past_the_end_as_well(self, people, project):
        people.request(project, title="Mend the menu")

        past = page_found_by(people.vic, "menu", page=7, limit=2)

        assert (past.items, past.total, past.page) == ([], 1, 7)

    def test_shows_a_request_once_however_often_it_is_spoken_of(self, people, hours):
        for _ in range(3):
            requests.comment(hours, by=people.bob, text="The opening hours!")

        found = page_found_by(people.vic, "opening", page=1, limit=25)

        assert (found.items, found.total) == ([hours], 1)


class TestStaysTrue:
    def test_follows_what_is_changed(self, people, hours, find):
        requests.edit_request(hours, by=people.rae, title="Show the closing days")

        assert find("opening café") == []
        assert find("closing") == ["Show the closing days"]

    def test_follows_what_is_written_past_the_operations(self, hours, find):
        with transaction():
            session.execute(update(ProductRequest).values(description="Written by hand"))
            session.execute(delete(Activity))

        assert find("hand") == [hours.title]
        assert find("holidays") == []

    def test_forgets_what_is_deleted(self, people, project, hours, find):
        with transaction():
            session.execute(delete(Project).where(Project.id == project.id))

        assert find("opening") == []
        assert session.scalars(select(SearchText)).all() == []

    def test_keeps_no_text_of_what_happened_by_itself(self, hours):
        assert {each.kind for each in session.scalars(select(SearchText))} == {"request", "comment"}
        assert len(session.scalars(select(SearchText)).all()) == 2

    def test_is_made_for_rows_that_are_there_already(self, hours, find):
        with transaction():
            connection = session.connection()
            search.index._take_down(connection)
            connection.execute(text("DELETE FROM search_texts"))
            assert search.set_up(connection) is True
            assert search.set_up(connection) is False

        assert find("opening holiday") == []
        assert find("opening") == find("holiday") == [hours.title]

    def test_is_made_anew_where_a_trigger_was_lost(self, people, project, hours, find):
        with transaction():
            connection = session.connection()
            lost = next(name for name in search.index._names(connection) if "request" in name)
            on = " ON requests" if db.engine.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {lost}{on}"))
        people.request(project, title="Unheard of")
        with transaction():
            assert search.set_up(session.connection()) is True

        assert find("unheard") == ["Unheard of"]


class TestWhoFinds:
    def test_a_stranger_finds_nothing_nor_learns_how_many(self, people, hours):
        found = page_found_by(people.eve, "opening", page=1, limit=25)

        assert (found.total, found.items) == (0, [])
        assert paginate(found_by(people.eve, "opening")).total == 0
        assert found_quickly(people.eve, "opening", 5) == []

    def test_a_project_of_its_members_is_theirs_alone(self, people, project, hours, find):
        projects.edit_project(project, by=people.ada, access=Access.MEMBERS)

        assert find("opening", people.vic) == []
        assert page_found_by(people.vic, f"#{hours.number}", page=1, limit=25).total == 0
        assert page_found_by(people.vic, "opening", page=1, limit=25).total == 0
        assert find("opening", people.ada) == [hours.title]

    def test_another_project_s_board_counts_its_own(self, people, hours):
        other = people.project("Shop")
        people.request(other, title="Opening hours of the shop")

        assert sum(counts_on(other, Filters(text="opening")).values()) == 1


class TestSeeTheResult:
    def test_marks_what_was_found(self, people, project, browse):
        what = {"title": "Times", "description": "It opens at the Café at nine."}
        requests.file_request(project, by=people.rae, **what)

        page = browse(people.vic).get("/search?q=cafe+open").text

        assert "It <mark>opens</mark> at the <mark>Café</mark> at nine." in page

    def test_shows_the_comment_that_was_found(self, people, hours, browse):
        page = browse(people.vic).get("/search?q=holiday").text

        assert "Comment: Mind the <mark>holidays</mark>, please." in page

    def test_marks_without_believing_what_was_written(self, people, project, browse):
        requests.file_request(
            project,
            by=people.rae,
            title="<script>alert()</script>",
            description="<mark>alert</mark> <b>x</b>",
        )

        page = browse(people.vic).get("/search?q=alert").text

        assert "&lt;script&gt;alert()&lt;/script&gt;" in page
        assert "&lt;mark&gt;<mark>alert</mark>&lt;/mark&gt; &lt;b&gt;x&lt;/b&gt;" in page

    def test_narrows_board_list_and_api_alike(self, people, project, hours, browse, api):
        people.request(project, title="Something else")
        key = people.key(people.vic)

        for address in (f"{project.path}?q=holiday", f"{project.path}?q=holiday&list=1"):
            page = browse(people.vic).get(address).text
            assert hours.title in page
            assert "Something else" not in page
        answer = api("GET", f"/projects/{project.id}/requests?q=holiday", key).json
        assert [one["title"] for one in answer["data"]] == [hours.title]
        assert answer["meta"]["total"] == 1
