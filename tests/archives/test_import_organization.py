"""The installation's admin makes an organization of an archive: on a page, by the API, at the terminal."""

import io

import pytest
from sqlalchemy import select

from app import cli
from app.archives import operations as archives
from app.archives.models import Import, ImportStatus
from app.cli import archives as terminal
from app.core import ledger
from app.core.audit import AuditEntry
from app.core.db import session, transaction
from app.core.files import Upload
from app.core.installation import installation
from app.organizations.models import Organization
from tests.archives.test_refuse_archive import changed, line

_PAGE = "/admin/organizations/import"


def _named(name: str) -> Organization | None:
    return session.scalars(select(Organization).where(Organization.name == name)).one_or_none()


def _kept() -> list[str]:
    return [path.name for path in installation().folder("imports").iterdir()]


@pytest.fixture(autouse=True)
def empty(app):
    """Begin without the files that other tests handed over."""
    for path in installation().folder("imports").iterdir():
        path.unlink()


class TestOnThePage:
    def test_brings_it_in_in_the_background(self, people, olga, asked, pack, browse, bell):
        olgas, sent = (
            browse(olga),
            {"archive": (io.BytesIO(pack()), "acme.zip"), "name": "Again", "slug": "again"},
        )

        answer = olgas.post(_PAGE, data=sent)
        early, waiting = _named("Again"), olgas.htmx("GET", _PAGE).text
        bell.work()

        made, done = _named("Again"), olgas.htmx("GET", _PAGE).text
        assert (answer.status_code, answer.location) == (303, _PAGE)
        assert early is None
        assert 'hx-trigger="every 2000ms"' in waiting
        assert "Waiting for its turn" in waiting
        assert made.slug == "again"
        assert f"/admin/organizations/{made.id}" in done
        assert "hx-trigger" not in done
        assert _kept() == []
        assert "import.asked" in session.scalars(select(AuditEntry.act)).all()

    def test_says_at_once_what_is_no_archive_and_keeps_what_was_typed(self, people, olga, browse):
        sent = {"archive": (io.BytesIO(b"no zip"), "acme.zip"), "name": "Again"}

        answer = browse(olga).post(_PAGE, data=sent)

        assert answer.status_code == 422
        assert "it is not a zip file" in answer.text
        assert 'value="Again"' in answer.text
        assert session.scalars(select(Import)).unique().all() == []
        assert _kept() == []

    def test_says_in_the_end_which_lines_do_not_hold(self, people, olga, asked, pack, browse, bell):
        spoilt = changed(pack(), line("requests", 1, status="dreaming"))
        olgas = browse(olga)
        olgas.post(_PAGE, data={"archive": (io.BytesIO(spoilt), "acme.zip"), "name": "Again"})

        bell.work()

        page = olgas.get(_PAGE).text
        assert "rows/requests.ndjson, line 1: `status` is none of draft" in page
        assert "Refused" in page
        assert _named("Again") is None
        assert _kept() == []

    def test_wants_a_file(self, people, olga, browse):
        answer = browse(olga).post(_PAGE, data={"name": "Again"})

        assert answer.status_code == 422
        assert "Choose the file." in answer.text

    def test_says_that_an_address_is_taken(self, people, olga, asked, pack, browse):
        sent = {"archive": (io.BytesIO(pack()), "acme.zip"), "slug": people.organization.slug}

        answer = browse(olga).post(_PAGE, data=sent)

        assert answer.status_code == 422
        assert "is taken" in answer.text
        assert _kept() == []


class TestByTheApi:
    def test_follows_it_to_its_end(self, people, olga, asked, pack, api, bell):
        key = people.key(olga)
        sent = {"archive": (io.BytesIO(pack()), "acme.zip"), "name": "Again"}

        asked_for = api("POST", "/admin/imports", key, data=sent)
        bell.work()
        done = api("GET", f"/admin/imports/{asked_for.json['data']['id']}", key).json["data"]

        assert asked_for.status_code == 202
        assert (asked_for.json["data"]["status"], asked_for.json["data"]["nextPollMs"]) == ("queued", 2000)
        assert (done["status"], done["progressPercent"], done["nextPollMs"]) == ("done", 100, None)
        assert done["organization"]["id"] == str(_named("Again").id)
        assert api("GET", "/admin/imports", key).json["meta"]["total"] == 1

    def test_names_what_does_not_hold(self, people, olga, asked, pack, api, bell):
        key, spoilt = people.key(olga), changed(pack(), line("requests", 1, number=None))
        sent = {"archive": (io.BytesIO(spoilt), "acme.zip"), "name": "Again"}

        asked_for = api("POST", "/admin/imports", key, data=sent)
        bell.work()
        ended = api("GET", f"/admin/imports/{asked_for.json['data']['id']}", key).json["data"]

        assert ended["status"] == "failed"
        assert ended["faults"][0] == "rows/requests.ndjson, line 1: `number` is empty."
        assert ended["organization"] is None

    def test_refuses_at_once_what_is_no_archive(self, people, olga, api):
        answer = api(
            "POST", "/admin/imports", people.key(olga), data={"archive": (io.BytesIO(b"PK"), "a.zip")}
        )

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "archive"]


class TestTheWork:
    def test_that_is_stopped_leaves_nothing(self, people, olga, asked, pack, bell):
        wanted = archives.ask_for_import(Upload("a.zip", io.BytesIO(pack())), by=olga, name="Again")

        with transaction():
            ledger.cancel(wanted.run)
        bell.work()

        assert session.get(Import, wanted.id).status is ImportStatus.CANCELLED
        assert _named("Again") is None
        assert _kept() == []

    def test_that_was_done_already_is_not_done_twice(self, people, olga, asked, pack, bell):
        wanted = archives.ask_for_import(Upload("a.zip", io.BytesIO(pack())), by=olga, name="Again")
        bell.work()

        archives.bring_in(wanted.id)

        assert _named("Again") is not None

    def test_leaves_no_file_behind_that_nobody_waits_for(self, people, olga, asked, pack, bell):
        waiting = archives.ask_for_import(Upload("a.zip", io.BytesIO(pack())), by=olga)
        (installation().folder("imports") / "lost.zip").touch()

        archives.sweep_imports()

        assert _kept() == [f"{waiting.id}.zip"]


class TestAtTheTerminal:
    def test_goes_there_and_back(self, people, olga, asked, tmp_path, capsys):
        file = tmp_path / "acme.zip"

        written = terminal.export(organization=people.organization.slug, project=None, to=file)
        brought = terminal.bring_in(file, name="Again", slug=None, email=olga.email)

        assert (written, brought) == (0, 0)
        said = capsys.readouterr().out
        assert f"{file}: {file.stat().st_size} bytes, sha256 " in said
        assert f"Again is there: http://greenroom.test{_named('Again').path}" in said

    def test_names_each_fault_on_a_line(self, people, olga, tmp_path, capsys):
        file = tmp_path / "acme.zip"
        file.write_bytes(b"no zip")

        assert terminal.bring_in(file, name=None, slug=None, email=None) == 1

        assert "it is not a zip file" in capsys.readouterr().err

    def test_says_which_organizations_there_are(self, people, tmp_path, capsys):
        assert terminal.export(organization="nowhere", project=None, to=tmp_path / "a.zip") == 1

        assert "acme" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "words", [["export", "acme", "website", "--to", "x.zip"], ["import", "x.zip", "--slug", "again"]]
    )
    def test_is_understood(self, words):
        assert cli._parser().parse_args(words).command in cli._COMMANDS
