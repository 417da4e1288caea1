"""What people do with their accounts: prove who they are, change what is known of them, make keys."""

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update

from app.accounts import queries
from app.accounts.models import ApiKey, User, confine
from app.core import audit
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, Unauthenticated
from app.core.ids import token
from app.core.secrets import derived_key, digest

SCOPES = ("read", "write", "admin")
SHORTEST_PASSWORD = 10
TOKEN_MINUTES = 15

hasher = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)


@functools.cache
def _nobody() -> str:
    """Return a hash to check against where there is no person, so that both answers take as long."""
    return hasher.hash(token())


def sign_in(email: str, password: str) -> User:
    """Return the person, or refuse without saying which of the two was wrong."""
    try:
        user = verified(email, password)
    except Unauthenticated:
        audit.record_refusal("session.refused", subject=email.strip() if "@" in email else "")
        raise
    audit.record("session.opened", by=user)
    return user


def verified(email: str, password: str) -> User:
    """Return whom an e-mail and a password belong to, or refuse; nobody is let in by that."""
    user = queries.user_by_email(email)
    try:
        hasher.verify(user.password_hash if user and user.password_hash else _nobody(), password)
    except (VerificationError, InvalidHashError):
        user = None
    if user is None or not user.is_active:
        raise Unauthenticated("This e-mail and password do not belong together. Check both and try again.")
    if hasher.check_needs_rehash(str(user.password_hash)):
        with transaction():
            user.password_hash = hasher.hash(password)
    return user


def sign_out(user: User) -> None:
    """Note that a person has left."""
    audit.record("session.closed", by=user)


def create_user(
    *, email: str, name: str, password: str | None, is_admin: bool = False, is_sample: bool = False
) -> User:
    """Make an account; without a password nobody can sign in with it."""
    if queries.user_by_email(email) is not None:
        raise Conflict("There is an account with this e-mail already. Sign in with it instead.")
    user = User(
        email=checked_email(email),
        name=name.strip() or email.partition("@")[0],
        password_hash=hashed(password) if password is not None else None,
        is_admin=is_admin,
        is_sample=is_sample,
    )
    with transaction():
        session.add(user)
        session.flush()  # what refers to the person needs the row
        if not is_sample:
            audit.record("user.made", by=user, subject=user.email, subject_id=user.id)
    return user


def prove(user: User, password: str | None, *, field: str) -> None:
    """Make sure that it is the person themselves who asks, by the password they have now."""
    try:
        verified(user.email, password or "")
    except Unauthenticated:
        raise Invalid.field(field, "This is not the password you have now.") from None


def hashed(password: str, *, field: str = "password") -> str:
    """Return a password as it is stored, or say that it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid.field(field, f"Take at least {SHORTEST_PASSWORD} characters.", type="too_short")
    return hasher.hash(password)


def checked_email(email: str) -> str:
    """Return an e-mail as it is stored, or say that it is none."""
    email = email.strip().lower()
    local, at, domain = email.rpartition("@")
    if not (at and local and "." in domain + "." and domain) or any(c.isspace() for c in email):
        raise Invalid.field(
            "email", "This is no e-mail address. It looks like name@example.com.", type="email"
        )
    return email


# --- keys and tokens -------------------------------------------------------------------------------------


def create_api_key(
    user: User,
    *,
    organization_id: UUID,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is never shown again."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Invalid.field("scopes", f"Choose from {', '.join(SCOPES)}.", type="enum")
    if expires_at is not None and expires_at.tzinfo is None:
        expires_at = expires_at.replace(tzinfo=UTC)
    if expires_at is not None and expires_at <= now():
        raise Invalid.field("expiresAt", "This moment is over. Choose one to come, or none.")
    secret = f"gr_{token(30)}"
    key = ApiKey(
        user_id=user.id,
        organization_id=organization_id,
        name=name.strip(),
        prefix=secret[:7],
        last_four=secret[-4:],
        digest=digest(secret),
        scopes=sorted({str(scope) for scope in scopes}),
        expires_at=expires_at,
    )
    with transaction():
        session.add(key)
        _note("key.made", key, by=user)
    return key, secret


def revoke_api_key(key: ApiKey, *, by: User) -> None:
    """End a key; it stays in the list."""
    _own(key, by)
    with transaction():
        key.revoked_at = key.revoked_at or now()
        _note("key.revoked", key, by=by)


def delete_api_key(key: ApiKey, *, by: User) -> None:
    """End a key and take it off the list."""
    _own(key, by)
    with transaction():
        _note("key.deleted", key, by=by)
        session.delete(key)


def _note(act: str, key: ApiKey, *, by: User) -> None:
    audit.record(
        act,
        by=by,
        subject=key.name,
        subject_id=key.id,
        organization_id=key.organization_id,
        detail=", ".join(key.scopes),
    )


def _own(key: ApiKey, by: User) -> None:
    if key.user_id != by.id:
        raise NotAllowed("A key is changed only by the person it belongs to.")


def user_of_key(secret: str) -> tuple[User, frozenset[str]] | None:
    """Return whom an API key stands for, confined to its organization, and what it may."""
    key = queries.key_of_secret(secret)
    if key is None or key.status != "active" or not key.user.is_active:
        return None
    if queries.is_to_be_noted(key.last_used_at):
        with transaction():
            key.last_used_at = now()
    return confine(key.user, key.organization_id), frozenset(key.scopes)


def note_key_use(key_id: UUID) -> None:
    """Remember that a key was used, where nobody loaded it."""
    with transaction():
        session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now()))


def issue_token(user: User) -> tuple[str, int]:
    """Make an access token; returns it and the seconds it holds."""
    import jwt  # with its cryptography it is eight megabytes that most processes never need

    moment = now()
    claims = {"sub": user.get_id(), "iat": moment, "exp": moment + timedelta(minutes=TOKEN_MINUTES)}
    return jwt.encode(claims, derived_key("access-token"), algorithm="HS256"), TOKEN_MINUTES * 60


def user_of_token(secret: str) -> User | None:
    """Return whom an access token stands for, unless it or the person's sessions ended."""
    import jwt

    try:
        claims: dict[str, Any] = jwt.decode(secret, derived_key("access-token"), algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return None
    return queries.user_of_token(str(claims.get("sub", "")))
