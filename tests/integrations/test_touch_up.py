"""What somebody pointed at is put in where the source says it once, as data; the rest is offered."""

import ast
import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.gherkin import parse
from app.engine import starters
from app.integrations.coding_agent import Change, Edit, TouchUp, criteria_of, findings_for, task_of
from app.integrations.coding_agent.touch_up.change import settle
from app.integrations.coding_agent.touch_up.sources import Sources, is_source

STATIC = starters.files("static", name="Corner Bakery")
FLASK = starters.files("flask", name="Corner Bakery")
HEADLINE = "Good things, made with care"
HERO = "#content > section:nth-of-type(1)"
HOSTILE = "<script>alert('x')</script> \"q\" {{ config }} {% raw %} ${y} & `z` \\ </title> *b*"


def touch(files: dict[str, bytes | str], *edits: Edit):
    """Put edits into files; returns the files afterwards and what became of each edit."""
    tree = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}
    findings, texts = settle(list(edits), Sources(sorted(tree), tree.__getitem__))
    return {**{path: data.decode(errors="replace") for path, data in tree.items()}, **texts}, findings


def text(was: str, to: str, **more: str) -> Edit:
    return Edit(kind="text", was=was, to=to, **more)


# --- a text ----------------------------------------------------------------------------------------------


def test_a_headline_of_the_static_starter_is_changed_and_nothing_else():
    files, [finding] = touch(
        STATIC, text(HEADLINE, "Bread & butter", selector=f"{HERO} > div > h1", page="/")
    )

    assert [place.key for place in finding.chosen] == ["index.html:27:13"]
    before = STATIC["index.html"].decode()
    assert files["index.html"] == before.replace(HEADLINE, "Bread &amp; butter")
    assert all(
        files[path] == data.decode(errors="replace") for path, data in STATIC.items() if path != "index.html"
    )


def test_what_stands_on_every_page_is_changed_on_the_page_that_was_pointed_at():
    edit = text("Contact", "Write us", selector="body > header > nav > a:nth-of-type(3)", page="/about.html")

    files, [finding] = touch(STATIC, edit)

    assert [place.path for place in finding.chosen] == ["about.html"]
    assert {place.path for place in finding.places} == {"about.html", "contact.html", "index.html"}
    assert "Write us" not in files["index.html"]


def test_or_everywhere_if_that_is_chosen():
    edit = text("Contact", "Write us", selector="body > header > nav > a:nth-of-type(3)", place="*")

    files, [finding] = touch(STATIC, edit)

    assert len(finding.chosen) == 3
    assert all("Write us</a>" in files[page] for page in ("about.html", "contact.html", "index.html"))


def test_without_anything_that_tells_them_apart_the_places_are_offered():
    files, [finding] = touch(STATIC, text("Contact", "Write us"))

    assert finding.trouble == "several"
    assert [place.key for place in finding.places] == [
        *("about.html:19:51", "contact.html:19:71", "contact.html:25:26", "index.html:19:51"),
    ]
    assert files["index.html"] == STATIC["index.html"].decode()


def test_a_place_that_was_chosen_is_the_one():
    files, [finding] = touch(STATIC, text("Contact", "Write us", place="contact.html:25:26"))

    assert finding.is_settled
    assert files["contact.html"].count("Write us") == 1


def test_a_chosen_place_that_is_gone_changes_nothing():
    files, [finding] = touch(STATIC, text("Contact", "Write us", place="contact.html:3:1"))

    assert finding.trouble == "gone"
    assert files["contact.html"] == STATIC["contact.html"].decode()


def test_the_same_words_in_another_element_are_not_taken_for_it():
    _, [finding] = touch(STATIC, text(HEADLINE, "Bread", selector="body > footer > p", page="/"))

    assert (finding.trouble, [place.line for place in finding.places]) == ("elsewhere", [27])


def test_a_headline_in_a_template_of_the_flask_starter():
    edit = text("A place to start from", HOSTILE, selector="#content > section > h1", page="/")

    files, [finding] = touch(FLASK, edit)

    assert [place.path for place in finding.chosen] == ["templates/home.html"]
    from jinja2 import Environment

    rendered = Environment(autoescape=True).from_string(
        files["templates/home.html"].partition("{% block content %}")[2].partition("{% endblock")[0]
    )
    assert words_of(rendered.render(url_for=lambda *_: "/"))[1] == HOSTILE


def test_a_label_that_a_template_takes_from_a_list():
    files, [finding] = touch(FLASK, text("About", "Who we are", selector="header > nav > a", page="/"))

    assert [place.path for place in finding.chosen] == ["templates/layout.html"]
    assert '("about", "Who we are")' in files["templates/layout.html"]


