"""While somebody writes a request, they see what was asked for already."""

import pytest

from app.requests import operations as requests
from app.requests.queries import similar_to


@pytest.fixture
def project(people):
    return people.project()


def titles(project, title: str) -> list[str]:
    return [each.title for each in similar_to(project, title)]


class TestSimilar:
    @pytest.mark.parametrize(
        "title",
        [
            "Show the opening hours",
            "opening hours on the contact page",
            "Where are the OPENING HOURS?",
            "Show openi",  # still being typed
        ],
    )
    def test_finds_the_same_in_other_words(self, people, project, title):
        people.request(project, title="Show opening hours")
        people.request(project, title="Let me print the receipt")

        assert titles(project, title) == ["Show opening hours"]

    @pytest.mark.parametrize("title", ["", "  ", "%", "Show the receipts of last year", "the and for"])
    def test_finds_nothing_for_something_else(self, people, project, title):
        people.request(project, title="Show opening hours")

        assert titles(project, title) == []

    def test_finds_it_by_what_was_said_below_the_title(self, people, project):
        requests.file_request(
            project, by=people.rae, title="Contact page", description="It lacks opening hours."
        )

        assert titles(project, "Opening hours") == ["Contact page"]

    def test_leaves_out_what_is_over_and_what_is_elsewhere(self, people, project):
        requests.drop(people.request(project, title="Opening hours"), by=people.rae, reason="Not needed.")
        people.request(people.project("Shop"), title="Opening hours")

        assert titles(project, "Opening hours") == []

    def test_gives_at_most_five_most_alike_first(self, people, project):
        for number in range(6):
            people.request(project, title=f"Opening day {number}")
        people.request(project, title="Opening hours")

        found = titles(project, "Opening hours")

        assert found[0] == "Opening hours"
        assert len(found) == 5


class TestSeeSimilar:
    def ask(self, browse, who, title="opening hours"):
        return browse(who).htmx("GET", "/acme/website/requests/similar", query_string={"title": title})

    def test_is_shown_beside_the_form(self, people, project, browse):
        request = people.request(project, title="Show opening hours")

        part = self.ask(browse, people.rae)

        assert part.text.lstrip().startswith('<div class="stack stack--tight" id="similar">')
        assert f'href="{request.path}" data-key-open target="_blank" rel="noopener"' in part.text

    def test_is_empty_where_nothing_is_alike(self, people, project, browse):
        part = self.ask(browse, people.rae)

        assert part.status_code == 200
        assert "<a" not in part.text

    def test_leads_to_the_list_without_a_script(self, people, project, browse):
        answer = browse(people.rae).get("/acme/website/requests/similar?title=hours")

        assert (answer.status_code, answer.location) == (303, "/acme/website?q=hours&list=1")

    def test_is_shown_with_a_form_that_was_refused(self, people, project, browse):
        request = people.request(project, title="Show opening hours")

        page = browse(people.rae).post(
            "/acme/website/requests", {"title": "Opening hours", "type": "no such thing"}
        )

        assert page.status_code == 422
        assert request.path in page.text

    def test_is_asked_for_while_somebody_types(self, people, project, browse):
        page = browse(people.rae).get("/acme/website/requests/new").text

        assert 'hx-get="/acme/website/requests/similar" hx-trigger="input changed delay:300ms"' in page

    def test_shows_nothing_to_a_stranger(self, people, project, browse):
        people.request(project, title="Show opening hours")

        assert self.ask(browse, people.eve).status_code == 404


class TestSimilarByApi:
    def test_lists_them(self, people, project, api):
        people.request(project, title="Show opening hours")
        path = f"/projects/{project.id}/similar-requests?title=opening+hours"

        assert [one["title"] for one in api("GET", path, people.key(people.vic)).json["data"]] == [
            "Show opening hours"
        ]
        assert api("GET", path, people.key(people.eve, organization=people.elsewhere)).status_code == 404

    def test_needs_a_title(self, people, project, api):
        answer = api("GET", f"/projects/{project.id}/similar-requests", people.key(people.vic))

        assert answer.status_code == 422
