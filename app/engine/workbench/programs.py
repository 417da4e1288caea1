"""Where programs are found that a bench runs, and why one is not."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.engine.sandbox import bubblewrap, require


def search_path(extra: Iterable[Path] = ()) -> str:
    """Return the PATH of a bench: the usual one, and the folders that were added to it."""
    folders = [str(folder) for path in extra for folder in (path / "bin", path) if folder.is_dir()]
    return os.pathsep.join([*folders, bubblewrap.search_path(is_walled=require().is_walled)])


def trouble_with(name: str, extra: Sequence[Path] = ()) -> str | None:
    """Say why a program cannot be run on a bench; None where it can."""
    found = shutil.which(name, path=search_path(extra))
    if found is None:
        return f"The program {name} is not installed on this server."
    real = Path(found).resolve()
    if require().is_walled and not _is_shown(real, extra):
        return f"The program {name} leads to {real}, which the sandbox does not show."
    return None


def _is_shown(path: Path, extra: Sequence[Path]) -> bool:
    bound = [real for real, _ in bubblewrap.shown()[0]]
    return bubblewrap.is_there(path) or any(path.is_relative_to(each) for each in (*bound, *extra))
