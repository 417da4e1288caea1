"""A spec knows what stands on the pages that somebody named; what cannot be read is said, and hurts nothing."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.core import jobs
from app.core.db import session
from app.core.installation import configure, installation
from app.integrations.web_pages import WebPage
from app.specs import queries
from app.specs.models import Spec, SpecBundle, SpecStatus
from app.specs.operations import writing
from app.specs.texts import read_page
from app.specs.writer import BuiltIn
from tests.specs.test_hand_in_a_file import pdf
from tests.support.page_server import PageServer, page_server, shows  # noqa: F401 - a fixture

GUIDE = b"""<!doctype html><html><head><title>Booking &amp; paying</title><style>p {color: red}</style></head><body>
<nav><a href="/">Book a table now</a></nav>
<main><h1>Booking</h1><p>A guest can book a   table<br>for ten people. Cats sleep.</p>
<ul><li><p>Tables are held for 15 minutes.</p></li><li>No dogs</li></ul><script>alert(1)</script>
<pre>GET /tables
  ?day=today</pre></main><footer>Imprint</footer></body></html>"""
MARKDOWN = """# Booking

A guest can book a table
for ten people. Cats sleep.

- Tables are held for 15 minutes.

- No dogs

GET /tables
  ?day=today"""


@pytest.fixture
def docs(app, page_server) -> Iterator[PageServer]:  # noqa: F811
    """A server of documentation that the installation may read."""
    here = installation()
    configure(replace(here, doc_hosts=(page_server.place,)))
    page_server.pages["/guide"] = shows(GUIDE)
    yield page_server
    configure(here)


def status(spec: Spec) -> dict:
    return queries.as_status(queries.status_of(spec.id))


class TestReadPage:
    def read(self, content: bytes, kind: str = "text/html", charset: str = "utf-8"):
        return read_page(WebPage("http://docs.example/a/guide.pdf", kind, charset, content))

    def test_takes_the_main_part_of_html_as_markdown(self):
        page = self.read(GUIDE)

        assert (page.title, page.text, page.host) == ("Booking & paying", MARKDOWN, "docs.example")

    @pytest.mark.parametrize(
        ("content", "kind", "charset", "title", "text"),
        [
            (b"<p>One<p>Two", "text/html", "utf-8", "One", "One\n\nTwo"),
            (b"<![x[y]]><p>Words</b></i>", "text/html", "utf-8", "Words", "Words"),
            (b"<nav>Menu<p>Words</nav>After", "application/xhtml+xml", "utf-8", "After", "After"),
            ("# Gäste\n\nWords".encode("latin-1"), "text/markdown", "latin-1", "Gäste", "# Gäste\n\nWords"),
            (b"Plain\x00 words", "text/plain", "no-such-charset", "Plain words", "Plain words"),
            (pdf("Guests can pay."), "application/pdf", "utf-8", "Guests can pay.", "Guests can pay."),
        ],
        ids=["html", "broken html", "xhtml", "markdown", "text", "pdf"],
    )
    def test_takes_each_kind(self, content, kind, charset, title, text):
        page = self.read(content, kind, charset)

        assert (page.title, page.text, page.trouble) == (title, text, "")

    @pytest.mark.parametrize(
        ("content", "kind", "words"),
        [
            (b"<script>only()</script>", "text/html", "there is no text in it"),
            (b"", "text/html", "there is no text in it"),
            (b"<!--" * 50_000, "text/html", "there is no text in it"),  # made to take long
            (b"no pdf", "application/pdf", "guide.pdf cannot be read as a PDF"),
            (pdf(password="x"), "application/pdf", "guide.pdf is locked by a password"),
        ],
    )
    def test_says_why_there_is_nothing(self, content, kind, words):
        page = self.read(content, kind)

        assert page.trouble.startswith(words)
        assert page.text == ""


class TestASpec:
    def test_quotes_what_touches_its_stories(self, docs, written):
        spec = written("Guests can book a table.", doc_urls=[docs.url("/guide")])

        (source,) = spec.written.sources
        story = next(each for each in spec.written.stories if each.want == "book a table")
        assert (source.url, source.title) == (docs.url("/guide"), "Booking & paying")
        assert [(tie.quote, tie.stories) for tie in source.ties] == [
            ("A guest can book a table for ten people.", [story.id])
        ]
        assert spec.written.notes == []
        said = status(spec)
        assert "## What was read" in said["humanSpecMarkdown"]
        assert "“A guest can book a table for ten people.”" in said["codingAgentSpecMarkdown"]
        assert said["humanSpecJson"]["sources"][0]["title"] == "Booking & paying"

    def test_gives_what_was_read_by_a_link(self, docs, written, browse):
        docs.pages["/b"] = shows(b"# Prices\n\nTen.", "text/markdown")
        spec = written(doc_urls=[docs.url("/guide"), docs.url("/b"), docs.url("/gone")])

        (bundle,) = status(spec)["zippedDocsUrls"]
        paths = {name: url.removeprefix("http://greenroom.test") for name, url in bundle.items()}
        packed = browse().get(paths["masterZipShortUrl"])
        plain = browse().get(paths["masterMarkdownShortUrl"])

        assert paths["platform"] == "127.0.0.1"
        assert (packed.mimetype, packed.headers["X-Robots-Tag"]) == ("application/zip", "noindex")
        assert packed.headers["Content-Disposition"] == 'attachment; filename="127.0.0.1.zip"'
        with zipfile.ZipFile(io.BytesIO(packed.data)) as files:
            assert files.namelist() == ["01-booking-paying.md", "02-prices.md"]
            assert "Ten." in files.read("02-prices.md").decode()
        assert plain.mimetype == "text/markdown"
        assert f"Read at `{docs.url('/b')}`" in plain.text
        assert browse().get(f"{paths['masterZipShortUrl']}x").status_code == 404
        assert browse().get(f"/s/{spec.code}/pages.md").status_code == 404

    def test_is_written_though_a_page_is_not_to_be_read(self, docs, written, people):
        private = "http://10.0.0.1/handbook"
        spec = written(doc_urls=[docs.url("/gone"), private])

        assert spec.status is SpecStatus.COMPLETED
        assert spec.written.notes == [
            f"{docs.url('/gone')} was not read: it answered with 404.",
            f"{private} was not read: 10.0.0.1 leads to an address of a private network.",
        ]
        assert (spec.written.sources, status(spec)["zippedDocsUrls"]) == ([], [])
        assert {each.platform for each in session.scalars(select(SpecBundle))} == {"127.0.0.1", "10.0.0.1"}

    def test_keeps_what_was_read_when_its_worker_is_lost(self, docs, ask, bell, monkeypatch):
        class Killed(BaseException):
            """What a process says that is killed."""

        def fall(*_: object):
            raise Killed

        spec = ask(doc_urls=[docs.url("/guide"), docs.url("/guide")])
        monkeypatch.setattr(BuiltIn, "write", fall)
        with pytest.raises(Killed):
            jobs.perform(bell.runs[0])
        monkeypatch.undo()
        session.rollback()
        session.expire_all()

        kept = queries.pages_of(session.get(Spec, spec.id))

        assert [page.title for page in kept] == ["Booking & paying"]
        assert writing.read_pages_for(session.get(Spec, spec.id), None) == kept
        assert docs.asked == ["/guide"]

    def test_shows_them_on_its_page(self, docs, written, browse, people):
        spec = written(doc_urls=[docs.url("/guide")])

        shown = browse(people.vic).get(spec.path).text

        assert "What was read" in shown
        assert "Booking &amp; paying" in shown
        assert "Download what was read of 127.0.0.1" in shown


class TestTheForm:
    def test_takes_addresses_line_by_line(self, browse, people, bell):
        project = people.project()

        answer = browse(people.rae).post(
            f"{project.path}/specs",
            {"input": "Guests can pay.", "doc_urls": "https://a.example/x\n\nhttps://b.example/"},
        )

        assert answer.status_code == 303
        assert session.scalars(select(Spec)).one().doc_urls == ["https://a.example/x", "https://b.example/"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("docs.example", "It begins with https://"),
            ("https://", "Its host is missing."),
            ("https://ada:secret@docs.example/", "Leave the name and the password out"),
            ("https://" + "x" * 2000, "2000 characters"),
            ("\n".join(f"https://{number}.example" for number in range(21)), "These are 21 addresses"),
        ],
    )
    def test_says_what_does_not_hold_and_keeps_it(self, browse, people, bell, typed, words):
        answer = browse(people.rae).post(
            f"{people.project().path}/specs", {"input": "Guests can pay.", "doc_urls": typed}
        )

        assert answer.status_code == 422
        assert words in answer.text
        assert typed[:60].split("\n")[0] in answer.text
        assert session.scalars(select(Spec)).all() == []
