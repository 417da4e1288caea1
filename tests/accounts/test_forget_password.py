"""Whoever forgot their password is sent a link to a new one, where mail is set up; nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import operations
from app.accounts.models import OneTimeLink
from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import session, transaction
from app.letters.models import Letter

NEW = "a new long password"
SAID = "If there is an account with this e-mail, a link to a new password is on its way."


def forget(browse, email: str):
    browser = browse()
    answer = browser.post("/forgotten-password", {"email": email})
    return answer, browser.get("/sign-in").text


class TestForgetPassword:
    def test_sends_a_link_that_sets_a_new_one(self, people, browse, bell, mail):
        answer, door = forget(browse, "Rae@Example.com ")
        bell.work()

        [taken] = mail.taken
        path = re.search(r"http://greenroom\.test(/reset-password/[\w-]{20,})", taken.text)[1]
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert SAID in door
        assert taken.to == ["rae@example.com"]
        assert browse().post(path, {"password": NEW}).status_code == 303
        assert operations.sign_in("rae@example.com", NEW).id == people.rae.id
        assert "password.forgotten" in set(session.scalars(select(AuditEntry.act)))

    @pytest.mark.parametrize("who", ["nobody", "shut"])
    def test_says_the_same_where_there_is_no_account(self, people, browse, bell, mail, who):
        with transaction():
            people.rae.deactivated_at = now()

        _, door = forget(browse, "rae@example.com" if who == "shut" else "nobody@example.com")

        assert SAID in door
        assert bell.runs == []
        assert session.scalars(select(OneTimeLink)).all() == []

    def test_writes_to_nobody_again_and_again(self, people, browse, bell, mail):
        forget(browse, "rae@example.com")
        _, door = forget(browse, "rae@example.com")
        assert SAID in door
        assert len(session.scalars(select(Letter)).all()) == 1

        with transaction():
            session.scalars(select(Letter)).one().created_at -= timedelta(minutes=5)
        forget(browse, "rae@example.com")

        assert len(session.scalars(select(Letter)).all()) == 2

    def test_shows_the_form_again_without_an_address(self, people, browse, mail):
        answer, _ = forget(browse, "")

        assert answer.status_code == 422
        assert "This is needed." in answer.text

    def test_is_led_to_by_the_door(self, people, browse, mail):
        page = browse().get("/sign-in").text

        assert 'href="/forgotten-password"' in page
        assert "bin/greenroom admin reset-link" not in page
        assert "Send me a link" in browse().get("/forgotten-password").text

    def test_is_not_there_without_mail(self, people, browse):
        assert browse().get("/forgotten-password").status_code == 404
        assert browse().post("/forgotten-password", {"email": "rae@example.com"}).status_code == 404
        assert 'href="/forgotten-password"' not in browse().get("/sign-in").text
        assert session.scalars(select(OneTimeLink)).all() == []
