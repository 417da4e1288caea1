"""The session of a browser: whom the cookie remembers, from the door to the way out."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.core.installation import installation
from app.web.guards import Callers


class Sessions(SecureCookieSessionInterface):
    """Cookie sessions; a request that presents a key has none, and does not pay for one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "Authorization" in request.headers:
            return self.session_class()
        if _shares_a_jar():
            return self._true_one(app, request)
        return super().open_session(app, request)

    def _true_one(self, app: Flask, request: Request) -> SecureCookieSession:
        """Read the first cookie that is ours: previews on this host can plant others of the same name."""
        signer = self.get_signing_serializer(app)
        longest = int(app.permanent_session_lifetime.total_seconds())
        for value in request.cookies.getlist(self.get_cookie_name(app)):
            try:
                return (
                    self.session_class(signer.loads(value, max_age=longest))
                    if signer
                    else self.session_class()
                )
            except BadSignature:
                continue
        return self.session_class()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        signer = super().get_signing_serializer(app)
        if signer is not None and _shares_a_jar():
            # Else whoever writes a preview could plant a session of their own in its visitor's browser.
            signer.salt = f"{self.salt} at {request.remote_addr}".encode()
        return signer

    def get_cookie_name(self, app: Flask) -> str:
        return "greenroom" if _came_by_the_former_address() else super().get_cookie_name(app)

    def get_cookie_secure(self, app: Flask) -> bool:
        return super().get_cookie_secure(app) and not _came_by_the_former_address()


def _shares_a_jar() -> bool:
    """Tell whether previews reach the cookies of where this came in; they do not at the address before."""
    return installation().shares_host and not _came_by_the_former_address()


def _came_by_the_former_address() -> bool:
    """Tell whether this came the way that ends once the new address was opened; it may not know of TLS."""
    former = urlsplit(installation().former_url)
    return former.scheme == "http" and request.host == former.netloc


def let_in(user: Any) -> None:
    """Let the cookie remember this person; nothing planted in the session before stays."""
    let_out()
    session.permanent = True
    login_user(user)
    session["_user_id"] = _callers().begin(
        user, address=request.remote_addr or "", user_agent=request.headers.get("User-Agent", "")
    )


def let_out() -> None:
    """Forget who was here, and all else that the cookie knew."""
    marker = session.pop("_user_id", None)
    if marker:
        _callers().end(marker)
    logout_user()
    session.clear()


def _callers() -> Callers:
    found: Callers = current_app.extensions["greenroom.callers"]
    return found


def wanted_path(fallback: str = "/") -> str:
    """Return where the caller wanted to go before being asked to sign in; only an address of this site."""
    wanted = request.values.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if is_ours and wanted.isprintable() else fallback
