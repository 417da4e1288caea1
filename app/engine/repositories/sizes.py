"""How much lies in a folder."""

import os
from contextlib import suppress
from pathlib import Path


def bytes_in(folder: Path) -> int:
    """Return how many bytes the files of a folder have; what goes away meanwhile counts for nothing."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(place) / name).lstat().st_size
    return total
