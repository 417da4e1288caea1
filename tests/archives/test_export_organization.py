"""An admin has everything of an organization written into a file, and downloads it."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.archives import operations as archives
from app.archives import queries
from app.archives.models import Export, ExportStatus
from app.archives.operations import exporting
from app.core import ledger
from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Gone, NotAllowed
from app.core.installation import installation
from app.projects.models import Project, Starter
from tests.archives.conftest import lines_of


def _files() -> list[str]:
    return sorted(path.name for path in installation().folder("exports").iterdir())


@pytest.fixture(autouse=True)
def empty(app):
    """Begin without the files of archives that other tests made."""
    for path in installation().folder("exports").iterdir():
        path.unlink()


@pytest.fixture
def export(people, asked) -> Export:
    """An archive of Acme that Ada asked for."""
    return archives.ask_for_export(people.organization, by=people.ada)


class TestAnAdmin:
    def test_has_it_made_and_downloads_it(self, people, asked, bell, browse):
        ada = browse(people.ada)
        page = f"/{people.organization.slug}/settings/exports"

        assert ada.post(page).status_code == 303
        waiting = ada.htmx("GET", page)
        bell.work()
        export = session.scalars(select(Export)).unique().one()
        with ada.get(f"{page}/{export.id}/archive") as download:
            written = download.data

        assert 'hx-trigger="every 2000ms"' in waiting.text
        assert "Waiting for its turn" in waiting.text
        assert "hx-trigger" not in ada.htmx("GET", page).text
        assert (export.status, export.progress_percent) == (ExportStatus.READY, 100)
        assert hashlib.sha256(written).hexdigest() == export.digest
        assert export.size == len(written)
        assert export.file_name in download.headers["Content-Disposition"]
        assert [row["title"] for row in lines_of(written, "requests")] == [asked.title]
        assert export.place.stat().st_mode & 0o777 == 0o600
        assert "export.asked" in session.scalars(select(AuditEntry.act)).all()

    def test_follows_it_as_a_program(self, people, asked, bell, api):
        key, place = people.key(people.ada), f"/organizations/{people.organization.id}/exports"

        made = api("POST", place, key, json={"projectId": str(asked.project_id)})
        early = api("GET", f"{place}/{made.json['data']['id']}/archive", key)
        bell.work()
        ready = api("GET", f"{place}/{made.json['data']['id']}", key).json["data"]
        with api("GET", f"{place}/{ready['id']}/archive", key) as archive:
            written = archive.data

        assert made.status_code == 202
        assert (made.json["data"]["status"], made.json["data"]["nextPollMs"]) == ("queued", 2000)
        assert early.status_code == 410
        assert (ready["status"], ready["progressPercent"], ready["nextPollMs"]) == ("ready", 100, None)
        assert ready["downloadUrl"].endswith(f"{place}/{ready['id']}/archive")
        assert archive.mimetype == "application/zip"
        assert [row["id"] for row in lines_of(written, "projects")] == [str(asked.project_id)]
        assert api("GET", place, key).json["meta"]["total"] == 1

    def test_is_at_the_organization_in_the_navigation(self, people, browse):
        page = browse(people.ada).get(f"{people.organization.path}/settings/exports").text

        assert f'href="{people.organization.path}/settings" aria-current="page"' in page

    def test_needs_a_key_that_administers(self, people, asked, api):
        key = people.key(people.ada, "read", "write")

        answer = api("POST", f"/organizations/{people.organization.id}/exports", key)

        assert answer.status_code == 403
        assert session.scalars(select(Export)).unique().all() == []

    def test_cannot_have_the_same_made_twice_at_once(self, people, export):
        with pytest.raises(Conflict):
            archives.ask_for_export(people.organization, by=people.ada)

        assert archives.ask_for_export(
            people.organization, by=people.ada, project=session.scalars(select(Project)).unique().one()
        ).is_open

    def test_sees_a_project_of_others_as_nothing(self, people, asked, api):
        from app.projects import operations as projects

        theirs = projects.create_project(
            people.elsewhere, by=people.eve, name="Theirs", starter=Starter.EMPTY
        )
        place = f"/organizations/{people.organization.id}/exports"

        answer = api("POST", place, people.key(people.ada), json={"projectId": str(theirs.id)})

        assert answer.status_code == 404
        assert session.scalars(select(Export)).unique().all() == []


class TestOthers:
    @pytest.mark.parametrize("who", ["bob", "rae", "vic", "eve"])
    def test_do_not(self, people, asked, who):
        with pytest.raises(NotAllowed):
            archives.ask_for_export(people.organization, by=getattr(people, who))

        assert session.scalars(select(Export)).unique().all() == []

    def test_do_not_stop_it(self, people, export):
        with pytest.raises(NotAllowed):
            archives.cancel_export(export, by=people.bob)

        assert export.status is ExportStatus.QUEUED


class TestItsEnd:
    def test_stopped_before_it_began(self, people, export, bell):
        archives.cancel_export(export, by=people.ada)
        bell.work()

        session.refresh(export)
        assert export.status is ExportStatus.CANCELLED
        assert _files() == []

    def test_stopped_while_it_is_written(self, people, export, bell, monkeypatch):
        export_id = export.id

        def pack(part, to, *, report):
            report(10, "requests")
            to.write_bytes(b"half of it")
            archives.cancel_export(queries.export(export_id), by=people.ada)
            ledger.current().look()
            report(20, "requests")

        monkeypatch.setattr(exporting, "pack", pack)
        bell.work()

        session.refresh(export)
        assert export.status is ExportStatus.CANCELLED
        assert _files() == []

    def test_failed_says_why(self, people, export, bell, monkeypatch, browse):
        def pack(*_arguments, **_more):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(exporting, "pack", pack)
        bell.work()

        session.refresh(export)
        assert export.status is ExportStatus.FAILED
        page = browse(people.ada).get(f"/{people.organization.slug}/settings/exports")
        assert "No space left on device" in page.text
        assert _files() == []

    def test_over_after_a_week(self, people, export, bell):
        bell.work()
        session.refresh(export)
        stray = installation().folder("exports") / "of-nobody.zip"
        stray.touch()
        with transaction():
            export.expires_at = now() - timedelta(seconds=1)

        assert archives.forget_old_exports() == 1

        assert export.status is ExportStatus.EXPIRED
        assert _files() == []
        with pytest.raises(Gone):
            archives.file_of(export)

    def test_kept_until_then(self, people, export, bell):
        bell.work()
        session.refresh(export)

        assert archives.forget_old_exports() == 0

        assert _files() == [f"{export.id}.zip"]
        assert export.expires_at > now() + timedelta(days=6)
