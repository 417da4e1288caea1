"""Anticipated trouble. `web/errors.py` says it once, as page, fragment or JSON; a run keeps it as its end."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, TypedDict


class Fault(TypedDict):
    """One thing wrong with one input: where, in words, and by a stable type."""

    loc: list[str | int]
    msg: str
    type: str


class DomainError(Exception):
    """Something a person or a program can act on; the message says what happened and what to do."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "bad_request"
    retry_after: int | None = None  # seconds, where coming back helps
    facts: Mapping[str, Any] = MappingProxyType({})  # what programs may read beside the sentence

    def __init__(self, message: str, *, code: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.type
        self.suggestion = suggestion
        self.versions: dict[str, Any] = {}


class Unauthenticated(DomainError):
    """Nobody is signed in, or the key is not known."""

    status = 401
    type = "unauthenticated"


class NotAllowed(DomainError):
    """The person can see it but may not do this."""

    status = 403
    type = "not_allowed"


class NotFound(DomainError):
    """It does not exist, as far as this person may know."""

    status = 404
    type = "not_found"


class Conflict(DomainError):
    """Somebody else was first, or the thing is not in a state for this."""

    status = 409
    type = "conflict"


class Stale(Conflict):
    """Somebody else changed what this change was made of; both versions can be shown."""


class Outdated(DomainError):
    """The version that was named is not the newest; `current` is, and `sent` is what was to become of it."""

    status = 412
    type = "precondition_failed"


class IllegalTransition(Conflict):
    """The state has no such move."""

    type = "illegal_transition"


class Gone(DomainError):
    """It was here and is over."""

    status = 410
    type = "gone"


class TooLarge(DomainError):
    """More bytes than this place takes."""

    status = 413
    type = "too_large"


class Invalid(DomainError):
    """The input does not hold; `errors` names each place."""

    status = 422
    type = "invalid"

    def __init__(self, message: str, *, errors: Sequence[Fault] = (), **more: Any) -> None:
        super().__init__(message, **more)
        self.errors = list(errors)

    @classmethod
    def field(cls, name: str, message: str, *, type: str = "value_error") -> "Invalid":  # noqa: A002 - the wire's word
        """Say one thing about one field of the body."""
        return cls(message, errors=[{"loc": ["body", name], "msg": message, "type": type}])


class TooMany(DomainError):
    """Too often in too short a time."""

    status = 429
    type = "too_many_requests"


class Unavailable(DomainError):
    """A part of the installation that this needs is away for the moment."""

    status = 503
    type = "unavailable"


class Failed(DomainError):
    """Work that ended badly: what, why, what to do next, and the lines of the log that matter."""

    status = 500
    type = "failed"

    def __init__(
        self, code: str, message: str, suggestion: str | None = None, lines: Sequence[str] = ()
    ) -> None:
        super().__init__(message, code=code, suggestion=suggestion)
        self.lines = list(lines)


class Cancelled(Exception):
    """Somebody asked for this work to stop."""
