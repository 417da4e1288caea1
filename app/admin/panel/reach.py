"""What the page about who shall reach this shows."""

import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass

from app.admin.schemas.reach import is_address, names_for
from app.core import reach, supervised
from app.core.installation import Installation, installation
from app.core.reach import Kept, Reach
from app.engine import sandbox

_PACKAGERS = {
    "apt-get": "sudo apt-get install bubblewrap",
    "dnf": "sudo dnf install bubblewrap",
    "pacman": "sudo pacman -S bubblewrap",
    "apk": "sudo apk add bubblewrap",
}


@dataclass(frozen=True)
class ReachPanel:
    """The answer that is kept, the addresses that hold now, and what may be changed."""

    kept: Kept
    here: Installation
    url: str
    is_pinned: bool
    is_starting: bool
    is_supervised: bool
    address: str
    names: str
    sandbox_trouble: str
    install_command: str

    @property
    def waits(self) -> bool:
        """Tell whether the new address was not opened yet."""
        return self.kept.before is not None

    @property
    def answer(self) -> Reach:
        return self.kept.now


def reach_panel(host: str) -> ReachPanel:
    """Return what to show to somebody who came by `host`."""
    here = installation()
    kept = reach.read(here.home)
    is_pinned = bool({"GREENROOM_URL", "GREENROOM_PREVIEW_DOMAIN"} & here.pinned)
    url = here.url if is_pinned else kept.now.url(here.port)
    address = kept.now.address or _own_address(host)
    found = sandbox.probe()
    return ReachPanel(
        kept=kept,
        here=here,
        url=url,
        is_pinned=is_pinned,
        is_starting=url != here.url,
        is_supervised=bool(supervised.record(here)),
        address=address,
        names=kept.now.previews or (names_for(address) if is_address(address) else ""),
        sandbox_trouble="" if found.is_walled or here.unsandboxed else found.reason,
        install_command=next((words for tool, words in _PACKAGERS.items() if shutil.which(tool)), ""),
    )


def _own_address(host: str) -> str:
    """Guess which address this server has in its network: the one that was asked for, or the way out."""
    name = host.partition(":")[0]
    if is_address(name) and not name.startswith("127."):
        return name
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect(("192.0.2.1", 9))  # of nobody; nothing is sent
        return str(line.getsockname()[0])
    return ""