@pytest.mark.parametrize(
    ("path", "before", "was", "after"),
    [
        ("a.html", "<p>Fish &amp;  chips\n here</p>", "Fish & chips here", "<p>N &lt;w</p>"),
        ("a.html", "<p>caf&eacute; &nbsp;open</p>", "café open", "<p>N &lt;w</p>"),
        ("a.html", "<p>Say <b>cheese</b> now</p>", "cheese", "<p>Say <b>N &lt;w</b> now</p>"),
        ("a.html", '<img alt="A cat">', "A cat", '<img alt="N &lt;w">'),
        ("a.vue", "<template><h1>Old {{ x }}</h1><p>Old</p></template>", "Old", None),
        ("a.svelte", "<h1>Old one</h1>{#if a}<p>{b}</p>{/if}", "Old one", "<h1>N &lt;w</h1>"),
        (
            "a.jsx",
            "export default () => <main><h1>Old {x}</h1><p>So old</p></main>;",
            "So old",
            "<p>N &lt;w</p>",
        ),
        (
            "a.tsx",
            'const a = (b: string) => { return (\n<p title="t">Old  one</p>); }',
            "Old one",
            ">N &lt;w</p>",
        ),
        ("a.md", "# Old one\n\nText *here*", "Old one", "# N &lt;w"),
        (
            "a.html",
            "<script>a.innerHTML = `<p>Old ${b}</p><i>Old one</i>`</script>",
            "Old one",
            "<i>N &lt;w</i>",
        ),
        ("a.py", 'def a():\n    return "<h1>Old one</h1>"\n', "Old one", '"<h1>N &lt;w</h1>"'),
    ],
)
def test_every_kind_of_source(path, before, was, after):
    files, [finding] = touch({path: before}, text(was, "N <w"))

    if after is None:
        assert not finding.is_settled or "{{ x }}" in files[path]
    else:
        assert after in files[path], (files[path], finding)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.json", '{"Old": "Old", "b": ["x"]}', '{"Old": "N \\"w\\"", "b": ["x"]}'),
        ("a.js", "import x from 'Old'; const a = 'Old';", "import x from 'Old'; const a = 'N \"w\"';"),
        ("a.py", 'title = "Old"  # Old\n', 'title = "N \\"w\\""  # Old\n'),
    ],
)
def test_a_string_of_a_program_stays_one_string(path, before, after):
    files, _ = touch({path: before}, text("Old", 'N "w"'))

    assert files[path] == after


@pytest.mark.parametrize("path", ["a.json", "a.js", "a.py"])
@pytest.mark.parametrize("to", ["<script>x</script>", "{{ config }}", "{% x %}", "${x}", "&lt;script&gt;"])
def test_what_could_become_markup_is_not_written_into_a_string(path, to):
    before = '{"a": "Old words"}' if path == "a.json" else 'a = "Old words"'

    files, [finding] = touch({path: before}, text("Old words", to))

    assert not finding.is_settled
    assert files[path] == before


def test_what_is_made_or_locked_by_machines_is_never_touched():
    paths = [
        *("node_modules/a/index.html", "dist/index.html", "package-lock.json", "package.json", "app.min.js"),
        *("vendor/x.css", ".github/a.md", "README.md", "docs/requests/1-a.md", "requests/1-a.html"),
        *("pnpm-lock.json", "tests/a.html", "src/a.test.jsx", "assets/main.bundle.js", "logo.png"),
    ]
    assert [path for path in paths if is_source(path)] == []
    dense = "const a = 'Old';" + "x" * 3_000
    _, [finding] = touch(
        {"a.js": dense, "b.html": b"\xff<p>Old</p>", "c.html": "\0<p>Old</p>"}, text("Old", "New")
    )
    assert finding.trouble == "not_found"


# --- links, pictures, colours ------------------------------------------------------------------------------


def test_one_of_two_links_to_the_same_page():
    edit = Edit(
        kind="href", was="contact.html", to="https://x.org/a b", selector=f"{HERO} > div > p > a", page="/"
    )

    files, [finding] = touch(STATIC, edit)

    assert [place.line for place in finding.chosen] == [30]
    assert '<a class="button" href="https://x.org/a%20b">Get in touch</a>' in files["index.html"]


@pytest.mark.parametrize(
    "was", ["/contact.html", "./contact.html", "http://shop.preview.localhost/contact.html"]
)
def test_an_address_in_another_form_is_the_same_link(was):
    selector = f"{HERO} > div > p:nth-of-type(3) > a:nth-of-type(1)"

    _, [finding] = touch(STATIC, Edit(kind="href", was=was, to="/x", selector=selector, page="/index.html"))

    assert [place.line for place in finding.chosen] == [30]


def test_a_picture():
    files, _ = touch(STATIC, Edit(kind="src", was="images/hero.svg", to="images/new.svg", page="/"))

    assert 'src="images/new.svg" alt="Hills at sunrise"' in files["index.html"]


