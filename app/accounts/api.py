"""Tokens and one's own profile, for programs."""

from http import HTTPStatus

from flask import Blueprint

from app.accounts import operations
from app.accounts.models import User
from app.accounts.schemas import ProfileChange, ProfileOut, SignIn, TokenOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.limits import SIGN_IN, limiter

blueprint = Blueprint("accounts_api", __name__)


@endpoint(
    blueprint,
    "POST",
    "/auth/token",
    operation="Exchange e-mail and password for a short-lived JWT (ours)",
    body=SignIn,
    answer=TokenOut,
    public=True,
    errors=(401, 429),
)
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def issue_token(body: SignIn) -> TokenOut:
    """Give an access token for 15 minutes; it ends with the person's sessions."""
    token, seconds = operations.issue_token(operations.sign_in(body.email, body.password))
    return TokenOut(access_token=token, expires_in=seconds)


@endpoint(blueprint, "GET", "/profile", operation="Get profile", answer=ProfileOut)
def get_profile() -> User:
    """Return the caller's own profile."""
    user: User = me()
    return user


@endpoint(blueprint, "PATCH", "/profile", operation="Update profile", body=ProfileChange, answer=ProfileOut)
def update_profile(body: ProfileChange) -> User:
    """Change the caller's name or theme; what is missing stays."""
    user: User = me()
    operations.change_profile(user, name=body.name, theme=body.theme)
    return user
