"""How much room the data folder takes, by kind; measured at most once a minute."""

import shutil
import time
from dataclasses import dataclass

from app.core.installation import installation
from app.engine.sandbox.measure import size_of

KINDS = ("repositories", "checkouts", "caches", "files", "logs")
_FRESH_SECONDS = 60.0


@dataclass(frozen=True)
class Disk:
    """Bytes by kind, and how many are left where the folder is."""

    kinds: dict[str, int]
    free: int

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


_measured: dict[str, tuple[float, Disk]] = {}


def disk() -> Disk:
    """Return what the data folder takes; going through it is slow, so that a look lasts a while."""
    here = installation()
    at, found = _measured.get(str(here.home), (0.0, None))
    if found is None or time.monotonic() - at > _FRESH_SECONDS:
        kinds = {kind: size_of(here.home / kind) for kind in KINDS}
        kinds["database"] = sum(path.stat().st_size for path in here.home.glob("greenroom.db*"))
        found = Disk(kinds, shutil.disk_usage(here.home).free)
        _measured[str(here.home)] = (time.monotonic(), found)
    return found
