import re

import pytest

from app.desk.sheet import sheet_of
from app.requests import operations as requests
from app.requests.models import WorkflowAction
from tests.desk.conftest import ROADS

TRADE = re.compile(
    r"\b(gherkin|prompt|branch|session|pull request|deploy|environment|commit)\b", re.IGNORECASE
)


def shown(page: str) -> str:
    """What a person reads of a page: its main part without tags."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.fixture
def standing(app, people):
    def look(request, user):
        with app.test_request_context():
            return sheet_of(request, user).standing

    return look


class TestRequestPage:
    @pytest.mark.parametrize("status", list(ROADS))
    @pytest.mark.parametrize("who", ["ada", "bob", "rae", "vic"])
    def test_stands_in_every_state_for_everybody(self, people, at, browse, status, who):
        request = at(status, title="Opening hours")

        answer = browse(getattr(people, who)).get(request.path)

        assert answer.status_code == 200
        assert "Opening hours" in answer.text
        assert 'id="standing"' in answer.text

    @pytest.mark.parametrize("status", list(ROADS))
    @pytest.mark.parametrize("who", ["rae", "vic"])
    def test_spares_requesters_the_words_of_the_trade(self, people, at, browse, status, who):
        page = browse(getattr(people, who)).get(at(status).path).text

        assert TRADE.search(shown(page)) is None

    def test_does_not_exist_for_a_stranger(self, people, at, browse):
        request = at("draft")

        for path in (
            request.path,
            f"{request.path}/work",
            f"{request.path}/standing",
            f"{request.path}/edit",
        ):
            assert browse(people.eve).get(path).status_code == 404

    def test_does_not_exist_before_it_was_asked_for(self, people, project, browse):
        assert browse(people.rae).get("/acme/website/requests/7").status_code == 404

    def test_shows_how_it_is_checked(self, people, at, browse):
        assert "I see when the shop is open" in browse(people.rae).get(at("ready").path).text

    def test_writes_what_people_wrote_without_danger(self, people, project, browse):
        request = requests.file_request(
            project, by=people.rae, title="<b>Bold</b>", description="**now** <script>alert(1)</script>"
        )

        page = browse(people.bob).get(request.path).text

        assert "<strong>now</strong>" in page
        assert "<script>alert" not in page
        assert "<b>Bold" not in page

    def test_shows_the_work_to_developers(self, people, at, browse):
        request = at("ready")

        page = browse(people.bob).get(f"{request.path}/work").text

        assert "Show them." in page  # what was asked of whoever builds it
        assert f'href="{request.path}/work"' in browse(people.bob).get(request.path).text
        assert f'href="{request.path}/work"' not in browse(people.rae).get(request.path).text


class TestStanding:
    @pytest.mark.parametrize(
        ("status", "who", "main"),
        [
            ("draft", "rae", "Answer the questions"),
            ("interviewing", "rae", "Go on with the questions"),
            ("ready", "bob", "Start the work"),
            ("changes_requested", "bob", "Start the next round"),
            ("pr_open", "bob", "Merge it"),
        ],
    )
    def test_names_the_one_next_thing(self, people, at, standing, status, who, main):
        steps = standing(at(status), getattr(people, who)).steps

        assert [step.label for step in steps if step.is_main] == [main]

    @pytest.mark.parametrize("status", ["draft", "ready", "in_development", "changes_requested", "pr_open"])
    def test_asks_nothing_of_who_only_looks(self, people, at, standing, status):
        assert standing(at(status), people.vic).steps == ()

    def test_lets_who_asked_try_accept_or_change(self, people, at, previewed, standing):
        request = at("in_review")
        previewed(request, "ready")

        said = standing(request, people.rae)

        assert said.sentence == "It is ready to try."
        assert [step.label for step in said.steps] == ["Open the preview", "Accept it", "Change something"]
        assert said.steps[0].url.startswith("http://1-website.")
        assert said.steps[1].url == f"{request.path}/accept?commit={request.commit_sha}"

    def test_waits_while_the_preview_is_built(self, people, at, previewed, standing):
        request = at("in_review")
        previewed(request, "building")

        said = standing(request, people.rae)

        assert (said.tone, said.poll_seconds) == ("running", 3)

    def test_says_to_each_what_of_a_failure_is_theirs(self, people, at, previewed, standing):
        request = at("in_review")
        previewed(request, "failed", error_code="install_failed", error_message="flask==9.9 does not exist")

        for_bob, for_rae = standing(request, people.bob), standing(request, people.rae)

        assert "flask==9.9" in for_bob.detail
        assert "flask" not in for_rae.detail
        assert for_rae.whose == "Waiting for a developer"

    def test_offers_the_merge_once_it_is_accepted(self, people, at, standing):
        request = at("in_review")
        requests.move(
            request, WorkflowAction.APPROVE, by=people.rae, payload={"commitSha": request.commit_sha}
        )

        for_bob, for_rae = standing(request, people.bob), standing(request, people.rae)

        assert [step.label for step in for_bob.steps] == ["Merge it"]
        assert for_bob.steps[0].asks
        assert (for_rae.sentence, for_rae.steps) == ("You accepted it.", ())

    def test_says_why_it_was_dropped(self, people, at, standing):
        said = standing(at("cancelled"), people.rae)

        assert said.detail == "Nobody wants it"
        assert [step.label for step in said.steps] == ["Take it up again"]


class TestPartsThatChange:
    def test_are_asked_for_only_when_something_happened(self, people, at, browse):
        request = at("in_development")
        browser = browse(people.rae)
        page = browser.get(request.path).text
        address = re.search(r'hx-get="([^"]+/standing\?seen=\w+)" hx-trigger="every 3s', page).group(1)

        assert browser.htmx("GET", address).status_code == 204
        requests.comment(request, by=people.bob, text="Nearly there")
        answer = browser.htmx("GET", address)

        assert answer.headers["HX-Trigger"] == "request-changed"
        assert answer.text.strip().startswith("<section")
        assert 'id="standing"' in answer.text

    def test_end_asking_when_it_is_somebodys_turn(self, people, at, browse):
        assert "every 3s" not in browse(people.rae).get(at("draft").path).text

    @pytest.mark.parametrize(("part", "root"), [("preview", "div"), ("feed", "section"), ("rail", "aside")])
    def test_are_fragments_with_one_root(self, people, at, browse, part, root):
        request = at("in_review")

        text = browse(people.bob).htmx("GET", f"{request.path}/parts/{part}").text.strip()

        assert re.match(rf'<{root} [^>]*id="{part}"', text)
        assert text.endswith(f"</{root}>")
        assert browse(people.bob).get(f"{request.path}/parts/{part}").location == request.path
