"""What the pages of the administration share."""

from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, request
from pydantic import BaseModel

from app.admin.permissions import can_administer_installation
from app.core.errors import NotAllowed
from app.web.guards import me
from app.web.schemas import read

blueprint = Blueprint("admin", __name__)
Shape = TypeVar("Shape", bound=BaseModel)


def must_administer() -> None:
    """Let nobody on who is no admin of the whole installation."""
    if not can_administer_installation(me()):
        raise NotAllowed("Only an admin of the whole installation sees this.")


def asked(shape: type[Shape]) -> Shape:
    """Read what the address asks for; what is empty does not count."""
    return read(shape, {name: value for name, value in request.args.items() if value}, place="query")


def same_page(**changes: object) -> str:
    """Return this page's address with something else asked for."""
    kept = {name: value for name, value in {**request.args, **changes}.items() if value not in {None, ""}}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path
