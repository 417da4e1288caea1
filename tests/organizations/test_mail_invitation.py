"""Where mail is set up an invitation goes by itself, and whoever made it sees whether it went."""

import re

import pytest
from sqlalchemy import select

from app.core.db import session
from app.letters.models import Letter
from app.organizations import operations

LINK = re.compile(r"http://greenroom\.test(/invitations/[\w-]{20,})")


@pytest.fixture
def invite(people, browse):
    """Let Ada invite somebody on the page."""
    return lambda email="nia@example.org": browse(people.ada).post(
        "/acme/invitations", {"emails": email, "role": "viewer"}
    )


class TestInvite:
    def test_sends_the_link_that_lets_in(self, people, browse, bell, mail, invite):
        page = invite().text
        bell.work()

        [taken] = mail.taken
        assert (taken.to, taken.message["Subject"]) == (["nia@example.org"], "Ada Admin invites you to Acme")
        path = LINK.search(taken.text)[1]
        assert path in page, "the same link is shown"
        assert "on its way by mail" in page
        assert browse().get(path).status_code == 200
        assert "Sent by mail" in browse(people.ada).get("/acme/members").text

    def test_says_why_it_was_not_sent(self, people, browse, bell, mail, invite):
        mail.answers["RCPT"] = "550 No such user"
        invite()
        bell.work()

        assert "550 No such user" in browse(people.ada).get("/acme/members").text
        seen_by_others = browse(people.vic).get("/acme/members").text
        assert "Not sent by mail." in seen_by_others
        assert "550 No such user" not in seen_by_others

    def test_tells_programs_how_far_it_is(self, people, api, bell, mail):
        key, path = people.key(people.ada), f"/organizations/{people.organization.id}/invitations"

        made = api("POST", path, key, json={"email": "nia@example.org"}).json["data"]
        bell.work()
        listed = api("GET", path, key).json["data"]

        assert made["letter"]["status"] == "waiting"
        assert (listed[0]["letter"]["status"], listed[0]["letter"]["trouble"]) == ("sent", None)

    def test_sends_nothing_for_whoever_has_the_link(self, people, bell, mail, invite):
        page = invite("").text

        assert bell.runs == []
        assert "Nothing was sent" in page

    def test_shows_the_link_where_no_mail_is_set_up(self, people, bell, invite):
        page = invite().text

        assert "Nothing was sent" in page
        assert session.scalars(select(Letter)).all() == []


class TestResend:
    def test_sends_the_fresh_link_and_not_the_one_before(self, people, browse, bell, mail):
        invitation, before = operations.invite(people.organization, by=people.ada, email="nia@example.org")

        browse(people.ada).post(f"/acme/invitations/{invitation.id}/link")
        bell.work()

        [taken] = mail.taken
        assert before not in taken.text
        assert browse().get(LINK.search(taken.text)[1]).status_code == 200


class TestRevoke:
    def test_takes_the_letter_back_that_did_not_go(self, people, bell, mail):
        invitation, _ = operations.invite(people.organization, by=people.ada, email="nia@example.org")

        operations.revoke(invitation, by=people.ada)
        bell.work()

        assert mail.taken == []
        assert invitation.letter is None
