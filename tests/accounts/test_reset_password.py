"""A forgotten password: an admin gives a link that sets a new one, once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import operations
from app.accounts.models import OneTimeLink
from app.accounts.operations.links import RESET_HOURS
from app.cli import people as commands
from app.core.clock import now
from app.core.db import session, transaction
from app.core.secrets import digest
from app.organizations.models import Membership, Role

NEW = "a new long password"


@pytest.fixture
def link(people) -> str:
    """A link for Rae, as an address on this site."""
    return path_of(operations.reset_link(people.rae))


def path_of(url: str) -> str:
    return url.removeprefix("http://greenroom.test")


def give(people, browse, *, by, to):
    return browse(by).post(f"/acme/members/{to.id}/reset-link")


class TestGiveResetLink:
    def test_shows_it_this_once_with_its_code(self, people, browse):
        answer = give(people, browse, by=people.ada, to=people.rae)

        secret = re.search(r"/reset-password/([\w-]{20,})", answer.text)[1]
        assert answer.status_code == 201
        assert re.search(r"<svg [^>]*viewBox", answer.text), "without one it is cut where it is made smaller"
        assert secret not in browse(people.ada).get("/acme/members").text
        kept = session.scalars(select(OneTimeLink)).one()
        assert (kept.digest, kept.user_id) == (digest(secret), people.rae.id)

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("rae", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        assert give(people, browse, by=getattr(people, who), to=people.vic).status_code == status
        assert session.scalars(select(OneTimeLink)).all() == []

    def test_is_not_for_those_who_belong_elsewhere_too(self, people, browse):
        with transaction():
            session.add(Membership(user=people.rae, organization=people.elsewhere, role=Role.VIEWER))

        answer = give(people, browse, by=people.ada, to=people.rae)

        assert answer.status_code == 403
        assert "belongs to more than you administer" in answer.text
        page = browse(people.ada).get("/acme/members").text
        assert f"/members/{people.bob.id}/reset-link" in page
        assert f"/members/{people.rae.id}/reset-link" not in page

    def test_is_not_for_the_admin_of_the_installation(self, people, browse):
        with transaction():
            people.bob.is_admin = True

        assert give(people, browse, by=people.ada, to=people.bob).status_code == 403

    def test_is_for_anybody_by_the_admin_of_the_installation(self, people, browse, api):
        with transaction():
            people.ada.is_admin = True

        answer = browse(people.ada).send("POST", f"/api/admin/users/{people.eve.id}/reset-link")

        assert answer.status_code == 201
        assert browse().get(path_of(answer.json["data"]["url"])).status_code == 200

    def test_is_shown_once_on_the_page_of_a_person(self, people, browse):
        with transaction():
            people.ada.is_admin = True
        browser, address = browse(people.ada), f"/admin/users/{people.eve.id}"

        answer = browser.post(f"{address}/reset-link")

        secret = re.search(r"/reset-password/([\w-]{20,})", answer.text)[1]
        assert answer.status_code == 201
        assert secret not in browser.get(address).text
        assert session.scalars(select(OneTimeLink)).one().digest == digest(secret)
        assert f'action="{address}/reset-link"' in browser.get(address).text
        assert "/reset-link" not in browser.get(f"/admin/users/{people.ada.id}").text
        assert browse(people.bob).post(f"{address}/reset-link").status_code == 404

    def test_reaches_no_further_than_the_key(self, people, api):
        with transaction():
            people.ada.is_admin = True

        key = people.key(people.ada)

        assert api("POST", f"/admin/users/{people.eve.id}/reset-link", key).status_code == 404
        assert api("POST", f"/admin/users/{people.bob.id}/reset-link", key).status_code == 201

    def test_is_not_for_oneself(self, people, browse):
        answer = give(people, browse, by=people.ada, to=people.ada)

        assert answer.status_code == 409
        assert "changed in your profile" in answer.text

    def test_by_programs(self, people, api, browse):
        path = f"/organizations/{people.organization.id}/users/{people.rae.id}/reset-link"

        answer = api("POST", path, people.key(people.ada))

        assert answer.status_code == 201
        assert "rae@example.com" in browse().get(path_of(answer.json["data"]["url"])).text
        assert api("POST", path, people.key(people.ada, "read", "write")).status_code == 403
        assert api("POST", path, people.key(people.bob)).status_code == 403
        assert api("POST", path, people.key(people.eve, organization=people.elsewhere)).status_code == 404


class TestResetPassword:
    def test_sets_it_and_signs_out_everywhere(self, people, browse, link, api):
        elsewhere = browse(people.rae)
        token, _ = operations.issue_token(people.rae)

        answer = browse().post(link, {"password": NEW})

        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert operations.sign_in("rae@example.com", NEW).id == people.rae.id
        assert elsewhere.get("/profile").status_code == 302
        assert api("GET", "/users/me", token).status_code == 401

    def test_works_once(self, people, browse, link):
        browse().post(link, {"password": NEW})

        assert browse().get(link).status_code == 404
        assert browse().post(link, {"password": "another long password"}).status_code == 404
        assert operations.sign_in("rae@example.com", NEW).id == people.rae.id

    def test_ends_the_link_before(self, people, browse, link):
        operations.reset_link(people.rae)

        assert browse().get(link).status_code == 404

    def test_is_too_old_after_a_day(self, people, browse, link):
        with transaction():
            kept = session.scalars(select(OneTimeLink)).one()
            kept.created_at -= timedelta(hours=RESET_HOURS + 1)
            kept.expires_at = now() - timedelta(seconds=1)

        answer = browse().get(link)

        assert answer.status_code == 404
        assert "Ask an admin of your team for a new one" in answer.text

    def test_shows_the_form_again_for_a_short_one(self, people, browse, link):
        answer = browse().post(link, {"password": "short"})

        assert answer.status_code == 422
        assert "at least 10 characters" in answer.text
        assert browse().get(link).status_code == 200

    def test_opens_no_closed_account(self, people, browse, link):
        before = people.rae.password_hash
        with transaction():
            people.rae.deactivated_at = now()

        assert browse().post(link, {"password": NEW}).status_code == 404
        session.expire_all()
        assert people.rae.password_hash == before

    def test_the_door_says_how_to_get_a_link(self, people, browse):
        page = browse().get("/sign-in").text

        assert "Forgot your password?" in page
        assert "bin/greenroom admin reset-link --email" in page


class TestResetLinkOfTheTerminal:
    def test_lets_in_who_is_locked_out(self, people, browse, capsys):
        assert commands.make_reset_link(email="Ada@Example.com") == 0

        printed = capsys.readouterr().out.strip()
        browse().post(path_of(printed), {"password": NEW})
        assert operations.sign_in("ada@example.com", NEW).id == people.ada.id

    def test_says_that_there_is_nobody(self, people, capsys):
        assert commands.make_reset_link(email="nobody@example.com") == 1
        assert "Nobody here has the e-mail" in capsys.readouterr().err
