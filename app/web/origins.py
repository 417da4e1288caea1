"""Where a request comes from, as the audit log keeps it: an address, and what kind of program sent it."""

from flask import Flask, request

from app.core import audit
from app.core.audit import Client, Origin


def init_app(app: Flask) -> None:
    """Let everything that a request causes know where it came from, and nothing after it."""

    @app.before_request
    def come() -> None:
        audit.come_from(Origin(_client(), request.remote_addr or ""))

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        audit.come_from(Origin())


def _client() -> Client:
    said = request.headers.get("User-Agent", "")
    if said.startswith("git/"):
        return Client.GIT
    return Client.BROWSER if said.startswith("Mozilla/") else Client.PROGRAM
