import time

from app.engine import starters
from app.interviews.interviewer import AppOutline, Form
from app.interviews.interviewer.markup import tokens


class TestAStaticSite:
    def test_names_pages_as_its_menu_does_home_first(self, bakery):
        assert [(page.name, page.path, page.file) for page in bakery.pages] == [
            ("Home", "/", "index.html"),
            ("About", "/about.html", "about.html"),
            ("Contact", "/contact.html", "contact.html"),
        ]

    def test_finds_what_can_be_pointed_at(self, bakery):
        home, _, contact = bakery.pages

        assert home.headings == ["Fresh bread every morning", "Our bread", "Opening hours"]
        assert home.buttons == ["Order by phone"]
        assert home.images == ["Our oven"]
        assert contact.forms == [Form("Write to us", ["Your name", "E-mail", "Message"])]
        assert contact.buttons == ["Send message"]
        assert bakery.menu == ["Home", "About", "Contact"]

    def test_knows_the_site_its_styles_and_where_a_text_stands(self, bakery):
        assert bakery.site_name == "Corner Bakery"
        assert bakery.styles == ["css/site.css"]
        assert bakery.files_with("030 123 456") == ["contact.html"]
        assert not bakery.has_sign_in

    def test_survives_a_round_trip_as_plain_data(self, bakery):
        assert AppOutline.from_dict(bakery.as_dict()) == bakery

    def test_leaves_out_outline_pages_and_what_is_not_the_app(self, read):
        outline = read(
            {
                "index.html": b"<h1>Hello</h1>",
                "requests/7-new-menu.html": b"<h1>Outline</h1>",
                "node_modules/x/index.html": b"<h1>No</h1>",
                "dist/index.html": b"<h1>Built</h1>",
                "tests/page.html": b"<h1>Test</h1>",
            }
        )

        assert [page.file for page in outline.pages] == ["index.html"]


class TestTemplates:
    def test_follows_flask_routes_to_templates(self, notes):
        assert [(page.name, page.path, page.files) for page in notes.pages] == [
            ("Home", "/", ["templates/home.html", "app.py"]),
            ("Sign in", "/sign-in", ["templates/sign_in.html", "app.py"]),
            ("One note", "/notes/<int:note_id>", ["templates/notes/show.html", "app.py"]),
        ]
        assert [part.file for part in notes.parts] == ["templates/_note.html", "templates/base.html"]

    def test_reads_translated_texts_and_leaves_code_out(self, notes):
        assert notes.menu == ["All notes", "Sign in"]
        assert notes.has_sign_in
        assert all("{" not in heading for page in notes.pages for heading in page.headings)

    def test_reads_ejs_by_its_text(self, read):
        outline = read({"views/index.ejs": b"<h1><%= title %></h1><h2>Prices</h2><button>Buy</button>"})

        assert outline.pages[0].headings == ["Prices"]
        assert outline.pages[0].path == "/"


class TestTheStarters:
    def test_are_read_as_a_visitor_sees_them(self, read):
        static, flask = (read(starters.files(name, name="Corner Bakery")) for name in ("static", "flask"))

        assert [page.name for page in static.pages] == ["Home", "About", "Contact"]
        assert static.menu == ["Home", "About", "Contact"]
        assert "Get in touch" in static.pages[0].buttons
        assert [(page.name, page.path) for page in flask.pages] == [
            ("Home", "/"),
            ("About", "/about"),
            ("Notes", "/notes"),
        ]
        assert flask.menu == ["Home", "About", "Notes"]
        assert flask.pages[2].forms == [Form("Say hello", ["Your note"])]


class TestScriptedMarkup:
    def test_reads_jsx_with_code_in_attributes(self, read):
        source = b"""export default function App() { const big = items.length > 3;
  return (<main className={big ? "a" : "b"}><h1>Shop</h1>
    <Button onClick={() => { if (a > b) { buy(x) } }} disabled={!ok}>Buy now</Button>
    {items.map(i => <h2 key={i}>{i.name}</h2>)}<Link to="/cart">Your cart</Link></main>) }"""

        outline = read({"src/App.jsx": source, "index.html": b'<title>Shop</title><div id="root"></div>'})

        app = next(page for page in outline.pages if page.file == "src/App.jsx")
        assert app.headings == ["Shop"]
        assert app.buttons == ["Buy now"]
        assert app.links == ["Your cart"]

    def test_takes_vue_and_svelte_pages_and_components_apart(self, read):
        outline = read(
            {
                "src/pages/Contact.vue": b"<template><h1>{{ $t('Contact us') }}</h1></template>",
                "src/routes/about/+page.svelte": b"<h1>About</h1>{#if x}<p>y</p>{/if}",
                "src/components/Card.vue": b"<template><h3>Card</h3></template>",
            }
        )

        assert {page.path: page.headings for page in outline.pages} == {
            "/Contact": ["Contact us"],
            "/about/": ["About"],
        }
        assert [part.file for part in outline.parts] == ["src/components/Card.vue"]


class TestTrouble:
    def test_nothing_there_is_an_empty_outline(self, read):
        assert read({}) == AppOutline()
        assert read({"main.go": b"package main"}).pages == []

    def test_a_file_that_cannot_be_read_counts_as_empty(self):
        from app.interviews.interviewer import read_outline

        def read(path: str) -> bytes:
            raise FileNotFoundError(path)

        assert read_outline(["index.html", "about.html"], read).menu == []

    def test_broken_markup_is_read_as_far_as_it_goes(self, read):
        outline = read(
            {"index.html": b"<h1>Fine</h1><h2>Open <b>bold<p>text <a href='x'>Go</a <button>Press</button> <"}
        )

        assert outline.pages[0].headings == ["Fine"]

    def test_many_pages_are_capped(self, read):
        outline = read({f"p{number}.html": b"<h1>A</h1>" for number in range(200)})

        assert len(outline.pages) == 40

    def test_hostile_markup_takes_linear_work(self):
        # The standard parser needs a minute for some of these; here the count of tokens stays within the size.
        for bait in ("<a ", '<a b="', "<!--", "</", "<div a='", "={", "<a b={", "<script>", "{%", "<a b=c "):
            source = (bait * 40_000)[:100_000]
            started = time.process_time()
            assert sum(1 for _ in tokens(source)) <= len(source)
            assert time.process_time() - started < 20
