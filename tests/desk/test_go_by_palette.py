import pytest


class TestGoByPalette:
    def ask(self, browse, who, words):
        return browse(who).htmx("GET", "/palette", query_string={"q": words})

    @pytest.mark.parametrize("words", ["opening", "#{number}", "{number}"])
    def test_finds_a_request(self, people, at, browse, words):
        request = at("draft", title="Show opening hours")

        found = self.ask(browse, people.vic, words.format(number=request.number)).text

        assert f'href="{request.path}"' in found
        assert found.count('role="option"') == 1

    def test_finds_projects_and_people(self, people, project, browse):
        assert 'href="/acme/website"' in self.ask(browse, people.vic, "webs").text
        assert f'href="/acme/members#person-{people.bob.id}"' in self.ask(browse, people.vic, "bob b").text

    def test_offers_what_changed_last_before_anything_is_typed(self, people, at, browse):
        over, fresh = at("cancelled", title="Old wish"), at("draft", title="New wish")

        found = self.ask(browse, people.vic, "").text

        assert found.index(fresh.path) < found.index(over.path)
        assert "People" not in found

    def test_shows_nothing_of_others(self, people, at, browse):
        at("draft", title="Show opening hours")

        for words in ("", "opening", "webs", "bob"):
            assert "/acme" not in self.ask(browse, people.eve, words).text

    def test_is_a_page_without_a_script(self, people, at, browse):
        at("draft", title="Show opening hours")

        page = browse(people.vic).get("/palette?q=opening").text

        assert "<h1>Go to</h1>" in page
        assert "Show opening hours" in page
