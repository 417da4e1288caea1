"""Who is who."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import ApiKey, ApiKeyStatus, LinkPurpose, OneTimeLink, SignIn, User
from app.core.clock import now
from app.core.db import session
from app.core.secrets import digest


def user_by_email(email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


SIGN_IN_DAYS = 31


def sign_in_of_marker(marker: str) -> SignIn | None:
    """Return the sign-in that a session cookie names, with its person; None once it ended."""
    try:
        named = UUID(marker)
    except ValueError:
        return None
    query = (
        select(SignIn)
        .join(SignIn.user)
        .options(contains_eager(SignIn.user))
        .where(SignIn.id == named, _holds(), User.deactivated_at.is_(None))
    )
    return session.scalars(query).unique().first()


def sign_ins_of(user: User) -> Select[SignIn]:
    """Return where a person is signed in, the last seen first."""
    return (
        select(SignIn)
        .join(SignIn.user)
        .options(contains_eager(SignIn.user))
        .where(SignIn.user_id == user.id, _holds())
        .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    )


def sign_in_of(user: User, sign_in_id: UUID) -> Select[SignIn]:
    return sign_ins_of(user).where(SignIn.id == sign_in_id)


def is_over() -> ColumnElement[bool]:
    """Return the condition that a browser was away for longer than its cookie holds."""
    return SignIn.last_seen_at < now() - timedelta(days=SIGN_IN_DAYS)


def _holds() -> ColumnElement[bool]:
    return and_(SignIn.epoch == User.session_epoch, ~is_over())


def user_of_token(marker: str) -> User | None:
    """Return the person whom an access token names, unless their sessions were ended."""
    user_id, _, epoch = marker.partition(".")
    try:
        user = session.get(User, UUID(user_id))
    except ValueError:
        return None
    return user if user and user.is_active and str(user.session_epoch) == epoch else None


def key_of_secret(secret: str) -> ApiKey | None:
    return session.scalars(select(ApiKey).where(ApiKey.digest == digest(secret))).first()


def is_to_be_noted(last_used_at: datetime | None) -> bool:
    """Tell whether the use of a key is to be written down: once a minute is enough."""
    return last_used_at is None or now() - last_used_at > timedelta(minutes=1)


def keys_of(user: User, *, status: ApiKeyStatus | None = None) -> Select[ApiKey]:
    """Return a person's keys, newest first; through a key, only those of its own organization."""
    query = select(ApiKey).where(ApiKey.user_id == user.id)
    if user.confined_to is not None:
        query = query.where(ApiKey.organization_id == user.confined_to)
    if status is not None:
        query = query.where(_is(status))
    return query.order_by(ApiKey.created_at.desc(), ApiKey.id.desc())


def _is(status: ApiKeyStatus) -> ColumnElement[bool]:
    """Return the condition that a key's `status` is this one."""
    is_over = and_(ApiKey.expires_at.is_not(None), ApiKey.expires_at <= now())
    return {
        ApiKeyStatus.REVOKED: ApiKey.revoked_at.is_not(None),
        ApiKeyStatus.EXPIRED: and_(ApiKey.revoked_at.is_(None), is_over),
        ApiKeyStatus.ACTIVE: and_(
            ApiKey.revoked_at.is_(None), or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now())
        ),
    }[status]


def key_of(user: User, key_id: UUID) -> Select[ApiKey]:
    return keys_of(user).where(ApiKey.id == key_id)


def has_admin() -> bool:
    return bool(session.scalar(select(func.count()).select_from(User).where(User.is_admin.is_(True))))


def first_admin() -> User | None:
    """Return who has administered this installation for longest."""
    return session.scalars(
        select(User).where(User.is_admin.is_(True)).order_by(User.created_at, User.id).limit(1)
    ).first()


def link_of(purpose: LinkPurpose, secret: str) -> OneTimeLink | None:
    link = session.scalars(
        select(OneTimeLink).where(OneTimeLink.purpose == purpose, OneTimeLink.digest == digest(secret))
    ).first()
    return link if link is not None and link.holds else None


def user_of_link(link: OneTimeLink) -> User | None:
    """Return whose link this is, where it is somebody's."""
    return session.get(User, link.user_id) if link.user_id is not None else None
