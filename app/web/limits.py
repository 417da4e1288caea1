"""How often somebody may try: sign-in, tokens and links; all else is bounded by work, not by counting."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import RedisStorage

limiter = Limiter(get_remote_address, key_prefix="limits-fixed", strategy="fixed-window")

# It would load a second client, of six megabytes, and not use it.
RedisStorage.DEPENDENCIES = {"redis": RedisStorage.DEPENDENCIES["redis"]}

SIGN_IN = "20 per minute"


def init_app(app: Flask, *, storage: str) -> None:
    """Count in the queue's server, or in this process while that is away."""
    app.config["RATELIMIT_STORAGE_URI"] = storage
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = not storage.startswith("memory")
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    hooks = app.before_request_funcs.setdefault(None, [])
    known = len(hooks)
    limiter.init_app(app)
    del hooks[known:]  # marked views check themselves; nobody else pays for asking whether they are
