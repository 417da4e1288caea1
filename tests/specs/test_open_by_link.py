"""Whoever has a spec's link reads its document: a page in a browser, Markdown for programs."""

import io

import pytest

from app.core.files import Upload
from app.specs.models import Spec


@pytest.fixture
def spec(written) -> Spec:
    return written()


class TestTheLink:
    def test_gives_markdown_to_programs(self, browse, spec):
        answer = browse().get(f"/s/{spec.code}")

        assert (answer.status_code, answer.mimetype) == (200, "text/markdown")
        assert answer.text.startswith("Written without a language model")
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"

    def test_gives_a_page_to_people(self, browse, spec):
        answer = browse().get(f"/s/{spec.code}", headers={"Accept": "text/html,*/*;q=0.8"})

        assert answer.mimetype == "text/html"
        assert "<h1>Restaurant booking site</h1>" in answer.text
        assert "Ada" not in answer.text
        assert "Rae" not in answer.text

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("spec.md", "text/markdown"), ("agent.md", "text/markdown"), ("architecture.svg", "image/svg+xml")],
    )
    def test_gives_what_the_status_names(self, browse, spec, name, kind):
        answer = browse().get(f"/s/{spec.code}/{name}")

        assert (answer.status_code, answer.mimetype) == (200, kind)

    def test_is_kept_as_a_hash_and_sealed(self, spec):
        from sqlalchemy import text

        from app.core.db import session

        row = session.execute(text("SELECT code, code_digest FROM specs")).one()
        assert spec.code not in (row.code, row.code_digest)
        assert len(spec.code) == 16

    def test_of_another_leads_nowhere(self, browse, spec):
        assert browse().get(f"/s/{spec.code[:-1]}x").status_code == 404
        assert browse().get("/s/nothing/spec.md").status_code == 404

    def test_leads_nowhere_before_it_is_written(self, browse, ask, bell):
        assert browse().get(f"/s/{ask().code}").status_code == 404

    def test_of_a_file_gives_its_text(self, browse, ask, bell):
        spec = ask(upload=Upload("idea.txt", io.BytesIO(b"<b>Guests can pay.</b>")))

        answer = browse().get(f"/s/{spec.file.code}")

        assert (answer.mimetype, answer.text) == ("text/plain", "<b>Guests can pay.</b>")

    def test_shows_what_people_wrote_as_words(self, browse, written):
        spec = written("Guests can book <script>alert(1)</script> a table.")

        page = browse().get(f"/s/{spec.code}", headers={"Accept": "text/html"}).text
        drawn = browse().get(f"/s/{spec.code}/architecture.svg").text

        assert "<script>alert" not in page
        assert "<script>alert" not in drawn
