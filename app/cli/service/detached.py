"""Without an init system: a supervisor in a session of its own, which no terminal takes along."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from app.core import supervised
from app.core.installation import Installation


class Detached:
    """Keeps the supervisor's number in a file; a machine that starts anew does not start it."""

    words = "by itself, in the background"

    def __init__(self, here: Installation, *, root: Path, log: Path) -> None:
        self._here = here
        self._root = root
        self._log = log
        self.pid_file = here.run / "service.pid"

    def start(self) -> str:
        descriptor = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "app.cli", "up"],
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
            )
        finally:
            os.close(descriptor)
        self.pid_file.write_text(f"{process.pid}\n")
        process.returncode = 0  # it lives on without us, and nobody here waits for it
        return "This machine has no systemd, so after its next start somebody has to start Greenroom again."

    def stop(self) -> None:
        if self.has_it():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid(), signal.SIGTERM)
        self.pid_file.unlink(missing_ok=True)

    def remove(self) -> None:
        self.stop()

    def has_it(self) -> bool:
        return self._pid() != 0 and supervised.record(self._here).get("pid") == self._pid()

    def _pid(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            return int(self.pid_file.read_text())
        return 0
