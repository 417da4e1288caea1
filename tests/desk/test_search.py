import pytest


class TestSearch:
    @pytest.mark.parametrize("words", ["opening", "HOURS", "#{number}", "{number}"])
    def test_finds_a_request(self, people, at, browse, words):
        request = at("draft", title="Show opening hours")

        assert (
            request.path
            in browse(people.vic).get("/search", query_string={"q": words.format(number=request.number)}).text
        )

    def test_finds_a_project(self, people, project, browse):
        assert 'href="/acme/website"' in browse(people.vic).get("/search?q=webs").text

    def test_finds_nothing_of_others(self, people, at, browse):
        at("draft", title="Show opening hours")

        page = browse(people.eve).get("/search?q=opening").text

        assert "/acme/website" not in page
        assert "Nothing found" in page

    @pytest.mark.parametrize("words", ["100%", "a_b", "\\", "²", "9" * 40, "'; --"])
    def test_takes_signs_as_they_are(self, people, at, browse, words):
        at("draft", title="Show opening hours")

        answer = browse(people.rae).get("/search", query_string={"q": words})

        assert answer.status_code == 200
        assert "Nothing found" in answer.text

    def test_gives_its_fragment(self, people, at, browse):
        at("draft", title="Show opening hours")

        part = browse(people.rae).htmx("GET", "/search?q=opening").text.strip()

        assert part.startswith('<div class="stack stack--loose" id="found"')
        assert "Show opening hours" in part

    def test_says_what_it_is_for(self, people, browse):
        assert "Look for a request" in browse(people.rae).get("/search").text

    def test_asks_who_is_there(self, people, browse):
        assert browse().get("/search?q=x").status_code == 302
