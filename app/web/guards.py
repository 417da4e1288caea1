"""Who asks, and may they at all: signed in by default, one Origin, CSRF for cookies, scopes for keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect

from app.core.errors import DomainError, NotAllowed, Unauthenticated
from app.core.installation import installation

csrf = CSRFProtect()
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
ALL_SCOPES = frozenset({"read", "write", "admin"})
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Caller:
    """Who asks: a person, through a session cookie, an API key or an access token."""

    user: Any
    via: str  # cookie, key or token
    scopes: frozenset[str] = ALL_SCOPES
    sign_in: Any = None  # of the browser whose cookie it is


class Callers(Protocol):
    """How the factory lets the guards find a person without the web kit knowing the accounts."""

    def begin(self, user: Any, *, address: str, user_agent: str) -> str:
        """Note that a person is signed in with one more browser; returns the marker for its cookie."""

    def end(self, marker: str) -> None:
        """Sign out the browser whose cookie has this marker."""

    def by_cookie(self, marker: str) -> Caller | None:
        """Return who asks with a session cookie of this marker."""

    def note_seen(self, caller: Caller) -> None:
        """Remember that somebody looked at a page just now."""

    def by_bearer(self, secret: str) -> Caller | None:
        """Return who an API key or an access token belongs to."""


def public(view: View) -> View:
    """Let nobody in particular see this; everything else asks for a person."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def for_programs(view: View) -> View:
    """Speak JSON here, whatever the address is."""
    view.is_for_programs = True  # type: ignore[attr-defined]
    return view


def is_for_programs() -> bool:
    """Tell whether what is asked for was made for programs."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_for_programs", False)


def guards_itself(view: View) -> View:
    """Leave the question who asks to the view: it reads the bearer and the state in one statement."""
    view.guards_itself = True  # type: ignore[attr-defined]
    return view


def works_at_rest(view: View) -> View:
    """Let this be asked of what rests, too: it reads, or takes it up again."""
    view.works_at_rest = True  # type: ignore[attr-defined]
    return view


def takes_files(view: View) -> View:
    """Take pictures and files with a form: far more than what a form without them may carry."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_archives(view: View) -> View:
    """Take one file that may be larger than all that people hand in together."""
    view.takes_archives = True  # type: ignore[attr-defined]
    return view


def needs_scope(scope: str) -> Callable[[View], View]:
    """Ask keys for this scope instead of the one that the method implies."""

    def mark(view: View) -> View:
        view.scope = scope  # type: ignore[attr-defined]
        return view

    return mark


def caller() -> Caller | None:
    """Return who asks, or None."""
    found: Caller | None = g.get("caller")
    return found


def me() -> Any:
    """Return the person who asks; there is one wherever a view is not public."""
    found = caller()
    if found is None:
        raise Unauthenticated("Sign in first, or send an API key.")
    return found.user


def here() -> Any:
    """Return the sign-in of the browser that asks; None for a program."""
    found = caller()
    return found.sign_in if found is not None else None


def scopes() -> frozenset[str]:
    """Return what the caller may do: all, unless a key was made for less."""
    found = caller()
    return found.scopes if found else frozenset()


def bearer() -> str | None:
    """Return the secret that was presented in a header, if there is one."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and secret.strip():
        return secret.strip()
    return request.headers.get("X-API-Key", "").strip() or None


def init_app(app: Flask, callers: Callers) -> None:
    """Guard every route of the application."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.extensions["greenroom.callers"] = callers
    app.before_request(_guard)


def identify() -> Caller | None:
    """Find out who asks; a header wins over the cookie, and a wrong one is not forgiven."""
    callers: Callers = current_app.extensions["greenroom.callers"]
    secret = bearer()
    if secret is not None:
        found = callers.by_bearer(secret)
        if found is None:
            raise Unauthenticated("This key is not known, was revoked or has expired. Make a new one.")
        return found
    marker = session.get("_user_id")
    return callers.by_cookie(marker) if marker else None


def program() -> Caller | None:
    """Find out which program asks that carries its key as a password, as git does, or as a bearer."""
    callers: Callers = current_app.extensions["greenroom.callers"]
    sent = request.authorization
    secret = sent.password if sent is not None and sent.type == "basic" else bearer()
    return callers.by_bearer(secret) if secret else None


def _guard() -> Any:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "guards_itself", False):
        return None
    g.caller = found = identify()
    if found is None and not getattr(view, "is_public", False):
        return _ask_to_sign_in()
    if getattr(view, "takes_files", False):
        request.max_content_length = current_app.config["LARGEST_UPLOAD"]
        request.max_form_memory_size = current_app.config["LONGEST_TEXT"]
    if getattr(view, "takes_archives", False):
        request.max_content_length = current_app.config["LARGEST_ARCHIVE"]
    if request.method not in SAFE and (found is None or found.via == "cookie") and not _is_foreign_edge(view):
        check_browser()
    if found is not None and found.via == "key":
        check_scope(found, getattr(view, "scope", None))
    if found is not None and found.via == "cookie" and _is_visit():
        callers: Callers = current_app.extensions["greenroom.callers"]
        callers.note_seen(found)
    return None


def _is_visit() -> bool:
    """Tell whether somebody opens a page; one that is left open asks for its parts with nobody there."""
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("HX-Request") != "true"
        and "text/html" in headers.get("Accept", "")
    )


def demand() -> Caller:
    """Find out who asks and check their scope, in a view that guards itself; nobody is a 401."""
    g.caller = found = identify()
    if found is None:
        raise Unauthenticated("Sign in first, or send an API key as `Authorization: Bearer KEY`.")
    if found.via == "key":
        check_scope(found)
    return found


def _is_foreign_edge(view: Any) -> bool:
    """Tell whether a view takes unsafe requests from programs that carry no cookie (git, tokens)."""
    return getattr(view, "from_programs", False) and not session.get("_user_id")


def from_programs(view: View) -> View:
    """Take unsafe requests without CSRF from programs that come without a cookie."""
    view.from_programs = True  # type: ignore[attr-defined]
    return view


def check_scope(found: Caller, scope: str | None = None) -> None:
    """Refuse what the key was not made for."""
    wanted = scope or ("read" if request.method in SAFE else "write")
    if wanted not in found.scopes:
        raise NotAllowed(f"This key does not carry the scope `{wanted}`. Make one that does, or use another.")


def check_browser() -> None:
    """Refuse an unsafe request that another site may have made a browser send."""
    origin = request.headers.get("Origin")
    if origin not in installation().origins and not (
        origin is None and request.headers.get("Sec-Fetch-Site") == "same-origin"
    ):
        raise NotAllowed("This came from another site. Open Greenroom itself and repeat it there.")
    try:
        csrf.protect()
    except CSRFError:
        raise ExpiredForm from None


class ExpiredForm(DomainError):
    """The page was open longer than its session."""

    status = 400
    type = "expired_form"

    def __init__(self) -> None:
        super().__init__("This page was open for too long. Reload it and send it again; nothing was changed.")


def _ask_to_sign_in() -> Any:
    is_page = not request.path.startswith("/api/") and not is_for_programs()
    if not is_page or request.headers.get("HX-Request") or request.method not in SAFE:
        raise Unauthenticated("Sign in first, or send an API key as `Authorization: Bearer KEY`.")
    target = request.full_path.rstrip("?")
    return redirect(url_for("accounts.sign_in", next=None if target == "/" else target))
