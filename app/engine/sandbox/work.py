"""What is run in a sandbox, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from app.core.installation import Limits

Ended = Literal["exit", "timeout", "memory", "processes", "disk", "cancelled"]


@dataclass(frozen=True)
class Socket:
    """A Unix socket on our side that leads to the port the work listens on."""

    path: Path
    port: int = 8080


@dataclass(frozen=True, kw_only=True)
class Work:
    """One command and all it may see and use.

    A command that is a text is a shell line. `folder` is there as /app, writable; `directory` is where in
    it the command starts. Each cache is there as /cache/<name>, writable; each path of `read_only` at its
    own place. `outbound` opens the way to public addresses (and `allowed_hosts`) through a proxy; `doors`
    opens it to the named places, each behind a Unix socket on our side: to these alone, or beside the others.
    """

    command: str | Sequence[str]
    folder: Path
    directory: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    read_only: Sequence[Path] = ()
    caches: Mapping[str, Path] = field(default_factory=dict)
    listen: Socket | None = None
    outbound: bool = False
    allowed_hosts: Sequence[str] = ()
    doors: Mapping[tuple[str, int], Path] = field(default_factory=dict)
    forever: bool = False  # an instance: `limits.seconds` does not end it
    as_it_comes: bool = False  # what it says is handed on in pieces, not in lines

    @property
    def argv(self) -> list[str]:
        """Return the command as a list of words."""
        return ["/bin/sh", "-c", self.command] if isinstance(self.command, str) else list(self.command)

    @property
    def leads_out(self) -> bool:
        return self.outbound or bool(self.doors)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a work ended; `exit_code` is 128 + the signal's number where one ended it."""

    exit_code: int
    ended: Ended = "exit"
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return self.ended == "exit" and self.exit_code == 0


@dataclass(frozen=True)
class Sandbox:
    """What holds work here: the walls, why there are none where there are none, and who keeps the limits."""

    kind: Literal["bubblewrap", "none"]
    reason: str
    cgroup: Literal["v2", "v1", "none"]

    @property
    def is_walled(self) -> bool:
        return self.kind == "bubblewrap"
