"""Logs as text, by byte offset: what the log viewer asks for and what a person opens whole."""

from pathlib import Path

from flask import Response, request

from app.engine import logs

_PART = 256_000


def answer_log(path: Path, *, ended: bool) -> Response:
    """Give a log from `?offset=` on, or whole; `X-Log-Ended` says that nothing will come any more."""
    offset = request.args.get("offset", type=int)
    data, next_offset, size = logs.read(path, offset or 0, _PART if offset is not None else 2**31)
    answer = Response(data, mimetype="text/plain; charset=utf-8")
    answer.headers["X-Log-Offset"] = str(next_offset)
    if ended and next_offset >= size:
        answer.headers["X-Log-Ended"] = "true"
    return answer
