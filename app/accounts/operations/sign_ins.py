"""Where people are signed in: begun at the door, seen now and then, ended one by one or all at once."""

from datetime import timedelta

from sqlalchemy import delete, update

from app.accounts.models import SignIn, User
from app.accounts.operations.devices import browser_of, system_of
from app.accounts.queries import is_over
from app.core.clock import now
from app.core.db import session, transaction

_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_ADDRESS = 45


def begin_sign_in(user: User, *, address: str = "", user_agent: str = "") -> SignIn:
    """Note that a person is signed in with one more browser, and forget those that ran out."""
    begun = SignIn(
        user_id=user.id,
        epoch=user.session_epoch,
        address=address[:_LONGEST_ADDRESS],
        browser=browser_of(user_agent),
        system=system_of(user_agent),
    )
    with transaction():
        session.execute(delete(SignIn).where(SignIn.user_id == user.id, is_over()))
        session.add(begun)
    return begun


def note_seen(signed_in: SignIn) -> None:
    """Remember that somebody looked at a page, at most once a minute."""
    if now() - signed_in.last_seen_at > _SEEN_EVERY:
        with transaction():
            moved = update(SignIn).where(SignIn.id == signed_in.id).values(last_seen_at=now())
            session.execute(moved)  # it may have been ended meanwhile, which is no trouble


def end_sign_in(signed_in: SignIn) -> None:
    """Sign one browser out; its cookie opens nothing any more."""
    with transaction():
        session.execute(delete(SignIn).where(SignIn.id == signed_in.id))


def end_other_sign_ins(user: User, *, but: SignIn | None = None) -> None:
    """Sign a person out everywhere else, and end their access tokens."""
    with transaction():
        user.session_epoch += 1
        ended = delete(SignIn).where(SignIn.user_id == user.id)
        if but is not None:
            ended = ended.where(SignIn.id != but.id)
            but.epoch = user.session_epoch
        session.execute(ended)
