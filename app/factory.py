"""create_app(): settings, kit, features, in reading order; wires what the layers below leave open."""

import logging
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, send_from_directory
from flask_login import LoginManager
from werkzeug.datastructures import Headers
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from app import pipeline
from app.accounts import operations as accounts
from app.accounts import queries as people
from app.config import Settings
from app.core import db, installation
from app.core.clock import iso
from app.core.ids import token
from app.desk import navigation
from app.environments import queries as environments
from app.organizations.models import memberships_of
from app.previews import queries as previews
from app.specs import queries as specs
from app.web import (
    addresses,
    assets,
    design,
    errors,
    formats,
    guards,
    health,
    languages,
    limits,
    openapi,
    origins,
    sessions,
)
from app.web.guards import Caller
from app.web.quick import Quick, QuickAnswers

ROOT = Path(__file__).resolve().parent.parent
LARGEST_BODY = 12 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application of one installation."""
    settings = settings or Settings.from_environment()
    here = settings.installation()
    installation.configure(here)
    _log(settings)
    app = Flask("app", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=here.secret_key,
        TESTING=settings.testing,
        VERSION=_version(),
        OWN_ORIGIN=here.url,
        SQLALCHEMY_DATABASE_URI=here.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(here.database_url),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        LARGEST_UPLOAD=here.files_limit_mb * 1024 * 1024 + LARGEST_BODY,
        LARGEST_ARCHIVE=here.archive_limit_mb * 1024 * 1024 + LARGEST_BODY,
        LONGEST_TEXT=LARGEST_BODY,
        SESSION_COOKIE_NAME="__Host-greenroom" if here.scheme == "https" else "greenroom",
        SESSION_COOKIE_SECURE=here.scheme == "https",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "app" / "translations"),
    )
    quick = {
        "/api/requests/{id}/preview/status": Quick(previews.quick_status),
        "(?:/api)?/spec-status/{hex}": Quick(specs.quick_status, read_id=str, enveloped=False),
        "/api/v1/org/{name}/ws/{name}/environments/{id}/status": Quick(
            environments.quick_status, enveloped=False
        ),
    }
    app.wsgi_app = QuickAnswers(app.wsgi_app, quick)  # type: ignore[method-assign]
    if here.proxies:
        trusted = dict.fromkeys(("x_for", "x_proto", "x_host"), here.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, **trusted)  # type: ignore[method-assign]
    app.session_interface = sessions.Sessions()
    db.connect(app)
    languages.init_app(app)
    # The guards say whom a page is for; Flask-Login would ask the database once more.
    LoginManager(app, add_context_processor=False).user_loader(_signed_in)
    origins.init_app(app)
    guards.init_app(app, _Callers())
    errors.init_app(app)
    assets.init_app(app)
    limits.init_app(app, storage="memory://" if settings.testing else _limits_storage(here.redis_url))
    _edges(app)
    addresses.init_app(app)
    _features(app)
    _templates(app)
    return app


def _signed_in(marker: str) -> Any | None:
    found = people.sign_in_of_marker(marker)
    return found.user if found is not None else None


class _Callers:
    """Finds people for the guards."""

    def begin(self, user: Any, *, address: str, user_agent: str) -> str:
        return str(accounts.begin_sign_in(user, address=address, user_agent=user_agent).id)

    def end(self, marker: str) -> None:
        found = people.sign_in_of_marker(marker)
        if found is not None:
            accounts.end_sign_in(found)

    def by_cookie(self, marker: str) -> Caller | None:
        found = people.sign_in_of_marker(marker)
        return Caller(found.user, "cookie", sign_in=found) if found is not None else None

    def note_seen(self, caller: Caller) -> None:
        accounts.note_seen(caller.sign_in)

    def by_bearer(self, secret: str) -> Caller | None:
        if secret.startswith("gr_"):
            found = accounts.user_of_key(secret)
            return Caller(found[0], "key", found[1]) if found and _still_belongs(found[0]) else None
        user = accounts.user_of_token(secret)
        return Caller(user, "token") if user else None


def _still_belongs(user: Any) -> bool:
    """Tell whether a key's owner is no stranger to its organization; an installation's admin is none."""
    return bool(user.is_admin or memberships_of(user))


FEATURES = (
    "accounts",
    "organizations",
    "notifications",
    "projects",
    "requests",
    "interviews",
    "specs",
    "apps",
    "development",
    "previews",
    "reviews",
    "environments",
    "archives",
    "admin",
    "webhooks",
    "alerts",
    "desk",
    "demo",
)


def _features(app: Flask) -> None:
    """Register the pages and endpoints of every feature that has them, lowest first."""
    for blueprint in (health.blueprint, openapi.blueprint, design.blueprint):
        app.register_blueprint(blueprint)
    for feature in FEATURES:
        for part in ("views", "api", "editor"):
            if find_spec(f"app.{feature}") and find_spec(f"app.{feature}.{part}"):
                app.register_blueprint(import_module(f"app.{feature}.{part}").blueprint)
    app.extensions["greenroom.pipeline"] = pipeline


def _edges(app: Flask) -> None:
    @app.before_request
    def number_the_request() -> None:
        g.request_id = token(9)

    app.before_request_funcs[None].insert(0, app.before_request_funcs[None].pop())

    here = installation.installation()
    local = next((url for url in here.origins if urlsplit(url).hostname == "localhost"), "")
    port = urlsplit(local).port
    aliases = {f"127.0.0.1:{port}", f"[::1]:{port}"} if local else set()

    @app.before_request
    def come_by_the_address_we_go_by() -> BaseResponse | None:
        """Lead a browser that came by a number to the name that cookies and forms belong to."""
        is_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if request.host in aliases and is_page:
            return redirect(local + request.full_path.rstrip("?"))
        return None

    for_all = [("X-Content-Type-Options", "nosniff")]
    for_pages = {
        "Referrer-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        f"frame-src 'self' {here.preview_origins}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }

    if here.scheme == "https" or urlsplit(here.url).hostname == "localhost":  # elsewhere browsers ignore it
        for_pages["Cross-Origin-Opener-Policy"] = "same-origin"

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.extend(for_all)
        headers["X-Request-Id"] = g.get("request_id", "")
        if response.content_type != "application/json":
            for name, value in for_pages.items():
                headers.setdefault(name, value)
            _allow_styles(headers)
        if "Cache-Control" not in headers and request.endpoint != "static":
            headers["Cache-Control"] = "private, no-store"
        return response

    @app.get("/favicon.ico")
    @guards.public
    def favicon() -> Response:
        """Give the site's icon where browsers look for it unasked."""
        return send_from_directory(ROOT / "static" / "img", "favicon.svg", mimetype="image/svg+xml")


