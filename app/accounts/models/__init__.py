"""People, their keys, where they are signed in, and the single-use links that let somebody in."""

from app.accounts.models.people import ApiKey, ApiKeyStatus, LinkPurpose, OneTimeLink, User, confine
from app.accounts.models.sign_in import SignIn

__all__ = [
    "ApiKey",
    "ApiKeyStatus",
    "LinkPurpose",
    "OneTimeLink",
    "SignIn",
    "User",
    "confine",
]
