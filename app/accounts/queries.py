"""Who is who."""

from uuid import UUID

from sqlalchemy import Select, func, select

from app.accounts.models import ApiKey, LinkPurpose, OneTimeLink, User
from app.core.db import session
from app.core.secrets import digest


def user_by_email(email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


def user_of_marker(marker: str) -> User | None:
    """Return the person whom a session cookie remembers, unless their sessions were ended."""
    user_id, _, epoch = marker.partition(".")
    try:
        user = session.get(User, UUID(user_id))
    except ValueError:
        return None
    return user if user and user.is_active and str(user.session_epoch) == epoch else None


def key_of_secret(secret: str) -> ApiKey | None:
    return session.scalars(select(ApiKey).where(ApiKey.digest == digest(secret))).first()


def keys_of(user: User) -> Select[ApiKey]:
    """Return a person's keys; through a key, only those of its own organization."""
    newest_first = (ApiKey.created_at.desc(), ApiKey.id.desc())
    query = select(ApiKey).where(ApiKey.user_id == user.id).order_by(*newest_first)
    return query if user.confined_to is None else query.where(ApiKey.organization_id == user.confined_to)


def all_keys_of(user: User) -> list[ApiKey]:
    """Return a person's keys, newest first."""
    return list(session.scalars(keys_of(user)).unique())


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
