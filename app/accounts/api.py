"""Tokens, one's own profile, and where one is signed in, for programs."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint

from app.accounts import operations, queries
from app.accounts.models import SignIn, User
from app.accounts.schemas import Credentials, ProfileChange, ProfileOut, SignInOut, TokenOut
from app.core.paging import Page, paginate
from app.web.api import endpoint
from app.web.guards import here, me
from app.web.limits import SIGN_IN, limiter
from app.web.pages import load_or_404
from app.web.schemas import Paging

blueprint = Blueprint("accounts_api", __name__)


@endpoint(
    blueprint,
    "POST",
    "/auth/token",
    operation="Exchange e-mail and password for a short-lived JWT (ours)",
    body=Credentials,
    answer=TokenOut,
    public=True,
    errors=(401, 429),
)
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def issue_token(body: Credentials) -> TokenOut:
    """Give an access token for 15 minutes; it ends with the person's sessions."""
    token, seconds = operations.issue_token(operations.sign_in(body.email, body.password))
    return TokenOut(access_token=token, expires_in=seconds)


@endpoint(blueprint, "GET", "/profile", operation="Get profile", answer=ProfileOut)
def get_profile() -> User:
    """Return the caller's own profile."""
    user: User = me()
    return user


@endpoint(
    blueprint,
    "PATCH",
    "/profile",
    operation="Update profile",
    body=ProfileChange,
    answer=ProfileOut,
    errors=(429,),
)
@limiter.limit(SIGN_IN, deduct_when=lambda response: response.status_code >= HTTPStatus.BAD_REQUEST)
def update_profile(body: ProfileChange) -> User:
    """Change the caller's name, e-mail, theme or time zone; what is missing stays."""
    user: User = me()
    operations.change_profile(user, **body.model_dump())
    return user


@endpoint(
    blueprint,
    "GET",
    "/sessions",
    operation="List where the caller is signed in (ours)",
    query=Paging,
    answer=SignInOut,
    many=True,
)
def list_sign_ins(query: Paging) -> Page[SignIn]:
    """List the browsers that the caller is signed in with, the last seen first."""
    return paginate(queries.sign_ins_of(me()), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "DELETE",
    "/sessions/<uuid:sign_in_id>",
    operation="Sign one browser out (ours)",
    status=204,
    errors=(404,),
)
def end_sign_in(sign_in_id: UUID) -> None:
    """Sign one browser out; its cookie opens nothing any more."""
    operations.end_sign_in(load_or_404(queries.sign_in_of(me(), sign_in_id)))


@endpoint(blueprint, "DELETE", "/sessions", operation="Sign out everywhere else (ours)", status=204)
def end_other_sign_ins() -> None:
    """Sign out every browser but the caller's own, and end all access tokens; API keys stay."""
    operations.end_other_sign_ins(me(), but=here())
