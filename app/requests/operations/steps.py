"""The steps of a request: a small list to tick off."""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.requests import permissions, queries
from app.requests.models import ProductRequest, RequestStep

MOST_STEPS = 50


def add_step(request: ProductRequest, *, by: User, text: str) -> RequestStep:
    """Add a step at the end of a request's list."""
    _may_change(by, request)
    words = _words(text)
    with transaction():
        steps = _steps_alone(request)
        if len(steps) >= MOST_STEPS:
            raise Conflict(f"A request has at most {MOST_STEPS} steps. Remove one, or file a second request.")
        step = RequestStep(request=request, text=words)
        session.add(step)
        _number(request, [*steps, step])
    return step


def change_step(
    step: RequestStep,
    *,
    by: User,
    text: str | None = None,
    done: bool | None = None,
    position: int | None = None,
) -> None:
    """Rename a step, tick it off or not, or put it at another place, counted from 0; what is None stays."""
    _may_change(by, step.request)
    words = None if text is None else _words(text)
    with transaction():
        step.text = words or step.text
        if done is not None and done != step.is_done:
            step.done_at, step.done_by = (now(), by) if done else (None, None)
        if position is not None:
            others = [each for each in _steps_alone(step.request) if each.id != step.id]
            at = min(max(position, 0), len(others))
            _number(step.request, [*others[:at], step, *others[at:]])
        changed(str(step.request_id))


def remove_step(step: RequestStep, *, by: User) -> None:
    """Take a step off the list."""
    _may_change(by, step.request)
    with transaction():
        others = [each for each in _steps_alone(step.request) if each.id != step.id]
        session.delete(step)
        _number(step.request, others)


def _may_change(by: User, request: ProductRequest) -> None:
    if not permissions.can_edit(by, request):
        raise NotAllowed("Only who asked for this, or a developer, changes its steps.")


def _words(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise Invalid.field("text", "Say what is to be done.", type="missing")
    return words


def _steps_alone(request: ProductRequest) -> list[RequestStep]:
    """Return a request's steps; until the end of the transaction nobody else orders them."""
    session.execute(select(ProductRequest.id).where(ProductRequest.id == request.id).with_for_update())
    return queries.steps_of(request)


def _number(request: ProductRequest, steps: Sequence[RequestStep]) -> None:
    for position, each in enumerate(steps):
        each.position = position
    changed(str(request.id))
