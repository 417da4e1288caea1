import pytest

from app.core.db import transaction
from app.projects.models import StartPolicy
from app.requests.models import ActivityType, RequestPriority, RequestStatus, RequestType
from app.requests.queries import story_of

WORDS = {"title": "Show all opening hours", "description": "Holidays, too"}


class TestComment:
    def test_stands_in_the_feed(self, people, at, browse):
        request = at("draft")

        answer = browse(people.bob).post(f"{request.path}/comments", {"text": "Which **days**?"})

        assert (answer.status_code, answer.location) == (303, f"{request.path}#feed")
        assert "Which <strong>days</strong>?" in browse(people.rae).get(request.path).text

    def test_gives_the_feed_to_htmx(self, people, at, browse):
        request = at("draft")

        answer = browse(people.bob).htmx("POST", f"{request.path}/comments", data={"text": "Which days?"})

        assert answer.text.strip().startswith('<section class="section" id="feed"')
        assert "Which days?" in answer.text

    @pytest.mark.parametrize("send", ["post", "htmx"])
    def test_needs_words(self, people, at, browse, send):
        request, browser = at("draft"), browse(people.bob)
        path, data = f"{request.path}/comments", {"text": " "}

        answer = browser.post(path, data) if send == "post" else browser.htmx("POST", path, data=data)

        assert answer.status_code == 422
        assert "Write something first." in answer.text

    @pytest.mark.parametrize(("who", "status"), [("rae", 303), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, at, browse, who, status):
        request = at("draft")

        answer = browse(getattr(people, who)).post(f"{request.path}/comments", {"text": "Hello"})

        assert answer.status_code == status
        assert (story_of(request)[0].type is ActivityType.COMMENT) == (status == 303)


class TestAssign:
    def test_names_somebody_and_nobody(self, people, at, browse):
        request, browser = at("ready"), browse(people.ada)

        browser.post(f"{request.path}/assignment", {"user_id": str(people.bob.id)})
        assert request.assignee_id == people.bob.id
        browser.post(f"{request.path}/assignment")
        assert request.assignee_id is None

    def test_gives_the_rail_to_htmx_and_tells_the_others(self, people, at, browse):
        request = at("ready")

        answer = browse(people.bob).htmx(
            "POST", f"{request.path}/assignment", data={"user_id": str(people.bob.id)}
        )

        assert answer.headers["HX-Trigger"] == "request-touched"
        assert answer.text.strip().startswith('<aside class="stack" id="rail"')
        assert "Bob Builder" in answer.text

    def test_knows_only_members(self, people, at, browse):
        request = at("ready")

        answer = browse(people.bob).post(f"{request.path}/assignment", {"user_id": str(people.eve.id)})

        assert answer.status_code == 422

    @pytest.mark.parametrize(("who", "status"), [("bob", 303), ("rae", 403), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, at, browse, who, status):
        request = at("ready")

        answer = browse(getattr(people, who)).post(
            f"{request.path}/assignment", {"user_id": str(people.bob.id)}
        )

        assert answer.status_code == status


class TestProperties:
    def test_change_one_at_a_time(self, people, at, browse):
        request, browser = at("draft"), browse(people.rae)

        browser.post(f"{request.path}/properties", {"priority": "urgent"})
        browser.post(f"{request.path}/properties", {"type": "bug"})

        assert (request.priority, request.type) == (RequestPriority.URGENT, RequestType.BUG)
        assert request.title == "Show opening hours"

    @pytest.mark.parametrize(("who", "status"), [("bob", 303), ("vic", 403), ("eve", 404)])
    def test_ask_who_may(self, people, at, browse, who, status):
        request = at("draft")

        answer = browse(getattr(people, who)).post(f"{request.path}/properties", {"priority": "low"})

        assert answer.status_code == status


class TestEdit:
    def test_changes_the_words(self, people, at, browse):
        request = at("draft")

        answer = browse(people.rae).post(f"{request.path}/edit", {**WORDS, "version": request.version})

        assert (answer.status_code, answer.location) == (303, request.path)
        assert (request.title, request.description) == ("Show all opening hours", "Holidays, too")

    def test_takes_the_description_away(self, people, at, browse):
        request, browser = at("draft"), browse(people.rae)
        browser.post(f"{request.path}/edit", WORDS)

        browser.post(f"{request.path}/edit", {**WORDS, "description": ""})

        assert request.description == ""

    def test_shows_both_when_somebody_was_quicker(self, people, at, browse):
        request = at("draft")
        seen = request.version
        browse(people.bob).post(f"{request.path}/edit", {"title": "By Bob", "version": seen})

        answer = browse(people.rae).post(f"{request.path}/edit", {**WORDS, "version": seen})

        assert answer.status_code == 409
        assert "By Bob" in answer.text
        assert 'value="Show all opening hours"' in answer.text
        assert f'name="version" value="{request.version}"' in answer.text
        assert request.title == "By Bob"

    def test_keeps_what_was_typed_when_it_does_not_hold(self, people, at, browse):
        request = at("draft")

        answer = browse(people.rae).post(f"{request.path}/edit", {**WORDS, "title": ""})

        assert answer.status_code == 422
        assert "Holidays, too" in answer.text
        assert request.title == "Show opening hours"

    def test_is_over_once_the_work_has_begun(self, people, at, browse):
        request = at("in_development")

        answer = browse(people.bob).post(f"{request.path}/edit", WORDS)

        assert answer.status_code == 409
        assert "The work has begun" in browse(people.bob).get(f"{request.path}/edit").text

    @pytest.mark.parametrize(("who", "status"), [("bob", 303), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, at, browse, who, status):
        assert browse(getattr(people, who)).post(f"{at('draft').path}/edit", WORDS).status_code == status


class TestDrop:
    def test_needs_a_reason(self, people, at, browse):
        request = at("draft")

        answer = browse(people.rae).post(f"{request.path}/cancellation", {"reason": " "})

        assert answer.status_code == 422
        assert "This is needed." in answer.text
        assert request.status is RequestStatus.DRAFT

    def test_drops_and_takes_up_again(self, people, at, browse):
        request, browser = at("ready"), browse(people.rae)

        browser.post(f"{request.path}/cancellation", {"reason": "Too late for this year"})
        assert request.status is RequestStatus.CANCELLED
        assert "Too late for this year" in browser.get(request.path).text
        answer = browser.post(f"{request.path}/reopening")

        assert (answer.status_code, answer.location) == (303, request.path)
        assert request.status is RequestStatus.DRAFT

    @pytest.mark.parametrize(("who", "status"), [("bob", 303), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, at, browse, who, status):
        request, browser = at("draft"), browse(getattr(people, who))

        assert browser.post(f"{request.path}/cancellation", {"reason": "No"}).status_code == status
        if status != 303:
            assert request.status is RequestStatus.DRAFT

    def test_is_over_when_it_is_live(self, people, at, browse):
        request = at("merged")

        assert browse(people.bob).post(f"{request.path}/cancellation", {"reason": "No"}).status_code == 409
        assert "Drop it" not in browse(people.bob).get(request.path).text


class TestMerge:
    def test_says_on_the_page_what_stands_in_the_way(self, people, at, browse):
        request, browser = at("in_review"), browse(people.bob)

        answer = browser.post(f"{request.path}/merge")

        assert (answer.status_code, answer.location) == (303, request.path)
        assert "has to accept" in browser.get(request.path).text

    @pytest.mark.parametrize(("who", "status"), [("rae", 403), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, at, browse, who, status):
        assert browse(getattr(people, who)).post(f"{at('in_review').path}/merge").status_code == status


class TestStart:
    def test_leads_developers_to_the_work(self, people, at, browse):
        request = at("ready")

        answer = browse(people.bob).post(f"{request.path}/start", {"agent": "person"})

        assert (answer.status_code, answer.location) == (303, f"{request.path}/work")
        assert request.status is RequestStatus.IN_DEVELOPMENT

    def test_keeps_requesters_where_they_understand(self, people, project, at, browse):
        with transaction():
            project.start_policy = StartPolicy.REQUESTER
        request = at("ready")

        answer = browse(people.rae).post(f"{request.path}/start")

        assert (answer.status_code, answer.location) == (303, request.path)

    @pytest.mark.parametrize(("who", "status"), [("rae", 403), ("vic", 403), ("eve", 404)])
    def test_asks_who_may(self, people, at, browse, who, status):
        request = at("ready")

        assert browse(getattr(people, who)).post(f"{request.path}/start").status_code == status
        assert request.status is RequestStatus.READY
