"""A browser for tests: carries the session, the origin and the CSRF token as a real one does."""

from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.operations import begin_sign_in


class Browser:
    """Opens pages and sends forms as one person, or as nobody."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        with self.client.session_transaction() as session:
            session["csrf_token"] = "a token for tests"
            if user is not None:
                session["_user_id"] = str(begin_sign_in(user, address="127.0.0.1").id)
                session["_fresh"] = True
        signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        self.token = signer.dumps("a token for tests")

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.send("POST", path, data=data, **more)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {
            "Origin": self.app.config["OWN_ORIGIN"],
            "X-CSRFToken": self.token,
            **more.pop("headers", {}),
        }
        return self.client.open(path, method=method, headers=headers, **more)

    def htmx(self, method: str, path: str, **more: Any) -> TestResponse:
        """Send what htmx would send."""
        return self.send(method, path, headers={"HX-Request": "true", **more.pop("headers", {})}, **more)
