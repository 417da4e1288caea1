"""Whoever runs the installation tries its mail, and sees what went and what did not."""

import pytest
from sqlalchemy import select

from app.accounts.operations import issue_token
from app.core.db import session
from app.letters.models import Letter, LetterStatus


class TestTryMail:
    def test_sends_oneself_a_letter(self, olga, browse, bell, mail):
        browser = browse(olga)

        answer = browser.post("/admin/mail/trial")
        page = browser.get("/admin/mail").text
        bell.work()

        assert (answer.status_code, answer.location) == (303, "/admin/mail")
        assert "olga@example.com" in page
        assert "every 2s" in page
        [taken] = mail.taken
        assert (taken.to, taken.message["Subject"]) == (["olga@example.com"], "Mail from Greenroom arrives")
        assert "Olga Operator asked for this letter" in taken.text
        after = browser.htmx("GET", "/admin/mail").text
        assert after.lstrip().startswith('<div class="stack" id="letters">')
        assert "Sent" in after

    def test_says_why_it_did_not_go(self, olga, browse, bell, mail):
        mail.answers["MAIL"] = "553 Not from you"
        browser = browse(olga)
        browser.post("/admin/mail/trial")
        bell.work()

        page = browser.get("/admin/mail").text

        assert "did not take the letter: 553 Not from you" in page
        assert session.scalars(select(Letter)).one().status is LetterStatus.FAILED
        assert "553 Not from you" not in browser.get("/admin/mail?status=sent").text

    def test_says_what_is_missing(self, olga, browse):
        browser = browse(olga)

        page = browser.get("/admin/mail").text
        answer = browser.post("/admin/mail/trial")

        assert "GREENROOM_SMTP_URL" in page
        assert 'action="/admin/mail/trial"' not in page
        assert answer.status_code == 409
        assert session.scalars(select(Letter)).all() == []

    @pytest.mark.parametrize("who", ["ada", "vic", "eve"])
    def test_is_for_the_operator_alone(self, people, browse, mail, who):
        browser = browse(getattr(people, who))

        assert browser.get("/admin/mail").status_code == 403
        assert browser.post("/admin/mail/trial").status_code == 403
        assert session.scalars(select(Letter)).all() == []

    def test_by_programs(self, people, olga, api, bell, mail):
        token, _ = issue_token(olga)

        made = api("POST", "/admin/letters", token)
        bell.work()
        listed = api("GET", "/admin/letters?status=sent&limit=1", token).json

        assert (made.status_code, made.json["data"]["status"]) == (201, "waiting")
        assert [(each["kind"], each["recipient"], each["status"]) for each in listed["data"]] == [
            ("trial", "olga@example.com", "sent")
        ]
        assert listed["meta"]["total"] == 1
        assert api("POST", "/admin/letters", people.key(olga)).status_code == 403
