"""Which sandbox this machine has: found out by trying it, once."""

import functools
import sys
import tempfile
from pathlib import Path

from app.core.errors import Failed
from app.core.installation import installation
from app.engine.sandbox import bubblewrap, cgroups
from app.engine.sandbox.process import Process
from app.engine.sandbox.work import Sandbox, Work

INSTALL = "apt install bubblewrap"


@functools.cache
def probe() -> Sandbox:
    """Try the sandbox of this machine with a command that does nothing."""
    group = cgroups.hierarchies().version
    if sys.platform != "linux":
        return Sandbox("none", "Sandboxes need Linux; this machine runs another system.", group)
    if bubblewrap.program() is None:
        return Sandbox("none", f"bubblewrap is not installed (on Debian and Ubuntu: {INSTALL}).", group)
    if bubblewrap.is_too_old():
        found = ".".join(map(str, bubblewrap.version()))
        return Sandbox("none", f"bubblewrap {found} is too old; 0.5 or newer is needed.", group)
    walled = Sandbox("bubblewrap", "bubblewrap is installed and works.", group)
    return _tried(walled) or walled


def _tried(walled: Sandbox) -> Sandbox | None:
    """Run `true` behind the walls; return what there is instead when that fails."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="greenroom-") as folder:
        try:
            process = Process(Work(command=["true"], folder=Path(folder)), walled, on_line=lines.append)
            outcome = process.follow()
        except Failed as failure:
            return Sandbox("none", f"bubblewrap does not work here: {failure.message}", walled.cgroup)
    if outcome.is_good:
        return None
    said = lines[-1] if lines else f"it ended with {outcome.exit_code}"
    return Sandbox("none", f"bubblewrap does not work here: {said}", walled.cgroup)


def require() -> Sandbox:
    """Return the sandbox to use; pushed code is refused without walls unless the operator accepted that."""
    found = probe()
    if not found.is_walled and not installation().unsandboxed:
        raise Failed(
            "no_sandbox",
            f"This server has no sandbox for code that people push. {found.reason}",
            f"Install it ({INSTALL}) and try again, or accept that such code can read and change everything "
            "that Greenroom can: start Greenroom with GREENROOM_UNSANDBOXED=1.",
        )
    return found
