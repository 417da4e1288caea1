"""What a process said, kept line by line from the first second, without secrets, read by byte offset."""

import re
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

REDACTED = "••••••"
_SHORTEST_SECRET = 6  # below that, hiding a value would also hide ordinary words
_LONGEST_LINE = 4_000
_LONGEST_PENDING = 64_000
_LAST_LINES = 100

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles and links of a terminal
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"  # colours, cursor movements
    r"|\x1b[@-_]?"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Stream = Literal["out", "err", "step"]


class Redaction:
    """Finds the values of secrets in a text and hides them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms: set[str] = set()
        for secret in secrets:
            parts = [secret.strip(), quote(secret.strip(), safe=""), *map(str.strip, secret.splitlines())]
            forms.update(part for part in parts if len(part) >= _SHORTEST_SECRET)
        self.longest = max(map(len, forms), default=0)
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(REDACTED, text) if self._pattern else text


class Log:
    """A file that a process's lines are appended to; each is on disk before the next is read.

    A full log is `cut` (a line says so; the last lines follow when it is closed) or `roll`s: the file
    moves to `<name>.1` and a new one begins, for what runs for days.
    """

    def __init__(
        self,
        path: Path,
        secrets: Iterable[str] = (),
        *,
        limit: int = 4_000_000,
        when_full: Literal["cut", "roll"] = "cut",
    ) -> None:
        self.path = path
        self._redact = Redaction(secrets)
        self._limit = limit
        self._when_full = when_full
        self._lock = threading.Lock()
        self._pending = ""
        self._left_out: deque[bytes] = deque(maxlen=_LAST_LINES)
        self._count_left_out = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._size = self._file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def line(self, text: str, stream: Stream = "out") -> str:
        """Append a line, return it as it was written; `step` marks those in which we say what we do."""
        with self._lock:
            parts = text.rstrip("\n").split("\n")
            return "\n".join(self._put(f"==> {part}" if stream == "step" else part) for part in parts)

    def write(self, chunk: str) -> None:
        """Append a piece of text that may begin and end inside a line."""
        with self._lock:
            *lines, self._pending = (self._pending + chunk).split("\n")
            for line in lines:
                self._put(line)
            if len(self._pending) > _LONGEST_PENDING:
                self._put_most_of_pending()

    def close(self) -> None:
        """Write what is still held back and let the file go."""
        with self._lock:
            if self._file.closed:
                return
            if self._pending:
                self._put(self._pending)
                self._pending = ""
            if self._left_out:
                between = self._count_left_out - len(self._left_out)
                self._file.write(f"==> … {between} lines are left out; these are the last ones:\n".encode())
                self._file.writelines(self._left_out)
                self._left_out.clear()
            self._file.close()

    def _put(self, text: str) -> str:
        text = self._redact(_plain(text))
        if len(text) > _LONGEST_LINE:
            text = f"{text[:_LONGEST_LINE]} … ({len(text) - _LONGEST_LINE} more characters)"
        self._append(text.encode("utf-8", "replace") + b"\n")
        return text

    def _put_most_of_pending(self) -> None:
        """Let a line without an end go, but for a tail in which a secret may have begun."""
        text = self._redact(self._pending)
        cut = len(text) - self._redact.longest
        self._put(text[:cut])
        self._pending = text[cut:]

    def _append(self, line: bytes) -> None:
        if self._count_left_out:
            self._leave_out(line)
            return
        if self._size + len(line) > self._limit:
            if self._when_full == "cut":
                self._file.write(
                    f"==> This log is cut here: it is over {self._limit / 1e6:.3g} MB.\n".encode()
                )
                self._leave_out(line)
                return
            self._roll()
        self._file.write(line)
        self._size += len(line)

    def _leave_out(self, line: bytes) -> None:
        self._count_left_out += 1
        self._left_out.append(line)

    def _roll(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        self._file = self.path.open("ab", buffering=0)
        self._size = 0


def _plain(text: str) -> str:
    """Show a line as a terminal would leave it: no colours, and of a redrawn line only the last state."""
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    text = text.rstrip("\r")
    if "\r" in text:
        text = next((part for part in reversed(text.split("\r")) if part.strip()), "")
    return _CONTROLS.sub("", text)


def read(path: Path, offset: int = 0, limit: int = 64_000) -> tuple[bytes, int, int]:
    """Read a piece of a log: the bytes (whole UTF-8 characters), where to read on, and the size of it all.

    A negative offset counts from the end. An offset past the end begins anew, since the log has rolled.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if offset < 0:
                offset = max(0, size + offset)
            elif offset > size:
                offset = 0
            file.seek(offset)
            data = file.read(max(limit, 4))
    except FileNotFoundError:
        return b"", 0, 0
    begin = 0
    while begin < min(3, len(data)) and data[begin] & 0xC0 == 0x80:  # noqa: PLR2004 - a continuation byte
        begin += 1
    end = _last_boundary(data)
    if end <= begin:  # a broken sequence at the very end: hand it on rather than stand still
        end = len(data)
    return data[begin:end], offset + end, size


def _last_boundary(data: bytes) -> int:
    """Return where the last whole UTF-8 character ends."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 == 0x80:  # noqa: PLR2004 - a continuation byte: look further back
            continue
        needs = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4  # noqa: PLR2004
        return len(data) if needs <= back else len(data) - back
    return len(data)


def tail(path: Path, lines: int = 20) -> list[str]:
    """Return the last lines of a log."""
    data, _, _ = read(path, -lines * 400, lines * 400)
    return data.decode("utf-8", "replace").splitlines()[-lines:]
