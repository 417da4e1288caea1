"""The door, one's own profile, and where one is signed in."""

from app.accounts.views import doors, profile, sign_ins
from app.accounts.views.base import blueprint

__all__ = ["blueprint", "doors", "profile", "sign_ins"]
