"""The installation's admin makes an organization of an archive: on a page, by the API, at the terminal."""

import io

import pytest
from sqlalchemy import select

from app import cli
from app.cli import archives as terminal
from app.core.db import session
from app.organizations.models import Organization

_PAGE = "/admin/organizations/import"


def _named(name: str) -> Organization | None:
    return session.scalars(select(Organization).where(Organization.name == name)).one_or_none()


class TestOnThePage:
    def test_brings_it_in(self, people, olga, asked, pack, browse):
        sent = {"archive": (io.BytesIO(pack()), "acme.zip"), "name": "Again", "slug": "again"}

        answer = browse(olga).post(_PAGE, data=sent)

        made = _named("Again")
        assert answer.status_code == 303
        assert answer.location.endswith(f"/admin/organizations/{made.id}")
        assert made.slug == "again"

    def test_says_what_does_not_hold_and_keeps_what_was_typed(self, people, olga, browse):
        sent = {"archive": (io.BytesIO(b"no zip"), "acme.zip"), "name": "Again"}

        answer = browse(olga).post(_PAGE, data=sent)

        assert answer.status_code == 422
        assert "it is not a zip file" in answer.text
        assert 'value="Again"' in answer.text

    def test_wants_a_file(self, people, olga, browse):
        answer = browse(olga).post(_PAGE, data={"name": "Again"})

        assert answer.status_code == 422
        assert "Choose the file." in answer.text

    def test_says_that_an_address_is_taken(self, people, olga, asked, pack, browse):
        sent = {"archive": (io.BytesIO(pack()), "acme.zip"), "slug": people.organization.slug}

        answer = browse(olga).post(_PAGE, data=sent)

        assert answer.status_code == 422
        assert "is taken" in answer.text


class TestByTheApi:
    def test_brings_it_in(self, people, olga, asked, pack, api):
        key = people.key(olga)
        sent = {"archive": (io.BytesIO(pack()), "acme.zip"), "name": "Again"}

        answer = api("POST", "/admin/imports", key, data=sent)

        assert answer.status_code == 201
        assert answer.json["data"]["id"] == str(_named("Again").id)

    def test_names_the_fault(self, people, olga, api):
        answer = api(
            "POST", "/admin/imports", people.key(olga), data={"archive": (io.BytesIO(b"PK"), "a.zip")}
        )

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "archive"]


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
