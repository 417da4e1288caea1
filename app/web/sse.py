"""Event streams: numbered events, a heartbeat, resumed by `Last-Event-ID`, ended by `done`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, request, stream_with_context

HEARTBEAT_SECONDS = 15


@dataclass(frozen=True)
class Event:
    """One event of a stream."""

    name: str
    data: Any
    id: str


def last_seen() -> str | None:
    """Return the id of the last event that the reader got, when it comes back."""
    seen = request.headers.get("Last-Event-ID") or request.args.get("lastEventId", "")
    return seen if seen and seen.isprintable() else None


def stream(events: Iterable[Event | None]) -> Response:
    """Send events as they come; None is a sign of life without an event."""

    def write() -> Iterator[str]:
        yield "retry: 2000\n\n"
        for event in events:
            if event is None:
                yield ": still here\n\n"
            else:
                yield f"id: {event.id}\nevent: {event.name}\ndata: {json.dumps(event.data)}\n\n"

    response = Response(stream_with_context(write()), mimetype="text/event-stream")
    response.headers.update({"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
    return response
