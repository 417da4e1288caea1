from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import Cancelled
from app.core.markdown import WITHIN
from app.engine import starters
from app.integrations.coding_agent import Outline

DOCUMENT, PAGE = "docs/requests/12-add-a-map.md", "requests/12-add-a-map.html"


class Tags(HTMLParser):
    """The tags of a page in order, and the addresses that it names."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags, self.addresses = [], []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = [value for name, value in attrs if name in {"href", "src"}]
        self.addresses += [value for value in named if not value.startswith("data:")]


class TestAStaticSite:
    def test_gets_a_document_a_page_and_a_link_to_it(self, assign, outline):
        change, said = outline(assign())

        assert sorted(change.files) == [DOCUMENT, "index.html", PAGE]
        assert change.message.startswith("Outline request 12: Add a map to the contact page\n")
        assert change.summary == f"Outlined in {DOCUMENT} and on the page {PAGE}."
        assert said[0] == "Read the criteria: 2 to check."
        assert said[-1] == "Done. This is an outline, not the finished change."

    def test_document_has_the_criteria_as_a_list_to_tick(self, assign, outline):
        document = outline(assign())[0].files[DOCUMENT].decode()

        assert document.startswith("# 12: Add a map to the contact page\n\nOutline: not the finished change.")
        assert '- [ ] **A map is on the "Contact" page**\n  - Given a visitor has opened' in document
        assert "~~~gherkin\nFeature: A map" in document

    def test_page_wears_the_sites_own_style_and_leads_back_to_it(self, assign, outline):
        page = outline(assign())[0].files[PAGE]

        assert Tags(page).addresses == ["../style.css", "../index.html", "../about.html", "../contact.html"]
        assert b"Outline: not the finished change." in page
        assert page.count(b"<section") == 2

    def test_link_stands_at_the_top_after_the_skip_link_and_the_rest_is_as_it_was(self, assign, outline):
        before = starters.files("static", name="Corner Bakery")["index.html"]

        after = outline(assign())[0].files["index.html"]

        head, _, rest = after.partition(b"<!-- greenroom:outline -->")
        banner, _, tail = rest.partition(b"<!-- /greenroom:outline -->\n")
        assert head.endswith(b'<body>\n  <a class="skip" href="#content">Skip to content</a>\n')
        assert head + tail == before
        assert b"Outline: not the finished change." in banner
        assert f'href="{PAGE}"'.encode() in banner

    def test_second_round_replaces_and_lists_the_feedback(self, assign, outline):
        files = starters.files("static", name="Corner Bakery")
        first = files | outline(assign(files))[0].files

        change, _ = outline(assign(first, round=2, feedback=["Make it <b>bigger</b>"]))

        assert change.files["index.html"] == first["index.html"]
        assert sorted(change.files) == [DOCUMENT, "index.html", PAGE]
        assert "Make it <b>bigger</b>" in change.files[DOCUMENT].decode()
        assert b"Make it &lt;b&gt;bigger&lt;/b&gt;" in change.files[PAGE]
        assert b"round 2" in change.files[PAGE]
        assert b"requests/12" not in b"".join(
            Tags(change.files[PAGE]).addresses[i].encode() for i in range(4)
        )

    def test_a_site_in_a_folder_gets_its_page_there(self, assign, outline):
        files = {"public/index.html": b"<html><body class='a > b'><p>Hi</p></body></html>", "README.md": b""}

        change, _ = outline(assign(files))

        assert "public/requests/12-add-a-map.html" in change.files
        assert change.files["public/index.html"].startswith(
            b"<html><body class='a > b'>\n<!-- greenroom:outline -->"
        )

    @pytest.mark.parametrize("index", [b"<h1>No body</h1>", b"<!-- <body> --><p>x", b"\xff\xfe<\x00b\x00"])
    def test_a_page_without_a_place_for_the_link_stays_as_it_is(self, assign, outline, index):
        change, said = outline(assign({"index.html": index}))

        assert "index.html" not in change.files
        assert PAGE in change.files
        assert any("has no place for a link" in line for line in said)


class TestTheDescription:
    def test_looks_as_its_writer_meant_it(self, assign, outline):
        change, _ = outline(
            assign(description="A *map*, please:\n\n- by bus\n- on foot\n\n# Loud ![x](y.png)")
        )

        page = change.files[PAGE].decode()
        assert "<em>map</em>" in page
        assert "<li>by bus</li>" in page
        assert page.count("<h1>") == 1
        assert "y.png" not in page


class TestOtherApps:
    def test_flask_gets_its_page_in_the_static_folder_and_no_code_changes(self, assign, outline):
        change, _ = outline(assign(starters.files("flask", name="Notes")))

        assert sorted(change.files) == [DOCUMENT, "static/requests/12-add-a-map.html"]
        assert Tags(change.files["static/requests/12-add-a-map.html"]).addresses == ["../style.css"]

    @pytest.mark.parametrize(
        "files", [{}, {"main.go": b"package main"}, {"app.py": b"from flask import Flask"}]
    )
    def test_without_a_served_folder_there_is_only_the_document(self, assign, outline, files):
        change, said = outline(assign(files))

        assert list(change.files) == [DOCUMENT]
        assert any("no page to click through" in line for line in said)


class TestWhatPeopleWrote:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        words=st.text(max_size=80)
        | st.sampled_from(["</title><script>alert(1)</script>", '"><img src=x>', "{{ 7 }}"])
    )
    def test_never_becomes_markup(self, assign, outline, words):
        plain = assign(feedback=["Bigger"], round=2)
        hostile = assign(title=f"a {words}", requester_name=words, feedback=[f"c {words}"], round=2)
        marked = assign(description=f"b {words}", feedback=["Bigger"], round=2)

        expected, page, shown = (Tags(outline(each)[0].files[PAGE]).tags for each in (plain, hostile, marked))

        assert page == expected
        assert set(shown) <= {*expected, *WITHIN}

    def test_a_strange_branch_is_still_a_tame_file(self, assign, outline):
        change, _ = outline(assign(branch="requests/../../Ünïcode & co"))

        assert all(".." not in path and " " not in path for path in change.files)
        assert any(path.startswith("docs/requests/12-") for path in change.files)

    def test_criteria_that_do_not_parse_are_kept_word_for_word(self, assign, outline):
        change, _ = outline(assign(criteria="nonsense\n~~~~\n# x"))

        assert "~~~~~gherkin\nnonsense\n~~~~\n# x\n~~~~~" in change.files[DOCUMENT].decode()


class TestCancel:
    def test_stops_before_the_next_step(self, assign):
        said = []

        with pytest.raises(Cancelled):
            Outline().work(assign(), say=said.append, cancelled=lambda: len(said) == 2)

        assert len(said) == 2
