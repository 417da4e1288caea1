"""Links that let somebody do one thing once: be the first admin, or set a new password."""

from datetime import timedelta

from sqlalchemy import delete

from app.accounts import queries
from app.accounts.models import LinkPurpose, OneTimeLink, User
from app.accounts.operations.people import hashed
from app.accounts.operations.sign_ins import end_other_sign_ins
from app.core import audit
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotFound
from app.core.ids import token
from app.core.installation import installation
from app.core.secrets import digest
from app.integrations.mail import is_set_up
from app.letters.models import LetterKind
from app.letters.operations import post
from app.letters.queries import was_written_to

FIRST_ADMIN_HOURS = 24
RESET_HOURS = 24
_BETWEEN_LETTERS = timedelta(minutes=2)


def first_admin_link() -> str | None:
    """Return a fresh single-use address for the first admin; None when there is one."""
    if queries.has_admin():
        return None
    return f"{installation().url}/welcome/{_make(LinkPurpose.FIRST_ADMIN, hours=FIRST_ADMIN_HOURS)}"


def reset_link(user: User) -> str:
    """Return a fresh single-use address at which a person sets a new password; the one before ends."""
    if user.is_sample:
        raise Conflict(f"{user.name} belongs to the sample and cannot sign in.")
    if not user.is_active:
        raise Conflict(f"The account of {user.name} is closed. Open it again first.")
    with transaction():
        session.execute(
            delete(OneTimeLink).where(
                OneTimeLink.purpose == LinkPurpose.PASSWORD_RESET, OneTimeLink.user_id == user.id
            )
        )
        secret = _make(LinkPurpose.PASSWORD_RESET, user=user, hours=RESET_HOURS)
    return f"{installation().url}/reset-password/{secret}"


def mail_reset_link(email: str) -> None:
    """Send somebody a link to a new password, where they have an account; nobody is told whether they do."""
    if not is_set_up():
        raise NotFound(
            "This Greenroom sends no mail. Ask an admin of your team for a link to a new password."
        )
    user = queries.user_by_email(email)
    if user is None or user.is_sample or not user.is_active:
        return
    with transaction():
        if was_written_to(user.email, LetterKind.PASSWORD, since=now() - _BETWEEN_LETTERS):
            return
        audit.record("password.forgotten", by=None, subject=user.email, subject_id=user.id)
        post(LetterKind.PASSWORD, to=user.email, name=user.name, url=reset_link(user), hours=str(RESET_HOURS))


def reset_password(secret: str, *, password: str) -> User:
    """Set a new password through a link, and sign out everywhere."""
    link = queries.link_of(LinkPurpose.PASSWORD_RESET, secret)
    user = queries.user_of_link(link) if link is not None else None
    if link is None or user is None or not user.is_active:
        raise NotFound("This link was used already, or is too old. Ask an admin of your team for a new one.")
    kept = hashed(password)
    with transaction():
        use_link(link)
        user.password_hash = kept
        end_other_sign_ins(user)
        audit.record("password.reset", by=user, subject=user.email, subject_id=user.id)
    return user


def use_link(link: OneTimeLink) -> None:
    """Use a link up; whoever comes second is refused."""
    with transaction():
        session.refresh(link, with_for_update=session.get_bind().dialect.name == "postgresql")
        if not link.holds:
            raise Conflict("This link was used already, or is too old. Ask for a new one.")
        link.used_at = now()


def _make(purpose: LinkPurpose, *, hours: int, user: User | None = None) -> str:
    secret = token()
    with transaction():
        session.add(
            OneTimeLink(
                purpose=purpose,
                user_id=user.id if user is not None else None,
                digest=digest(secret),
                expires_at=now() + timedelta(hours=hours),
            )
        )
    return secret
