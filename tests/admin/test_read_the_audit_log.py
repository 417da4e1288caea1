"""The audit log: what is told in it, who reads which part, and how it leaves the house."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts import operations as accounts
from app.accounts.queries import key_of_secret
from app.admin.operations import forget_old_lines
from app.core import audit, db
from app.core.audit import AuditEntry, Client, Origin
from app.core.clock import now
from app.core.errors import Unauthenticated
from app.organizations import operations as organizations
from app.organizations.models import Role, memberships_of
from app.projects import operations as projects
from app.projects.models import Audience
from tests.architecture.test_imports import python_files
from tests.support.people import PASSWORD

WORDS = Path(__file__).parents[2] / "templates" / "admin" / "words.html"


def told(act: str) -> list[AuditEntry]:
    """The lines of a kind, oldest first."""
    query = select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.created_at)
    return list(db.session.scalars(query))


class TestWhatIsTold:
    def test_who_came_in_from_where(self, people, browse):
        sent = {"email": "bob@example.com", "password": PASSWORD}
        browse().post("/sign-in", sent, headers={"User-Agent": "Mozilla/5.0"})

        (line,) = told("session.opened")
        assert (line.actor_id, line.actor_email) == (people.bob.id, "bob@example.com")
        assert (line.client, line.address) == (Client.BROWSER, "127.0.0.1")

    def test_who_was_refused_but_never_the_password(self, people, browse):
        browse().post("/sign-in", {"email": "bob@example.com", "password": "hunter2 hunter2"})

        (line,) = told("session.refused")
        assert (line.actor_id, line.subject) == (None, "bob@example.com")
        assert "hunter2" not in str(vars(line))

    def test_a_password_typed_as_the_name_is_not_kept(self, people):
        with pytest.raises(Unauthenticated):
            accounts.sign_in("hunter2 hunter2", "x")

        assert told("session.refused")[0].subject == ""

    def test_a_refusal_again_and_again_is_told_once_a_minute(self, people):
        for _ in range(3):
            with pytest.raises(Unauthenticated):
                accounts.sign_in("bob@example.com", "wrong")

        assert len(told("session.refused")) == 1

    def test_who_left(self, people, browse):
        browse(people.bob).post("/sign-out")

        assert [line.actor_name for line in told("session.closed")] == ["Bob Builder"]

    def test_a_new_password(self, people, browse):
        browse(people.bob).post("/profile/password", {"current": PASSWORD, "new": "another long one"})

        assert [line.subject for line in told("password.changed")] == ["bob@example.com"]
        assert told("session.opened") == []

    def test_keys_by_their_names(self, people, browse):
        secret = people.key(people.bob, "read")
        key = key_of_secret(secret)
        accounts.revoke_api_key(key, by=people.bob)
        accounts.delete_api_key(key, by=people.bob)

        lines = [*told("key.made"), *told("key.revoked"), *told("key.deleted")]
        assert [line.organization_id for line in lines] == [people.organization.id] * 3
        assert [line.detail for line in lines] == ["read"] * 3
        assert not any(secret in str(vars(line)) for line in lines)

    def test_members_and_invitations(self, people):
        here = people.organization
        invitation, url = organizations.invite(here, by=people.ada, email="nia@example.com", role=Role.VIEWER)
        organizations.resend(invitation, by=people.ada)
        organizations.revoke(invitation, by=people.ada)
        membership = memberships_of(people.vic)[0]
        organizations.change_role(membership, by=people.ada, role=Role.DEVELOPER)
        organizations.remove_member(membership, by=people.ada)

        assert [line.subject for line in told("invitation.made")] == ["nia@example.com"]
        assert len(told("invitation.renewed")) == len(told("invitation.revoked")) == 1
        assert told("member.role_changed")[0].detail == "viewer → developer"
        assert told("member.removed")[0].subject == "vic@example.com"
        assert url.rpartition("/")[2] not in str([vars(line) for line in told("invitation.made")])

    def test_projects_and_the_names_of_variables(self, people):
        project = people.project()
        projects.edit_project(project, by=people.ada, name="Shop")
        projects.set_variable(
            project, by=people.ada, name="TOKEN", value="hush hush", audience=Audience.PREVIEW, is_secret=True
        )
        projects.archive_project(project, by=people.ada)
        projects.restore_project(project, by=people.ada)

        assert told("project.made")[0].subject == "Website"
        assert [line.detail for line in told("project.changed")] == ["name"]
        assert told("variable.set")[0].detail == "set the variable TOKEN for previews"
        assert len(told("project.archived")) == len(told("project.restored")) == 1
        assert "hush" not in str([vars(line) for line in told("variable.set")])

    def test_what_is_undone_is_not_told(self, people):
        with db.transaction() as session:
            audit.record("project.made", by=people.ada)
            session.rollback()

        assert told("project.made") == []

    def test_what_the_system_does_comes_from_nowhere(self, people):
        audit.record("project.made", by=None)

        assert (told("project.made")[0].client, told("project.made")[0].address) == (Client.SYSTEM, "")

    def test_a_request_leaves_its_origin_to_nobody_after_it(self, people, browse):
        browse(people.ada).get("/acme/members")

        assert audit._origin.get() == Origin()

    def test_every_kind_has_words(self):
        sources = "\n".join(python_files().values())
        acts = re.findall(r"\"((?:[a-z]+)\.(?:[a-z_]+))\"", WORDS.read_text())
        used = re.findall(
            r"(?:record|record_refusal|_log|_note\w*|log)\(\s*(?:\w+, )?\"([a-z]+\.[a-z_]+)\"", sources
        )

        assert len(used) > 20
        assert set(used) <= set(acts)


class TestRead:
    def test_shows_who_did_what_to_the_operator(self, people, olga, browse):
        organizations.edit_organization(people.organization, by=people.ada, name="Acme Ltd")

        page = browse(olga).get("/admin/audit").text

        assert "Organization renamed" in page
        assert "Acme → Acme Ltd" in page

    def test_is_for_the_operator_alone(self, people, browse):
        for user in (people.ada, people.vic, people.eve):
            assert browse(user).get("/admin/audit").status_code == 403
            assert browse(user).get("/admin/audit.csv").status_code == 403

    @pytest.mark.parametrize(
        ("query", "fits"),
        [
            ("person=bob", ["key.made"]),
            ("act=organization.made", ["organization.made", "organization.made"]),
            ("person=nobody", []),
            ("from=2001-01-01&to=2001-01-02", []),
        ],
    )
    def test_is_narrowed(self, people, olga, browse, query, fits):
        people.key(people.bob)

        found = browse(olga).get(f"/admin/audit.ndjson?{query}").text.splitlines()

        acts = [json.loads(line)["act"] for line in found]
        assert [act for act in acts if act != "user.made"] == fits

    def test_is_narrowed_to_an_organization(self, people, olga, browse):
        found = browse(olga).get(f"/admin/audit.ndjson?organization={people.elsewhere.id}").text

        assert {json.loads(line)["organization"] for line in found.splitlines()} == {"Elsewhere"}

    def test_a_day_that_is_none_is_answered_in_words(self, olga, browse):
        answer = browse(olga).get("/admin/audit?from=yesterday")

        assert answer.status_code == 422
        assert "Some of what was sent does not hold" in answer.text

    def test_goes_on_where_the_page_ended(self, people, olga, browse):
        with db.transaction():
            for number in range(60):
                audit.record("project.made", by=people.ada, subject=f"Project {number:02}")
        browser = browse(olga)

        first = browser.get("/admin/audit?act=project.made").text
        older = re.search(r'href="(/admin/audit\?[^"]*before=[^"]+)"', first)[1].replace("&amp;", "&")
        second = browser.get(older).text

        seen = [re.findall(r"Project \d\d", page) for page in (first, second)]
        assert [len(set(found)) for found in seen] == [50, 10]
        assert not set(seen[0]) & set(seen[1])
        assert "before=" not in second

    def test_an_organization_sees_its_own_part(self, people, browse):
        organizations.edit_organization(people.elsewhere, by=people.eve, name="Elsewhere Ltd")
        browser = browse(people.ada)

        page = browser.get("/acme/settings/audit").text
        lines = browser.get("/acme/settings/audit.ndjson").text.splitlines()

        assert "Organization made" in page
        assert "Elsewhere" not in page
        assert {json.loads(line)["organization"] for line in lines} == {"Acme"}

    def test_an_organization_cannot_ask_for_anothers_part(self, people, browse):
        answer = browse(people.ada).get(f"/acme/settings/audit.ndjson?organization={people.elsewhere.id}")

        assert {json.loads(line)["organization"] for line in answer.text.splitlines()} == {"Acme"}

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_an_organizations_part_is_for_its_admins(self, people, browse, who, status):
        assert browse(getattr(people, who)).get("/acme/settings/audit").status_code == status


class TestExport:
    def test_is_a_table_that_no_spreadsheet_takes_for_formulas(self, people, olga, browse):
        audit.record("project.made", by=people.ada, subject='=HYPERLINK("http://evil")', detail="@sum")

        answer = browse(olga).get("/admin/audit.csv?act=project.made")

        assert answer.mimetype == "text/csv"
        assert "attachment" in answer.headers["Content-Disposition"]
        head, row = csv.reader(io.StringIO(answer.text))
        told_row = dict(zip(head, row, strict=True))
        assert told_row["subject"] == '\'=HYPERLINK("http://evil")'
        assert told_row["detail"] == "'@sum"
        assert told_row["who"] == "Ada Admin"

    def test_is_one_object_a_line_newest_first(self, people, olga, browse):
        for name in ("first", "second"):
            audit.record("project.made", by=people.ada, subject=name)

        answer = browse(olga).get("/admin/audit.ndjson?act=project.made")

        assert [json.loads(line)["subject"] for line in answer.text.splitlines()] == ["second", "first"]

    def test_goes_over_more_lines_than_fit_at_once(self, people, olga, browse, monkeypatch):
        from app.admin.queries import audit as queries

        monkeypatch.setattr(queries, "BATCH", 2)
        for number in range(5):
            audit.record("project.made", by=people.ada, subject=str(number))

        lines = browse(olga).get("/admin/audit.ndjson?act=project.made").text.splitlines()

        assert [json.loads(line)["subject"] for line in lines] == ["4", "3", "2", "1", "0"]


class TestForget:
    def test_what_is_older_than_it_shall_remember(self, people):
        audit.record("project.made", by=people.ada, subject="old")
        with db.transaction():
            told("project.made")[0].created_at = now() - timedelta(days=366)
        audit.record("project.made", by=people.ada, subject="new")

        forget_old_lines()

        assert [line.subject for line in told("project.made")] == ["new"]
