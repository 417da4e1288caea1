"""The small changes of a request as a form shows them, each with where it would land."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import User
from app.apps.queries import first_app, live_deploy
from app.core.errors import Invalid
from app.desk.operations import can_be_touched_up
from app.development.agent_run import places_for
from app.development.schemas import MOST_EDITS, EditIn
from app.engine.routes import RouteKind, find
from app.integrations.coding_agent import Edit, Finding
from app.requests.models import ProductRequest
from app.requests.permissions import can_edit, can_start_development
from app.web.schemas import read

FIELDS = ("kind", "from", "to", "selector", "page", "place")
_LONGEST_CARRIED = 200_000
_RUNNING = frozenset({RouteKind.STATIC, RouteKind.INSTANCE})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One small change as it was written, what is wrong with it, and where it would land."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    finding: Finding | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.values.get("from") or self.values.get("to"))


@dataclass(frozen=True, kw_only=True)
class TouchUp:
    """The page of small changes, for one person."""

    request: ProductRequest
    rows: list[Row]
    is_open: bool
    may_edit: bool
    may_start: bool
    is_running: bool
    trouble: str = ""

    @property
    def path(self) -> str:
        return f"{self.request.path}/touch-up"

    @property
    def is_written(self) -> bool:
        return any(not row.is_empty for row in self.rows)

    @property
    def labels(self) -> dict[str, str]:
        return {
            f"{at}.{name}": error for at, row in enumerate(self.rows) for name, error in row.errors.items()
        }


def touch_up_for(
    request: ProductRequest, user: User, rows: Iterable[Mapping[str, str]], *, trouble: str = ""
) -> TouchUp:
    """Return the page for what is written so far."""
    return TouchUp(
        request=request,
        rows=_looked_up(request, [dict(row) for row in rows][:MOST_EDITS]),
        is_open=can_be_touched_up(request),
        may_edit=can_edit(user, request),
        may_start=can_start_development(user, request) or request.commit_sha is not None,
        is_running=running_label(request) is not None,
        trouble=trouble,
    )


def _looked_up(request: ProductRequest, rows: list[dict[str, str]]) -> list[Row]:
    """Look for what holds in the source, and say of the rest what is wrong with it."""
    read_rows: list[tuple[dict[str, str], Edit | None, dict[str, str]]] = []
    for values in rows:
        edit, errors = _read(values)
        read_rows.append((values, edit, errors))
    found = iter(places_for(request, [edit for _, edit, _ in read_rows if edit is not None]))
    return [
        Row(values=values, errors=errors, finding=next(found) if edit is not None else None)
        for values, edit, errors in read_rows
    ]


def _read(values: dict[str, str]) -> tuple[Edit | None, dict[str, str]]:
    if not (values.get("from") or values.get("to")):
        return None, {}
    try:
        return read(EditIn, values, place="form").as_edit(), {}
    except Invalid as trouble:
        return None, {
            str(fault["loc"][-1]): _in_words(fault["msg"], fault["type"]) for fault in trouble.errors
        }


def _in_words(said: str, kind: str) -> str:
    return "This is needed." if kind in {"missing", "string_too_short"} else said


def rows_of(form: Mapping[str, str]) -> list[dict[str, str]]:
    """Read the rows of a form, `0.from` and so on, in their order."""
    numbers = sorted({int(name.partition(".")[0]) for name in form if _is_row(name)})[:MOST_EDITS]
    return [
        {name: form[f"{at}.{name}"].strip() for name in FIELDS if form.get(f"{at}.{name}")} for at in numbers
    ]


def _is_row(name: str) -> bool:
    number, _, rest = name.partition(".")
    return number.isascii() and number.isdigit() and len(number) < len("1000") and rest in FIELDS


def carried(said: str) -> list[dict[str, str]]:
    """Read what a page of the app handed over: text that nobody vouches for, and that is only shown."""
    try:
        given: Any = json.loads(said) if len(said) <= _LONGEST_CARRIED else []
    except (ValueError, RecursionError):
        return []
    rows = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    return [
        {name: str(row[name]).strip() for name in FIELDS if isinstance(row.get(name), str)}
        for row in rows[:MOST_EDITS]
    ]


def running_label(request: ProductRequest) -> str | None:
    """Return the host label of what can be pointed at: the request's preview, else what is live."""
    preview = find(request.preview_label)
    if preview is not None and preview.kind in _RUNNING:
        return preview.label
    app = first_app(request.project)
    live = find(app.handle) if app is not None and live_deploy(app) is not None else None
    return live.label if live is not None and live.kind in _RUNNING else None
