"""One `git http-backend` and what flows through it, both ways at once and never held in memory."""

import contextlib
import logging
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPMessage, parse_headers
from io import BufferedReader, BufferedWriter
from typing import Protocol, cast

from app.core.errors import Failed
from app.engine.repositories import git

_log = logging.getLogger(__name__)
_CHUNK = 64 * 1024
# A push whose pack has arrived is brought to its end even when nobody waits for the answer any more.
_GRACE_SECONDS = 30.0
_TERM_SECONDS = 2.0


class Stream(Protocol):
    """A request's body."""

    def read(self, size: int, /) -> bytes: ...


class Backend(Iterator[bytes]):
    """A running process: first its headers, then its output by chunks; `ended` is called once it is over."""

    def __init__(
        self,
        environment: Mapping[str, str],
        body: Stream,
        *,
        max_bytes: int,
        finishes: bool,
        ended: Callable[[], None],
    ) -> None:
        self._finishes = finishes
        self._ended = ended
        self._over = False
        self._stopped = False
        self._is_fed = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in _end
        try:
            self._process = subprocess.Popen(
                ["git", "http-backend"],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            self._errors.close()
            ended()
            raise git.missing() from error
        self._input = cast(BufferedWriter, self._process.stdin)
        self._output = cast(BufferedReader, self._process.stdout)
        self._feeder = threading.Thread(target=self._feed, args=(body, max_bytes), daemon=True)
        self._feeder.start()

    def headers(self) -> HTTPMessage:
        """Wait for the headers of the answer; Failed when the process ends without any."""
        headers = parse_headers(self._output)
        if "Content-Type" not in headers and "Status" not in headers:
            self.close()
            raise Failed("git_failed", "git did not answer.", "Look for git's own words in the server's log.")
        return headers

    def __next__(self) -> bytes:
        chunk = b"" if self._over else self._output.read1(_CHUNK)
        if chunk:
            return chunk
        # A client hears an early answer only when it could send all it has.
        self._feeder.join()
        self._end()
        raise StopIteration

    def close(self) -> None:
        """End it now: whoever asked has gone, or the answer was read."""
        if self._over:
            return
        if self._finishes and self._is_fed:
            self._read_out()
        self._stop()
        self._end()

    def _feed(self, body: Stream, max_bytes: int) -> None:
        listening = True
        try:
            while max_bytes > 0 and (chunk := body.read(_CHUNK)):
                max_bytes -= len(chunk)
                if listening:
                    try:
                        self._input.write(chunk)
                    except OSError:  # git has heard enough; what is left is read and dropped
                        listening = False
            self._is_fed = max_bytes > 0
        except Exception as error:  # noqa: BLE001 - the edge of a thread; each server breaks off a body in its way
            _log.info("The body of a git request broke off: %s", error)
        finally:
            with contextlib.suppress(OSError):
                self._input.close()

    def _read_out(self) -> None:
        limit = threading.Timer(_GRACE_SECONDS, self._signal, [signal.SIGTERM])
        limit.start()
        try:
            while self._output.read1(_CHUNK):
                pass
        finally:
            limit.cancel()

    def _stop(self) -> None:
        self._stopped = True
        for number in (signal.SIGTERM, signal.SIGKILL):
            self._signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_TERM_SECONDS)
                return

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self._output.close()
        code = self._process.wait()
        self._errors.seek(0)
        words = self._errors.read(4096).decode("utf-8", "replace").strip()
        self._errors.close()
        if words or (code and not self._stopped):
            _log.warning("git http-backend ended with %s: %s", code, words)
        self._ended()
