"""What accounts take and give."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.models import ApiKeyStatus
from app.web.schemas import Moment, MomentIn, Paging, Schema

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=False)]


TimeZone = Annotated[str, StringConstraints(max_length=60)]


class Theme(StrEnum):
    """How somebody likes to see the pages."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Scope(StrEnum):
    """What a key may do, never more than its owner."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Credentials(Schema):
    """Who says to be whom."""

    email: Email
    password: Password


class TokenOut(Schema):
    """An access token; `expiresIn` counts seconds."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind of token, not one
    expires_in: int


class ProfileChange(Schema):
    """What to change of one's profile; what is missing stays.

    `timeZone` is a name such as `Europe/Vienna`, or "" for the device's own. Another `email` needs
    `currentPassword`.
    """

    name: Name | None = None
    email: Email | None = None
    current_password: Password | None = None
    theme: Theme | None = None
    time_zone: TimeZone | None = None


class EmailChange(Schema):
    """The e-mail to sign in with from now on, and the password that one has."""

    email: Email
    current_password: Password


class NewPassword(Schema):
    """The password that was, and the one to be."""

    current: Password
    new: Password


class PasswordReset(Schema):
    """The password to be, by whoever has the link for it."""

    password: Password


class ForgottenPassword(Schema):
    """Who forgot their password."""

    email: Email


class ResetLinkOut(Schema):
    """A single-use address at which a person sets a new password, this once."""

    url: str


class SignInOut(Schema):
    """Where the caller is signed in; `browser` and `system` are empty where they are not known."""

    id: UUID
    browser: str
    system: str
    address: str
    created_at: Moment
    last_seen_at: Moment


class ProfileOut(Schema):
    """A person, as they see themselves."""

    id: UUID
    email: str
    name: str
    theme: Theme
    time_zone: str
    is_admin: bool
    created_at: Moment


class KeysQuery(Paging):
    """Which keys to list."""

    status: ApiKeyStatus | None = None


class NewApiKey(Schema):
    """A key to make: what it is for, what it may, where, and how long."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1)]
    organization_id: UUID | None = None
    expires_at: MomentIn | None = None


class NewApiKeyForm(NewApiKey):
    """The same on the page, where the end may be a day: the key holds until that day is over."""

    expires_on: date | None = None


class ApiKeyOut(Schema):
    """A key, without its secret."""

    id: UUID
    name: str
    prefix: str
    last_four: str
    scopes: list[str]
    organization_id: UUID
    status: ApiKeyStatus
    created_at: Moment
    expires_at: Moment | None
    revoked_at: Moment | None
    last_used_at: Moment | None


class ApiKeyMade(ApiKeyOut):
    """A key with its secret, this once."""

    key: str
