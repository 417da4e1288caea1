"""Turns what a process writes into lines."""

import codecs
import os
import select
import time
from collections.abc import Callable

_CHUNK = 65_536
_LONGEST_LINE = 65_536
_QUIET_BYTES = 20_000_000  # past that a work that floods its log is read slowly

OnLine = Callable[[str], None]


class Lines:
    """Turns the bytes of a pipe into lines; with `as_it_comes` into pieces that keep their line ends."""

    def __init__(self, on_line: OnLine, *, as_it_comes: bool = False) -> None:
        self._on_line = on_line
        self._as_it_comes = as_it_comes
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        self._count = 0

    def read_from(self, pipe: int, seconds: float) -> bool:
        """Read what is there within a time; return whether the other side is closed."""
        if not select.select([pipe], [], [], seconds)[0]:
            return False
        data = os.read(pipe, _CHUNK)
        self._count += len(data)
        if self._count > _QUIET_BYTES:
            time.sleep(0.01)
        self._take(self._decoder.decode(data))
        return not data

    def read_rest(self, pipe: int) -> None:
        """Read what is left of a process that is gone."""
        for _ in range(64):
            if self.read_from(pipe, 0) or not select.select([pipe], [], [], 0)[0]:
                break
        if self._pending:
            self._on_line(self._pending)
            self._pending = ""

    def _take(self, text: str) -> None:
        if self._as_it_comes:
            self._on_line(text)
            return
        *lines, self._pending = (self._pending + text).split("\n")
        for line in lines:
            self._on_line(line)
        if len(self._pending) > _LONGEST_LINE:
            self._on_line(self._pending)
            self._pending = ""