@pytest.mark.parametrize(
    "to", ["javascript:alert(1)", " JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "java\nscript:x"]
)
def test_a_link_that_would_run_something_is_not_put_in(to):
    files, [finding] = touch(STATIC, Edit(kind="href", was="about.html", to=to, place="*"))

    assert not finding.is_settled
    assert files["index.html"] == STATIC["index.html"].decode()


def test_a_link_in_a_document():
    files, _ = touch(
        {"a.md": "See [us](old.html) ![x](old.png)"}, Edit(kind="href", was="old.html", to="n(e)w.html")
    )

    assert files["a.md"] == "See [us](n%28e%29w.html) ![x](old.png)"


def test_a_colour_is_changed_where_it_is_defined():
    button = f"{HERO} > div > p:nth-of-type(3) > a.button:nth-of-type(1)"

    files, [finding] = touch(STATIC, Edit(kind="color", was="rgb(31, 111, 84)", to="#C00", selector=button))

    assert [place.path for place in finding.chosen] == ["style.css"]
    assert "--accent: #cc0000;" in files["style.css"]


def test_or_in_the_rule_of_what_was_pointed_at():
    button = f"{HERO} > div > p:nth-of-type(3) > a.button:nth-of-type(1)"

    files, [finding] = touch(
        STATIC, Edit(kind="color", was="rgb(255, 255, 255)", to="black", selector=button)
    )

    assert finding.is_settled
    assert "background: var(--accent);\n  color: #000000;" in files["style.css"]


@pytest.mark.parametrize(
    "written", ["#f80", "#FF8800", "rgb(255 136 0)", "rgba(255,136,0,1)", "hsl(32, 100%, 50%)"]
)
def test_every_notation_of_a_colour_is_found(written):
    files, _ = touch(
        {"a.css": f"a {{ color: {written}; b: c }}"}, Edit(kind="color", was="rgb(255, 136, 0)", to="red")
    )

    assert files["a.css"] == "a { color: #ff0000; b: c }"


def test_a_colour_can_be_nothing_but_a_colour():
    before = "a { color: red }"
    files, [finding] = touch(
        {"a.css": before}, Edit(kind="color", was="red", to="red; } body { display: none")
    )

    assert (files["a.css"], finding.is_settled) == (before, False)


def test_a_colour_in_an_attribute():
    files, _ = touch(
        {"a.html": '<p style="margin: 0; color: #fff">x</p>'}, Edit(kind="color", was="white", to="#000")
    )

    assert files["a.html"] == '<p style="margin: 0; color: #000000">x</p>'


# --- several at once ---------------------------------------------------------------------------------------


def test_two_labels_change_places():
    files, _ = touch({"a.html": "<p>One</p><p>Two</p>"}, text("One", "Two"), text("Two", "One"))

    assert files["a.html"] == "<p>Two</p><p>One</p>"


def test_an_edit_of_what_another_put_in():
    files, findings = touch({"a.html": "<p>One</p>"}, text("One", "Two"), text("Two", "Three"))

    assert files["a.html"] == "<p>Three</p>"
    assert all(finding.is_settled for finding in findings)


def test_two_that_want_the_same_place_differently():
    files, [first, second] = touch({"a.html": "<p>One more</p>"}, text("One more", "A"), text("One", "B"))

    assert (first.is_settled, second.trouble) == (True, "overlaps")
    assert files["a.html"] == "<p>A</p>"


def test_the_same_twice_is_once():
    files, findings = touch({"a.html": "<p>One</p>"}, text("One", "One one"), text("One", "One one"))

    assert files["a.html"] == "<p>One one</p>"
    assert all(finding.is_settled for finding in findings)


# --- whatever stands there, and whatever comes --------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(
    lambda words: " ".join(words.split())
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def handle_data(self, data: str) -> None:
        self.told.append(data)

    def handle_starttag(self, tag, attrs) -> None:
        self.told.append(f"\0{tag} {attrs}\0")

    def handle_endtag(self, tag) -> None:
        self.told.append(f"\0/{tag}\0")


def words_of(page: str) -> list[str]:
    """What a page shows, piece by piece, with its spaces as a browser shows them."""
    reader = _Words()
    reader.feed(page)
    reader.close()
    pieces = [" ".join(piece.split()) for piece in "".join(reader.told).split("\0")[::2]]
    return [piece for piece in pieces if piece]


@given(st.lists(WORDS, min_size=1, max_size=5, unique_by=lambda w: " ".join(w.split())), WORDS, st.data())
def test_a_page_shows_the_new_words_there_and_the_old_ones_elsewhere(shown, to, data):
    from html import escape

    at = data.draw(st.integers(0, len(shown) - 1))
    page = "".join(f'<section class="a"><p title="t">{escape(words)}</p></section>' for words in shown)
    selector = f"main > section:nth-of-type({at + 1}) > p"

    files, [finding] = touch({"a.html": f"<main>{page}</main>"}, text(shown[at], to, selector=selector))

    wanted = [" ".join(words.split()) for words in shown]
    if finding.is_settled:
        wanted[at] = " ".join(to.split())
    assert words_of(files["a.html"]) == wanted
    assert finding.is_settled


@given(WORDS, WORDS)
def test_data_holds_the_new_words_and_nothing_else_is_different(was, to):
    before = {"title": was, "more": ["x", {"y": "zz zz"}]}

    files, [finding] = touch({"a.json": json.dumps(before, indent=1)}, text(was, to))

    wanted = before if not finding.is_settled else {**before, "title": " ".join(to.split())}
    found = json.loads(files["a.json"])
    assert {**found, "title": " ".join(found["title"].split())} == {
        **wanted,
        "title": " ".join(wanted["title"].split()),
    }


@given(WORDS, WORDS)
def test_a_program_still_reads_and_says_the_new_words(was, to):
    source = f"title = {was!r}\nother = 'x y'\n"

    files, [finding] = touch({"a.py": source}, text(was, to))

    said = [node.value for node in ast.walk(ast.parse(files["a.py"])) if isinstance(node, ast.Constant)]
    wanted = to if finding.is_settled else was
    assert [" ".join(each.split()) for each in said] == [" ".join(wanted.split()), "x y"]


@given(st.text(st.sampled_from("<>/=\"'`{}%#$&;- abp\n\\*[]()!"), max_size=80), WORDS)
def test_no_source_breaks_it_and_what_it_cannot_read_stays(source, to):
    for path in ("a.html", "a.jsx", "a.md", "a.css", "a.py", "a.json", "a.vue", "a.svelte"):
        files, [finding] = touch({path: source}, text("ab", to))
        if not finding.is_settled:
            assert files[path] == source


# --- the agent ---------------------------------------------------------------------------------------------


@pytest.fixture
def work(assign):
    def work(*edits: Edit, **different) -> tuple[Change, list[str]]:
        said: list[str] = []
        assignment = assign(edits=list(edits), **different)
        return TouchUp().work(assignment, say=said.append, cancelled=lambda: False), said

    return work


def test_several_make_one_change(work):
    change, said = work(
        text(HEADLINE, "Bread", selector=f"{HERO} > div > h1", page="/"),
        Edit(kind="src", was="images/hero.svg", to="images/new.svg", page="/"),
    )

    assert list(change.files) == ["index.html"]
    assert change.message.startswith("Make 2 small changes: ")
    assert f"the text “{HEADLINE}” to “Bread”: index.html:27:13" in change.message
    assert change.summary == "Put in 2 changes."
    assert said[0] == "Look for 2 changes in 8 files." or said[0].startswith("Look for 2 changes in ")
    assert [each["applied"] for each in change.outcome["edits"]] == [True, True]


def test_what_cannot_be_put_in_is_outlined_with_its_places(work):
    change, said = work(text(HEADLINE, "Bread", page="/"), text("Contact", "Write us"))

    document = change.files["docs/requests/12-add-a-map.md"].decode()
    assert "## Still to be put in" in document
    assert "`contact.html:25:26`" in document
    assert b"Bread" in change.files["index.html"]
    assert not any(path.startswith("requests/") for path in change.files)
    assert change.summary == "Put in 1 change; 1 change could not be put in."
    assert [each["applied"] for each in change.outcome["edits"]] == [True, False]
    assert "Not put in: the text “Contact” to “Write us”." in " ".join(said)


def test_where_nothing_can_be_put_in_there_is_an_outline(work):
    change, _ = work(text("Nobody says this", "Write us"))

    assert "requests/12-add-a-map.html" in change.files
    assert "Found nowhere" not in change.summary
    assert change.outcome["edits"][0]["trouble"] == "not_found"
    assert b"a program puts it together" in change.files["docs/requests/12-add-a-map.md"]


def test_a_look_ahead_changes_nothing():
    [finding] = findings_for([text(HEADLINE, "Bread")], sorted(STATIC), STATIC.__getitem__)

    assert finding.places[0].excerpt == f"<h1>{HEADLINE}</h1>"


@given(
    st.lists(
        st.tuples(st.sampled_from(["text", "href", "src", "color"]), WORDS, WORDS, WORDS),
        min_size=1,
        max_size=4,
    )
)
def test_criteria_and_task_hold_whatever_the_edits_say(said):
    edits = [Edit(kind=kind, was=was, to=to, page=page, selector=page) for kind, was, to, page in said]

    assert parse(criteria_of(edits, said[0][1])) == []
    assert task_of(edits, said[0][1]).strip()
