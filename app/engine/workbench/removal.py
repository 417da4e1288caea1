"""Taking folders away in which anything may have been done."""

import shutil
from contextlib import suppress
from pathlib import Path


def remove(path: Path) -> None:
    """Remove whatever became of a path; a link is removed itself, never what it leads to."""
    if path.is_symlink() or path.is_file():
        path.unlink()
        return
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():  # a folder was closed to its owner
        _open_up(path)
        shutil.rmtree(path, ignore_errors=True)


def _open_up(folder: Path) -> None:
    with suppress(OSError):
        folder.chmod(0o700)
        for each in folder.iterdir():
            if each.is_dir() and not each.is_symlink():
                _open_up(each)
