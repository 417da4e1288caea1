"""With systemd: a unit of the machine where root asks, else one of the person, who may then log out."""

import getpass
import os
import shutil
import subprocess
from pathlib import Path

from app.cli.service import environment
from app.core.installation import Installation


class Systemd:
    """One unit, enabled and started; what would stand in the terminal goes to our own log."""

    def __init__(
        self,
        here: Installation,
        *,
        root: Path,
        name: str,
        log: Path,
        of_machine: bool | None = None,
        units: Path | None = None,
    ) -> None:
        self._here = here
        self._root = root
        self._log = log
        self._of_machine = os.geteuid() == 0 if of_machine is None else of_machine
        own = Path.home() / ".config" / "systemd" / "user"
        self.unit = (units or (Path("/etc/systemd/system") if self._of_machine else own)) / f"{name}.service"
        self.words = "as a service of this machine" if self._of_machine else "as a service of yours"

    def is_there(self) -> bool:
        """Tell whether systemd runs this machine, and takes orders from us."""
        if shutil.which("systemctl") is None or not Path("/run/systemd/system").is_dir():
            return False
        return self._systemctl("show-environment").returncode == 0

    def text(self) -> str:
        """Return the unit."""
        waits = "Wants=network-online.target\nAfter=network-online.target\n" if self._of_machine else ""
        return (
            f"[Unit]\nDescription=Greenroom ({_escaped(self._here.home)})\n{waits}\n"
            "[Service]\nType=exec\n"
            f'ExecStart="{_escaped(self._root / "bin" / "up").replace(chr(34), chr(92) + chr(34))}"\n'
            f"WorkingDirectory={_escaped(self._root)}\n"
            f"EnvironmentFile={_escaped(environment.path(self._here))}\n"
            "Restart=always\nRestartSec=2\nKillMode=mixed\nTimeoutStopSec=20\n"
            f"StandardOutput=append:{_escaped(self._log)}\n"
            f"StandardError=append:{_escaped(self._log)}\n\n"
            f"[Install]\nWantedBy={'multi-user' if self._of_machine else 'default'}.target\n"
        )

    def start(self) -> str:
        self.unit.parent.mkdir(parents=True, exist_ok=True)
        self.unit.write_text(self.text())
        self._systemctl("daemon-reload")
        self._systemctl("enable", self.unit.name)
        self._systemctl("restart", self.unit.name)
        return "" if self._of_machine else self._linger()

    def _linger(self) -> str:
        """Let the person's services run while they are logged out, and from the machine's start."""
        me = getpass.getuser()
        asked = subprocess.run(
            ["loginctl", "enable-linger", me], capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        if asked.returncode == 0:
            return ""
        command = f"sudo loginctl enable-linger {me}"
        return f"It ends when you log out, unless an administrator allows it once: {command}"

    def stop(self) -> None:
        self._systemctl("stop", self.unit.name)

    def remove(self) -> None:
        self._systemctl("disable", "--now", self.unit.name)
        self.unit.unlink(missing_ok=True)
        self._systemctl("daemon-reload")

    def has_it(self) -> bool:
        return self.unit.exists() and self._systemctl("is-active", self.unit.name).returncode == 0

    def _systemctl(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        command = ["systemctl", *([] if self._of_machine else ["--user"]), *words]
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)


def _escaped(value: Path) -> str:
    return str(value).replace("%", "%%")
