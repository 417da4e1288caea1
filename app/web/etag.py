"""Several people change one thing: its tag, 304 for who has it already, 412 for who changes an older one."""

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Response, request
from pydantic import BaseModel
from pydantic_core import from_json
from sqlalchemy import event

from app.core.db import session
from app.core.errors import DomainError, Outdated, Stale
from app.web import guards

Change = TypeVar("Change", bound=Callable[..., Any])


def tag_of(written: bytes) -> str:
    """Return what stands for a thing as it was written."""
    return hashlib.blake2b(written, digest_size=9).hexdigest()


def tagged(answer: Response) -> Response:
    """Give an answer its tag; who asks with `If-None-Match` and has just this gets 304 and no body."""
    tag = tag_of(answer.get_data())
    if request.method in guards.SAFE and request.if_none_match.contains_weak(tag):
        answer = Response(status=304)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@contextlib.contextmanager
def _keeping_what_is_read() -> Iterator[None]:
    """Keep every record that is loaded, so that a change begins from what its tag was compared with."""
    here, kept = session(), list[object]()

    def keep(_session: object, record: object) -> None:
        kept.append(record)

    event.listen(here, "loaded_as_persistent", keep)
    try:
        yield
    finally:
        event.remove(here, "loaded_as_persistent", keep)


def unless_outdated(change: Change, show: Callable[..., Any], write: Callable[[Any], Response]) -> Change:
    """Let a view change what another shows, unless the caller names an older one with `If-Match`.

    What is refused for that says both versions: what stands (`current`), and what was `sent`.
    """

    def stands(arguments: dict[str, Any]) -> bytes:
        return write(show(**{name: arguments[name] for name in request.view_args or {}})).get_data()

    def refusal(kind: type[Outdated | Stale], message: str, arguments: dict[str, Any]) -> DomainError:
        refused = kind(message, suggestion="`current` is how it stands now.")
        sent: BaseModel = arguments["body"]
        refused.versions = {
            "current": from_json(stands(arguments))["data"],
            "sent": sent.model_dump(mode="json", by_alias=True, exclude_unset=True),
        }
        return refused

    @functools.wraps(change)
    def act(**arguments: Any) -> Any:
        named = request.if_match
        try:
            with _keeping_what_is_read():
                if named and not named.contains_weak(tag_of(stands(arguments))):
                    raise refusal(Outdated, "This was changed since you read it.", arguments)
                return change(**arguments)
        except Stale as stale:
            raise refusal(Outdated if named else Stale, stale.message, arguments) from None

    return act  # type: ignore[return-value]
