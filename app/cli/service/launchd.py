"""With launchd: an agent of the person, or a daemon of the machine where root asks."""

import os
import plistlib
import subprocess
from pathlib import Path

from app.cli.service import environment
from app.core.installation import Installation


class Launchd:
    """One property list, loaded; it begins again at every start and after every end."""

    def __init__(
        self, here: Installation, *, root: Path, name: str, log: Path, lists: Path | None = None
    ) -> None:
        self._here = here
        self._root = root
        self._log = log
        self._label = f"dev.greenroom.{name}"
        of_machine = os.geteuid() == 0
        self._domain = "system" if of_machine else f"gui/{os.geteuid()}"
        own = Path.home() / "Library" / "LaunchAgents"
        self.list = (
            lists or (Path("/Library/LaunchDaemons") if of_machine else own)
        ) / f"{self._label}.plist"
        self.words = "as a service of this machine" if of_machine else "as a service of yours"

    def content(self) -> bytes:
        """Return the property list."""
        return plistlib.dumps(
            {
                "Label": self._label,
                "ProgramArguments": [str(self._root / "bin" / "up")],
                "WorkingDirectory": str(self._root),
                "EnvironmentVariables": environment.wanted(os.environ, self._here),
                "RunAtLoad": True,
                "KeepAlive": True,
                "ExitTimeOut": 20,
                "StandardOutPath": str(self._log),
                "StandardErrorPath": str(self._log),
            }
        )

    def start(self) -> str:
        self.list.parent.mkdir(parents=True, exist_ok=True)
        self.list.touch(mode=0o600)
        self.list.write_bytes(self.content())
        self._launchctl("bootout", f"{self._domain}/{self._label}")
        self._launchctl("bootstrap", self._domain, str(self.list))
        return ""

    def stop(self) -> None:
        self._launchctl("bootout", f"{self._domain}/{self._label}")

    def remove(self) -> None:
        self.stop()
        self.list.unlink(missing_ok=True)

    def has_it(self) -> bool:
        return self._launchctl("print", f"{self._domain}/{self._label}").returncode == 0

    def _launchctl(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            ["launchctl", *words], capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
