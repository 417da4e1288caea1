"""Asking for status is cheap: ETag, a long poll that gives its connection back, and the pace we name."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, request
from pydantic import TypeAdapter

from app.core.changes import listener
from app.core.db import let_go

LONGEST_WAIT = 60.0
_any = TypeAdapter(Any)


def wanted_wait() -> float:
    """Return how many seconds the caller would like to wait for a change, at most 60."""
    try:
        return max(0.0, min(float(request.args.get("wait", 0)), LONGEST_WAIT))
    except ValueError:
        return 0.0


def answer_status(read: Callable[[], dict[str, Any]], *, topic: str) -> Response:
    """Answer with a state and its ETag; with `?wait=` and the ETag known, wait for the state to change.

    `read` is called again after each change of `topic`; while waiting no database connection is held.
    """
    written, tag = _write(read())
    seen = request.headers.get("If-None-Match", "").strip('W/" ') or request.args.get("etag", "")
    wait = wanted_wait()
    if wait and (not seen or seen == tag) and not _is_final(written):
        written, tag = _wait(read, topic, tag, wait)
    if seen == tag:
        response = Response(status=304)
    else:
        response = current_app.response_class(b'{"data":' + written + b"}", mimetype="application/json")
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "private, no-cache"
    pace = _pace(written)
    if pace:
        response.headers["Retry-After"] = str(max(1, round(pace / 1000)))
    return response


def _wait(read: Callable[[], dict[str, Any]], topic: str, tag: str, seconds: float) -> tuple[bytes, str]:
    until = time.monotonic() + seconds
    with listener.listening(topic) as woken:
        while True:
            written, fresh = _write(read())
            let_go()
            remaining = until - time.monotonic()
            if fresh != tag or woken is None or remaining <= 0:
                return written, fresh
            woken.wait(min(remaining, 5))
            woken.clear()


def _write(state: dict[str, Any]) -> tuple[bytes, str]:
    written = _any.dump_json(state)
    return written, hashlib.blake2b(written, digest_size=9).hexdigest()


def _is_final(written: bytes) -> bool:
    return b'"nextPollMs":null' in written


def _pace(written: bytes) -> int:
    _, found, rest = written.rpartition(b'"nextPollMs":')
    if not found or rest.startswith(b"null"):
        return 0
    return int(rest.split(b",", 1)[0].rstrip(b"}"))
