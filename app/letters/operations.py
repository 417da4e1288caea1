"""Having letters sent: written down with what asks for them, sent by a worker, tried again, thrown away."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from app.core import ledger
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.jobs import job
from app.core.ledger import Run
from app.integrations.mail import Message, NotSent, is_set_up, our_mail
from app.letters import queries
from app.letters.models import Letter, LetterKind, LetterStatus
from app.letters.writer import words_of

KEPT = timedelta(days=30)


def post(kind: LetterKind, *, to: str, **facts: str) -> Letter | None:
    """Have a letter sent once this is committed; None where this installation sends no mail."""
    if not is_set_up():
        return None
    letter = Letter(kind=kind, recipient=to, facts=facts)
    with transaction():
        session.add(letter)
        session.flush()  # its run bears its id
        send.later(letter.id)
    return letter


def withdraw(letter: Letter | None) -> bool:
    """Take back a letter that did not go yet, since what it says holds no more; tells whether it could."""
    if letter is None or letter.status is not LetterStatus.WAITING:
        return False
    with transaction():
        session.delete(letter)
    return True


@job(queue="quick", deadline=120, attempts=3)
def send(letter_id: UUID) -> None:
    """Hand a letter to the mail server, or keep why it did not go."""
    letter = session.get(Letter, letter_id)
    if letter is None or letter.status is not LetterStatus.WAITING:
        return
    trouble = _hand_over(letter)
    with transaction():
        if trouble is None:
            letter.note_sent()
        else:
            letter.note_trouble(trouble.reason, is_final=trouble.is_final)


def _hand_over(letter: Letter) -> NotSent | None:
    mail = our_mail()
    if mail is None:
        return NotSent("Mail is no longer set up here, so it was not sent.", is_final=True)
    if letter.facts is None:
        return NotSent("It was sealed with another SECRET_KEY and cannot be read any more.", is_final=True)
    words = words_of(letter.kind, letter.facts)
    let_go()
    try:
        mail.send(Message(number=str(letter.id), to=letter.recipient, **words._asdict()))
    except NotSent as trouble:
        return trouble
    return None


@ledger.when_ended("letters.send")
def _end(run: Run) -> None:
    """Try a letter again whose worker went away."""
    letter = session.get(Letter, UUID(run.subject_id))
    if letter is not None and letter.status is LetterStatus.WAITING:
        letter.note_trouble(run.error_message or "It was stopped.", is_final=False)


def send_due() -> int:
    """Try again what did not go before; called by the schedule."""
    due = queries.letters_due()
    for letter in due:
        with transaction():
            letter.next_try_at = None  # until this try ends
            send.later(letter.id)
    return len(due)


def forget_old_letters() -> int:
    """Throw away what was written more than thirty days ago; called by the schedule."""
    with transaction():
        old = delete(Letter).where(Letter.created_at < now() - KEPT)
        return session.execute(old).rowcount  # type: ignore[attr-defined,no-any-return]
