"""A letter is a row first; a worker hands it over, and tries again what may go another time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import ledger
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Failed
from app.core.jobs import Run
from app.letters import operations as letters
from app.letters.models import PAUSES, Letter, LetterKind, LetterStatus

FACTS = {"text": "Show opening hours can be tried.", "url": "http://greenroom.test/acme", "choices": "x"}


def post(**facts: str) -> Letter | None:
    return letters.post(LetterKind.NOTICE, to="rae@example.com", **{**FACTS, **facts})


def only() -> Letter:
    return session.scalars(select(Letter)).one()


def come_due(letter: Letter) -> None:
    with transaction():
        letter.next_try_at = now() - timedelta(seconds=1)


class TestPost:
    def test_sends_after_the_commit(self, mail, bell):
        with transaction():
            post()
            assert bell.runs == []

        bell.work()

        [taken] = mail.taken
        assert (taken.to, taken.message["Subject"]) == (["rae@example.com"], FACTS["text"])
        assert FACTS["url"] in taken.text
        assert f'<a href="{FACTS["url"]}">' in taken.part("html")
        assert (only().status, only().tries, only().trouble) == (LetterStatus.SENT, 1, None)

    def test_sends_nothing_where_the_transaction_fails(self, mail, bell):
        def fail() -> None:
            with transaction():
                post()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()

        assert bell.runs == []
        assert session.scalars(select(Letter)).all() == []

    def test_writes_nothing_where_no_mail_is_set_up(self, bell, people):
        assert post() is None
        assert session.scalars(select(Letter)).all() == []

    def test_keeps_what_it_says_sealed_and_then_not_at_all(self, mail, bell):
        post()
        kept = session.connection().exec_driver_sql("SELECT facts FROM letters").scalar_one()

        bell.work()

        assert "opening hours" not in kept
        assert session.connection().exec_driver_sql("SELECT facts FROM letters").scalar_one() is None

    def test_escapes_what_people_wrote(self, mail, bell):
        post(text="<b>Bold</b> & more")
        bell.work()

        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in mail.taken[0].part("html")
        assert "<b>Bold</b> & more" in mail.taken[0].text


class TestTryAgain:
    def test_what_was_not_taken_goes_later(self, mail, bell):
        mail.answers["RCPT"] = "450 Come back later"
        post()
        bell.work()
        waiting = only()
        assert (waiting.status, waiting.tries) == (LetterStatus.WAITING, 1)
        assert "450 Come back later" in waiting.trouble
        assert letters.send_due() == 0

        mail.answers.clear()
        come_due(waiting)
        assert letters.send_due() == 1
        assert letters.send_due() == 0
        bell.work()

        assert (only().status, len(mail.taken), only().trouble) == (LetterStatus.SENT, 1, None)

    def test_gives_up_after_the_last(self, mail, bell):
        mail.answers["RCPT"] = "450 Come back later"
        post()
        bell.work()
        for _ in PAUSES:
            come_due(only())
            letters.send_due()
            bell.work()

        assert (only().status, only().tries) == (LetterStatus.FAILED, len(PAUSES) + 1)
        assert only().facts is None
        assert only().ended_at is not None

    def test_gives_up_at_once_where_it_will_never_go(self, mail, bell):
        mail.answers["RCPT"] = "550 No such user"
        post()
        bell.work()

        assert (only().status, only().tries) == (LetterStatus.FAILED, 1)
        assert "550 No such user" in only().trouble

    def test_is_not_sent_twice_where_the_job_is_done_twice(self, mail, bell):
        letter = post()

        letters.send(letter.id)
        letters.send(letter.id)

        assert len(mail.taken) == 1

    def test_goes_on_after_a_worker_that_went_away(self, mail, bell):
        post()
        run = session.scalars(select(Run)).one()

        with transaction():
            ledger.fail(run, Failed("worker_lost", "The process went away.", "Start it again."))

        assert (only().status, only().trouble) == (LetterStatus.WAITING, "The process went away.")
        come_due(only())
        assert letters.send_due() == 1

    def test_holds_no_connection_while_the_server_thinks(self, mail, bell, monkeypatch):
        seen = []
        monkeypatch.setattr(
            "app.integrations.mail.smtp.Smtp.send", lambda *_: seen.append(session().in_transaction())
        )
        post()

        bell.work()

        assert seen == [False]


class TestForget:
    def test_throws_away_what_is_old(self, mail, bell):
        post()
        bell.work()
        with transaction():
            only().created_at = now() - letters.KEPT - timedelta(hours=1)
        post()

        assert letters.forget_old_letters() == 1
        assert only().status is LetterStatus.WAITING

    def test_takes_back_what_did_not_go(self, mail, bell):
        letter = post()

        assert letters.withdraw(letter) is True
        bell.work()

        assert mail.taken == []
        assert letters.withdraw(None) is False
