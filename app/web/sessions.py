"""The session of a browser: whom the cookie remembers, from the door to the way out."""

from typing import Any

from flask import request, session
from flask_login import login_user, logout_user


def let_in(user: Any) -> None:
    """Let the cookie remember this person; nothing planted in the session before stays."""
    session.clear()
    session.permanent = True
    login_user(user)


def let_out() -> None:
    """Forget who was here, and all else that the cookie knew."""
    logout_user()
    session.clear()


def wanted_path(fallback: str = "/") -> str:
    """Return where the caller wanted to go before being asked to sign in; only an address of this site."""
    wanted = request.values.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if is_ours and wanted.isprintable() else fallback
