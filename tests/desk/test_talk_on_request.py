"""What people say on the page of a request, each part of it with and without scripts."""

import pytest

from app.core import db
from app.organizations.models import Role
from app.requests import operations as requests
from app.requests.models import ReactionKind
from app.requests.queries import reactions_to, story_of, watchers_of
from tests.desk.test_see_board import counting


@pytest.fixture
def request_(at):
    return at("draft")


@pytest.fixture
def said(people, request_):
    return requests.comment(request_, by=people.rae, text="In the footer, too?")


@pytest.fixture
def office(people):
    return requests.create_label(people.organization.id, by=people.ada, name="office", color="#7a5af0")


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


class TestChangeComment:
    def test_changes_one_s_own(self, people, request_, said, browse):
        rae, path = browse(people.rae), f"{request_.path}/comments/{said.id}"

        answer = rae.post(path, {"text": "In the *head*", "version": said.version})

        assert (answer.status_code, answer.location) == (303, f"{request_.path}#entry-{said.id}")
        page = rae.get(request_.path).text
        assert "In the <em>head</em>" in page
        assert "changed <time" in page
        assert rae.get(path).location == f"{request_.path}#entry-{said.id}"

    def test_shows_both_versions_when_it_was_changed_elsewhere(self, people, request_, said, browse):
        rae, path = browse(people.rae), f"{request_.path}/comments/{said.id}"
        rae.post(path, {"text": "The first window", "version": 1})

        late = rae.post(path, {"text": "The second window", "version": 1})

        assert late.status_code == 409
        assert "The first window" in main(late.text)
        assert "The second window</textarea>" in late.text
        assert said.text == "The first window"
        again = rae.post(path, {"text": "The second window", "version": 2})
        assert (again.status_code, said.text) == (303, "The second window")

    def test_needs_words(self, people, request_, said, browse):
        answer = browse(people.rae).post(f"{request_.path}/comments/{said.id}", {"text": " "})

        assert answer.status_code == 422
        assert "This is needed." in answer.text
        assert said.text == "In the footer, too?"

    @pytest.mark.parametrize(
        ("who", "changes", "removes"),
        [("rae", 303, 303), ("ada", 403, 303), ("bob", 403, 403), ("vic", 403, 403), ("eve", 404, 404)],
    )
    def test_is_offered_and_allowed_to_whom_it_belongs(
        self, people, request_, said, browse, who, changes, removes
    ):
        browser, path = browse(getattr(people, who)), f"{request_.path}/comments/{said.id}"
        page = browser.get(request_.path).text

        assert ("comment__change" in page) == (changes == 303)
        assert (f'action="{path}/removal"' in page) == (removes == 303)
        assert browser.post(path, {"text": "New"}).status_code == changes
        assert browser.post(f"{path}/removal").status_code == removes
        assert (said.removed_at is not None) == (removes == 303)

    @pytest.mark.parametrize(
        ("who", "words"),
        [("rae", "said something and took it back"), ("ada", "said something; an admin removed it")],
    )
    def test_keeps_that_something_was_said(self, people, request_, said, browse, who, words):
        requests.remove_comment(said, by=getattr(people, who))

        page = main(browse(people.vic).get(request_.path).text)

        assert words in page
        assert "In the footer" not in page
        assert "said something" not in main(browse(people.vic).get("/").text)


class TestSpeakTo:
    def test_marks_the_name(self, people, request_, browse):
        requests.comment(request_, by=people.rae, text="@bob, <b>look</b>")

        assert "<strong>@bob</strong>, &lt;b&gt;look" in browse(people.bob).get(request_.path).text

    def test_suggests_who_is_called_so(self, people, request_, browse):
        twin = people.make("Bob2 Builder", role=Role.DEVELOPER)
        with db.transaction():
            twin.name = "Bob Builder"

        part = browse(people.rae).htmx("GET", f"{request_.path}/people?q=bui").text

        assert 'data-insert="@bob@example.com"' in part
        assert 'data-insert="@bob2@example.com"' in part
        assert "Ada" not in part
        assert (
            'data-insert="@Ada Admin"' in browse(people.rae).htmx("GET", f"{request_.path}/people?q=ad").text
        )
        assert browse(people.eve).get(f"{request_.path}/people").status_code == 404


class TestReact:
    @pytest.mark.parametrize("to", ["", "/comments/{}"])
    def test_is_had_and_taken_back(self, people, request_, said, browse, to):
        bob, path = browse(people.bob), f"{request_.path}{to.format(said.id)}/reactions"

        had = bob.post(path, {"kind": "heart", "reacted": "true"})

        place = f"entry-{said.id}" if to else "reactions"
        assert (had.status_code, had.location) == (303, f"{request_.path}#{place}")
        assert [(tally.kind, tally.count) for tally in reactions_to(request_)[said.id if to else None]] == [
            (ReactionKind.HEART, 1)
        ]
        assert 'aria-pressed="true" title="Bob Builder"' in bob.get(request_.path).text
        part = bob.htmx("POST", path, data={"kind": "heart", "reacted": "false"}).text.strip()
        assert part.startswith("<section")
        assert reactions_to(request_) == {}

    def test_is_only_looked_at_by_viewers(self, people, request_, said, browse):
        requests.react(request_, ReactionKind.EYES, by=people.bob, reacted=True)

        page = main(browse(people.vic).get(request_.path).text)

        assert 'class="reaction" title="Bob Builder"' in page
        assert "<button" not in page.partition('id="reactions"')[2].partition("</section>")[0]


