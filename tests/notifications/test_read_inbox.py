import pytest

from app.core.db import session
from app.notifications import operations
from app.notifications.models import Kind
from app.notifications.queries import notifications_of, unread_count


@pytest.fixture
def told(people):
    """Tell Rae two things, one that needs her, and Eve a third."""
    here = {"organization_id": people.organization.id, "path": "/acme/website/requests/1"}
    operations.tell([people.rae], kind=Kind.LINE_COMMENT, text="Bob answered", **here)
    operations.tell(
        [people.rae], kind=Kind.PREVIEW_READY, text="Try <b>it</b>", needs_you=True, subject_id="r1", **here
    )
    operations.tell(
        [people.eve], kind=Kind.LIVE, text="Only Eve", organization_id=people.elsewhere.id, path="/elsewhere"
    )
    return {one.text: one for one in session.scalars(notifications_of(people.rae)).all()}


class TestInbox:
    def test_shows_what_needs_you_first(self, people, told, browse):
        page = browse(people.rae).get("/inbox").text

        assert page.index("Needs you") < page.index("Try &lt;b&gt;it") < page.index("Bob answered")
        assert "Only Eve" not in page

    def test_says_what_it_is_for_while_it_is_empty(self, people, browse):
        assert "Nothing here" in browse(people.bob).get("/inbox").text

    def test_opens_what_it_is_about_and_counts_as_read(self, people, told, browse):
        answer = browse(people.rae).get(f"/inbox/{told['Bob answered'].id}")

        assert answer.location == "/acme/website/requests/1"
        assert unread_count(people.rae) == 1

    def test_marks_one_as_read_and_gives_the_fragment_to_htmx(self, people, told, browse):
        answer = browse(people.rae).htmx("POST", f"/inbox/{told['Bob answered'].id}/reading")

        assert answer.status_code == 200
        assert answer.text.lstrip().startswith('<div class="stack stack--loose" id="inbox">')
        assert unread_count(people.rae) == 1

    def test_marks_all_as_read(self, people, told, browse):
        answer = browse(people.rae).post("/inbox/reading")

        assert (answer.status_code, answer.location) == (303, "/inbox")
        assert unread_count(people.rae) == 0
        assert unread_count(people.eve) == 1

    def test_keeps_what_needs_you_until_it_is_done(self, people, told, browse):
        browser = browse(people.rae)
        browser.post("/inbox/reading")
        assert "Needs you" in browser.get("/inbox").text

        operations.settle("r1")

        assert "Needs you" not in browser.get("/inbox").text

    def test_shows_only_what_needs_you(self, people, told, browse):
        page = browse(people.rae).get("/inbox?show=needs-you").text

        assert "Try &lt;b&gt;it" in page
        assert "Bob answered" not in page
        assert ("All 2" in page, "Needs you 1" in page, "Unread 2" in page) == (True, True, True)

    def test_shows_only_what_was_not_read_and_stays_there(self, people, told, browse):
        browser = browse(people.rae)

        answer = browser.post(f"/inbox/{told['Bob answered'].id}/reading?show=unread")

        assert answer.location == "/inbox?show=unread"
        page = browser.get("/inbox?show=unread").text
        assert "Bob answered" not in page
        assert "Try &lt;b&gt;it" in page
        browser.post("/inbox/reading")
        assert "You have read everything." in browser.get("/inbox?show=unread").text

    def test_says_what_each_is_about(self, people, told, browse):
        page = browse(people.rae).get("/inbox").text

        assert "A comment on lines" in page
        assert "Ready to try" in page

    def test_is_nobody_elses(self, people, told, browse):
        one = told["Bob answered"].id

        for other in (people.ada, people.eve):
            assert browse(other).get(f"/inbox/{one}").status_code == 404
            assert browse(other).post(f"/inbox/{one}/reading").status_code == 404


class TestByPrograms:
    def test_lists_and_reads(self, people, told, api):
        key = people.key(people.rae)

        listed = api("GET", "/notifications?limit=1", key).json
        one = listed["data"][0]
        read = api("PUT", f"/notifications/{one['id']}/read", key).json["data"]
        unread = api("GET", "/notifications?unread=true", key).json
        rest = api("PUT", "/notifications/read-all", key).json["data"]

        assert listed["meta"] == {"page": 1, "limit": 1, "total": 2, "totalPages": 2}
        assert (one["text"], one["needsYou"], one["readAt"]) == ("Try <b>it</b>", True, None)
        assert read["readAt"] is not None
        assert unread["meta"]["total"] == 1
        assert rest == {"read": 1}

    @pytest.mark.parametrize(
        ("query", "texts"),
        [
            ("needsYou=true", ["Try <b>it</b>"]),
            ("needsYou=false", ["Bob answered"]),
            ("kind=line_comment", ["Bob answered"]),
            ("kind=live", []),
        ],
    )
    def test_leaves_out_the_rest(self, people, told, api, query, texts):
        found = api("GET", f"/notifications?{query}", people.key(people.rae)).json["data"]

        assert [one["text"] for one in found] == texts

    def test_knows_no_other_kinds(self, people, api):
        assert api("GET", "/notifications?kind=gossip", people.key(people.rae)).status_code == 422

    def test_is_nobody_elses(self, people, told, api):
        path = f"/notifications/{told['Bob answered'].id}/read"

        assert api("PUT", path, people.key(people.bob)).status_code == 404

    def test_sees_only_the_keys_organization(self, people, told, api):
        key = people.key(people.eve, organization=people.elsewhere)

        assert [one["text"] for one in api("GET", "/notifications", key).json["data"]] == ["Only Eve"]
