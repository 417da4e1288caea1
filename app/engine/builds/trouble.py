"""Why work ended badly, in plain words, with what to do and the lines that matter."""

import re
from collections.abc import Sequence

from app.core.errors import Failed
from app.core.installation import Limits
from app.engine.builds.signs import SIGNS
from app.engine.sandbox import Outcome

_MOST_LINES = 10
_LONGEST = 400
_NOT_FOUND = 127

_NOISE = re.compile(
    r"^==> |^\s*$|A complete log of this run|npm notice|^npm (?:ERR!|error) (?:code|errno|path|cwd|command)\b"
    r"|^npm (?:ERR!|error)(?: 404)?\s*$|Note that you can also install|tarball, folder, http url"
    r"|^npm warn|^WARNING: |\[notice\]|^\s*at .*(?:node_modules|node:internal)"
)
_TELLING = re.compile(
    r"\berror\b|ERR!|\bfailed\b|\bfatal\b|\bcannot\b|could not|\bexception\b|not found|no such|denied|refused"
    r"|unable to|missing|unexpected|undefined|\w(?:Error|Exception)\b|✘|✗|×",  # noqa: RUF001 - as builders print it
    re.IGNORECASE,
)
_TRACEBACK = "Traceback (most recent call last):"


def lines_that_matter(lines: Sequence[str]) -> list[str]:
    """Pick at most ten lines of a log that tell what went wrong."""
    useful = [line.rstrip()[:_LONGEST] for line in lines if not _NOISE.search(line)]
    trace = _last_traceback(useful)
    if trace:
        return trace
    telling = [number for number, line in enumerate(useful) if _TELLING.search(line)]
    if not telling:
        return useful[-_MOST_LINES:]
    wanted: dict[int, None] = {}
    for number in telling:  # the line after one often holds the place or the reason
        wanted.update(dict.fromkeys([number, *([number + 1] if number + 1 < len(useful) else [])]))
    chosen = list(wanted)
    if len(chosen) > _MOST_LINES:
        chosen = (
            telling
            if len(telling) <= _MOST_LINES
            else [*telling[: _MOST_LINES // 2], *telling[-_MOST_LINES // 2 :]]
        )
    return [useful[number] for number in sorted(chosen)]


def _last_traceback(lines: list[str]) -> list[str]:
    """Return the end of the last Python traceback: where it was in the project's own files, and what."""
    starts = [number for number, line in enumerate(lines) if _TRACEBACK in line]
    if not starts:
        return []
    body = []
    for line in lines[starts[-1] + 1 :]:
        body.append(line)
        if line and not line[0].isspace():
            break
    own = [
        number
        for number, line in enumerate(body)
        if line.lstrip().startswith("File ") and "site-packages" not in line and "/lib/python" not in line
    ]
    shown: list[str] = []
    for number in own[-3:]:
        shown += [line for line in body[number : number + 2] if line in body]
    if body and body[-1] not in shown:
        shown.append(body[-1])
    return shown[-_MOST_LINES:]


def explain(what: str, outcome: Outcome, lines: Sequence[str], limits: Limits, *, code: str) -> Failed:
    """Say why work failed: `what` it was, as in "Installing", and the `code` where no better one is found."""
    shown = lines_that_matter(lines)
    limit = _of_limit(what, outcome, limits)
    if limit:
        return Failed(limit[0], limit[1], limit[2], shown)
    for sign in SIGNS:
        for line in reversed(lines):
            match = sign.pattern.search(line)
            if match:
                return Failed(
                    sign.code or code, f"{what} failed. {sign.message(match)}", sign.suggestion, shown
                )
    if outcome.exit_code == _NOT_FOUND:
        return Failed(
            code, f"{what} failed: a command was not found.", "See the last lines of the log.", shown
        )
    return Failed(
        code,
        f"{what} failed: the command ended with {outcome.exit_code}.",
        "The lines of the log say why; correct it and push again, or try again.",
        shown,
    )


def _of_limit(what: str, outcome: Outcome, limits: Limits) -> tuple[str, str, str] | None:
    """Return code, message and suggestion where a limit ended it."""
    if outcome.ended == "timeout":
        return (
            "timed_out",
            f"{what} was stopped after {_duration(limits.seconds)}.",
            "If it really needs longer, have GREENROOM_BUILD_SECONDS raised on this server.",
        )
    if outcome.ended == "memory":
        return (
            "out_of_memory",
            f"{what} was stopped: it needed more than {limits.memory_mb} MB of memory.",
            "Make it need less, or have GREENROOM_BUILD_MEMORY_MB raised on this server.",
        )
    if outcome.ended == "processes":
        return (
            "too_many_processes",
            f"{what} was stopped: it started more than {limits.processes} processes.",
            "Lower the number of parallel workers; a command that starts itself again never ends.",
        )
    if outcome.ended == "disk":
        return (
            "disk_full",
            f"{what} was stopped: it wrote over {limits.disk_mb} MB in all or {limits.file_mb} MB a file.",
            "Write less while building; large files do not belong into a preview.",
        )
    return None


def _duration(seconds: int) -> str:
    if seconds % 60 == 0:
        minutes = seconds // 60
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"{seconds} second{'s' if seconds != 1 else ''}"
