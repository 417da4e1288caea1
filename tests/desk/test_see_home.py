import pytest

from app.organizations.models import Role
from app.requests import operations as requests


def section(page: str, name: str) -> str:
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


class TestHome:
    def test_asks_who_is_there(self, people, browse):
        assert browse().get("/").location == "/sign-in"

    def test_shows_what_waits_for_whom(self, people, at, browse):
        at("draft", title="Opening hours")
        at("ready", title="Bigger headline")

        for_rae, for_bob = (
            section(browse(who).get("/").text, "needs-you") for who in (people.rae, people.bob)
        )

        assert "Opening hours" in for_rae
        assert "Answer the questions" in for_rae
        assert "Bigger headline" not in for_rae
        assert "Bigger headline" in for_bob

    def test_counts_it_in_the_title(self, people, at, browse):
        at("draft")

        assert "<title>(1)" in browse(people.rae).get("/").text

    def test_leaves_to_others_what_has_its_person(self, people, at, browse):
        requests.assign(at("ready", title="Bigger headline"), by=people.ada, to=people.bob)

        assert "Bigger headline" in section(browse(people.bob).get("/").text, "needs-you")
        assert "Bigger headline" not in section(browse(people.ada).get("/").text, "needs-you")

    def test_says_what_went_wrong(self, people, at, previewed, browse):
        previewed(at("in_review"), "failed", error_message="No such package")

        assert "could not be made ready" in section(browse(people.rae).get("/").text, "needs-you")

    def test_shows_what_one_asked_for(self, people, at, browse):
        at("in_development", title="Opening hours")
        at("in_development", title="Bigger headline", by=people.ada)

        mine = section(browse(people.rae).get("/").text, "my-requests")

        assert "Opening hours" in mine
        assert "Bigger headline" not in mine

    def test_shows_what_happened_where_one_may_look(self, people, at, browse):
        at("ready", title="Opening hours")

        assert "accepted how it will be checked" in section(browse(people.vic).get("/").text, "lately")
        assert "Opening hours" not in browse(people.eve).get("/").text

    @pytest.mark.parametrize(
        ("who", "words"), [("ada", "Make the first project"), ("bob", "There is no project yet")]
    )
    def test_says_what_comes_first(self, people, browse, who, words):
        assert words in browse(getattr(people, who)).get("/").text

    def test_tells_who_belongs_nowhere_how_to_get_in(self, people, browse):
        from app.accounts import operations as accounts

        lone = accounts.create_user(email="lone@example.com", name="Lone", password="correct horse battery")

        assert "invitation link" in browse(lone).get("/").text

    def test_offers_no_request_to_who_may_only_look(self, people, project, browse):
        assert people.vic.memberships[0].role is Role.VIEWER
        assert "requests/new" not in browse(people.vic).get("/").text