class TestLabel:
    def test_is_put_on_and_taken_off(self, people, request_, office, browse):
        rae, path = browse(people.rae), f"{request_.path}/labels"

        part = rae.htmx("POST", path, data={"label_id": str(office.id), "on": "true"})
        assert part.headers["HX-Trigger"] == "request-touched"
        assert part.text.count("badge--label") == 2  # on it, and in the menu
        assert story_of(request_)[0].text == "added the label office"
        answer = rae.post(path, {"label_id": str(office.id), "on": "false"})

        assert (answer.status_code, request_.labels) == (303, [])

    @pytest.mark.parametrize(("who", "status"), [("bob", 303), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, request_, office, browse, who, status):
        sent = {"label_id": str(office.id), "on": "true"}

        assert browse(getattr(people, who)).post(f"{request_.path}/labels", sent).status_code == status
        assert (request_.labels == [office]) == (status == 303)

    def test_opens_its_menu_where_a_key_of_the_board_led(self, people, request_, office, browse):
        board = browse(people.rae).get("/acme/website").text
        page = browse(people.rae).get(f"{request_.path}?labels=open").text

        assert f'href="{request_.path}?labels=open#rail" data-key="l"' in board
        assert '<details class="menu" open>' in page
        assert 'data-key="l"' not in browse(people.vic).get("/acme/website").text

    def test_comes_with_a_new_request(self, people, project, office, browse):
        rae = browse(people.rae)

        rae.post("/acme/website/requests", {"title": "More light", "label_ids": [str(office.id)]})
        refused = rae.post("/acme/website/requests", {"title": "", "label_ids": [str(office.id)]})

        assert "badge--label" in rae.get("/acme/website").text
        assert f'value="{office.id}" checked' in refused.text

    @pytest.mark.parametrize("where", ["", "&list=1"])
    def test_narrows_the_board(self, people, project, at, office, browse, where):
        requests.add_label(at("draft", title="With it"), office, by=people.bob)
        at("draft", title="Without it")

        page = browse(people.vic).get(f"/acme/website?label={office.id}{where}").text

        assert "With it" in page
        assert "Without it" not in page
        assert f'value="{office.id}" selected' in page

    @pytest.mark.parametrize("where", ["", "?list=1"])
    def test_costs_the_board_the_same_for_many_cards(self, people, at, office, browse, where):
        browser = browse(people.bob)
        for name, cards in (("Few", 2), ("Many", 9)):
            here = people.project(name)
            for _ in range(cards):
                requests.add_label(at("draft", project=here), office, by=people.bob)

        def statements(address: str) -> int:
            db.session.expunge_all()  # nothing is known from before
            with counting() as asked:
                assert "badge--label" in browser.get(f"{address}{where}").text
            return len(asked)

        browser.get(f"/acme/few{where}")
        assert statements("/acme/many") == statements("/acme/few")

    def test_wakes_the_board_that_is_being_looked_at(self, people, request_, office, browse):
        bob = browse(people.bob)
        address = bob.htmx("GET", "/acme/website").text.partition('hx-get="')[2].partition('"')[0]
        address = address.replace("&amp;", "&")
        assert bob.htmx("GET", address).status_code == 204

        requests.add_label(request_, office, by=people.rae)

        assert bob.htmx("GET", address).status_code == 200


class TestWatch:
    def test_is_begun_and_ended(self, people, request_, browse):
        vic, path = browse(people.vic), f"{request_.path}/watching"

        part = vic.htmx("POST", path, data={"watching": "true"}).text
        assert "2 people" in part
        assert "Stop watching" in part
        answer = vic.post(path, {"watching": "false"})

        assert (answer.status_code, answer.location) == (303, request_.path)
        assert watchers_of(request_) == [people.rae]
        assert browse(people.eve).post(path, {"watching": "true"}).status_code == 404


class TestLookBack:
    def test_shows_what_was_earlier(self, people, request_, browse):
        for number in range(45):
            requests.comment(request_, by=people.rae, text=f"Thought {number}.")

        last = browse(people.vic).get(request_.path).text
        earlier = browse(people.vic).get(f"{request_.path}?earlier=1").text
        part = browse(people.vic).htmx("GET", f"{request_.path}/parts/feed?earlier=1").text

        assert "Thought 44." in last
        assert "Thought 2." not in last
        assert "?earlier=1#feed" in last
        for shown in (earlier, part):
            assert "Thought 2." in shown
            assert "Show earlier" not in shown
        assert f'hx-get="{request_.path}/parts/feed?earlier=1"' in part


class TestAssign:
    def test_names_only_who_can_see_it(self, people, request_, browse):
        from app.projects import operations as projects
        from app.projects.models import Access

        projects.edit_project(request_.project, by=people.ada, access=Access.MEMBERS)

        answer = browse(people.ada).post(f"{request_.path}/assignment", {"user_id": str(people.bob.id)})

        assert answer.status_code == 422
        assert "Bob Builder cannot see this project." in answer.text
        assert request_.assignee is None
        assert "Bob Builder" not in main(browse(people.ada).get(request_.path).text)

    def test_tells_of_who_takes_it_and_says_nothing_twice(self, people, request_, browse):
        bob, sent = browse(people.bob), {"user_id": str(people.bob.id)}

        for _ in range(2):
            bob.post(f"{request_.path}/assignment", sent)

        assert [entry.text for entry in story_of(request_)] == ["took this on", "asked for this"]
