"""What accounts take and give."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.models import ApiKeyStatus
from app.web.schemas import Moment, MomentIn, Schema

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=False)]


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


class SignIn(Schema):
    """Who says to be whom."""

    email: Email
    password: Password


class TokenOut(Schema):
    """An access token; `expiresIn` counts seconds."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind of token, not one
    expires_in: int


class ProfileChange(Schema):
    """What to change of one's profile; what is missing stays."""

    name: Name | None = None
    theme: Theme | None = None


class NewPassword(Schema):
    """The password that was, and the one to be."""

    current: Password
    new: Password


class ProfileOut(Schema):
    """A person, as they see themselves."""

    id: UUID
    email: str
    name: str
    theme: Theme
    is_admin: bool
    created_at: Moment


class NewApiKey(Schema):
    """A key to make: what it is for, what it may, where, and how long."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1)]
    organization_id: UUID | None = None
    expires_at: MomentIn | None = None


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