def _allow_styles(headers: Headers) -> None:
    """Let a page's script bring styles along that carry the nonce which the page was made with."""
    if nonce := g.pop("style_nonce", None):
        policy = headers["Content-Security-Policy"]
        own = f"style-src 'self' 'nonce-{nonce}'"
        headers["Content-Security-Policy"] = policy.replace("style-src 'self'", own, 1)


def _templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["iso"] = iso
    app.jinja_env.globals["file_limit_mb"] = installation.installation().file_limit_mb
    formats.init_app(app)

    @app.context_processor
    def shell() -> dict[str, Any]:
        found = guards.caller()
        return {
            "current_user": found.user if found else None,
            "nav": navigation.shell(found.user) if found else None,
            "installation": installation.installation(),
        }


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": 15, "check_same_thread": False},
            "pool_size": 16,
            "pool_use_lifo": True,  # the same few connections, each with pages of its own in memory
            "max_overflow": 48,
        }
    return {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True}


def _limits_storage(redis_url: str) -> str:
    return (
        "redis+unix://" + redis_url.removeprefix("unix://") if redis_url.startswith("unix://") else redis_url
    )


def _version() -> str:
    try:
        return version("greenroom")
    except PackageNotFoundError:
        import tomllib

        return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def _log(settings: Settings) -> None:
    if not logging.getLogger().handlers:
        logging.basicConfig(
            level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
