"""What stands in an address besides names, numbers and UUIDs."""

from typing import Any

from flask import request
from flask.sansio.app import App
from werkzeug.routing import BaseConverter

from app.core.errors import Invalid, NotFound


class PrefixedId(BaseConverter):
    """An id that says what it is of, such as `dpl_01…`; anything else is no such address."""

    def __init__(self, url_map: Any, prefix: str) -> None:
        super().__init__(url_map)
        self.regex = f"{prefix}_[0-9a-z]{{26}}"


class ObjectId(BaseConverter):
    """An id of 24 hexadecimal digits."""

    regex = "[0-9a-f]{24}"


class Given(BaseConverter):
    """Whatever somebody gives as an id: one that is none is not found, in the words of its family."""

    regex = "[^/]{1,200}"


def init_app(app: App) -> None:
    """Let routes name what kind of id they take: `<prefixed(dpl):deploy_id>`."""
    app.url_map.converters["prefixed"] = PrefixedId
    app.url_map.converters["object_id"] = ObjectId
    app.url_map.converters["given"] = Given
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """Ask no database for a name with a NUL in it: Postgres would not take the question."""
    if "\x00" in request.path:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    if b"%00" in request.query_string:
        raise Invalid("Leave out the character NUL (`%00`) in the address.")
