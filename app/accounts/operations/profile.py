"""What people change of themselves: name, e-mail, how they see the pages, and the password."""

from zoneinfo import available_timezones

from app.accounts import queries
from app.accounts.models import SignIn, User
from app.accounts.operations.people import checked_email, hashed, prove
from app.accounts.operations.sign_ins import end_other_sign_ins
from app.core import audit
from app.core.db import transaction
from app.core.errors import Invalid


def change_profile(
    user: User,
    *,
    name: str | None = None,
    email: str | None = None,
    current_password: str | None = None,
    theme: str | None = None,
    time_zone: str | None = None,
) -> None:
    """Change what is known of a person; what is None stays, and another e-mail needs the password."""
    if time_zone and time_zone not in available_timezones():
        raise Invalid.field("timeZone", "Choose a time zone such as Europe/Vienna, or none.", type="enum")
    before = user.email
    taken = before if email is None else _new_email(user, email, current_password)
    with transaction():
        if taken != before:
            audit.record("user.moved", by=user, subject=taken, subject_id=user.id, detail=f"before: {before}")
        user.email = taken
        user.name = (name or "").strip() or user.name
        user.theme = str(theme or user.theme)
        user.time_zone = user.time_zone if time_zone is None else time_zone


def _new_email(user: User, wanted: str, current_password: str | None) -> str:
    email = checked_email(wanted)
    if email == user.email:
        return email
    prove(user, current_password, field="currentPassword")
    if queries.user_by_email(email) is not None:
        raise Invalid.field("email", "This e-mail cannot be taken here. Choose another.", type="taken")
    return email


def change_password(user: User, *, current: str, new: str, here: SignIn | None = None) -> None:
    """Set a new password, and sign out everywhere but here."""
    prove(user, current, field="current")
    kept = hashed(new, field="new")
    with transaction():
        user.password_hash = kept
        end_other_sign_ins(user, but=here)
        audit.record("password.changed", by=user, subject=user.email, subject_id=user.id)
