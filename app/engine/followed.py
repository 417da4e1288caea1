"""A checkout that goes along with its branch while processes work in it, which may do anything there."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.errors import Failed
from app.core.ids import token
from app.engine.repositories import Repository

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def follow(repository: Repository, folder: Path, *, old: str, new: str) -> list[str]:
    """Write into a checkout of `old` what is different in `new`, and return the paths of that.

    Nothing is written through a link, and a link itself is not laid out here: Failed `new_link`.
    """
    changed = repository.changed_paths(old, new)
    kinds = {path: repository.kind(new, path) for path in changed}
    links = [path for path, kind in kinds.items() if kind == "link"]
    if links:
        raise Failed("new_link", f"{links[0]} became a link; what is served has to be laid out anew.")
    tree = _Tree(folder)
    for path, kind in kinds.items():
        if kind is None:
            tree.remove(path)
        else:
            tree.write(path, repository.blob(new, path), executable=kind == "executable")
    return changed


class _Tree:
    """One folder, entered name by name, so that no link in it leads elsewhere."""

    def __init__(self, root: Path) -> None:
        self._root = root
        owner = root.lstat().st_uid
        self._owner = owner if os.geteuid() == 0 else None  # else everything is ours anyway

    def write(self, path: str, data: bytes, *, executable: bool) -> None:
        """Put a file in its place in one move, whatever stands there."""
        *folders, name = path.split("/")
        with self._entered(folders, make=True) as folder:
            aside = f".greenroom-{token(6)}"
            with os.fdopen(os.open(aside, _NEW, 0o600, dir_fd=folder), "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), 0o755 if executable else 0o644)
                if self._owner is not None:
                    os.fchown(file.fileno(), self._owner, self._owner)
            if _is_folder(name, folder):
                shutil.rmtree(name, dir_fd=folder)
            os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)

    def remove(self, path: str) -> None:
        """Take a file away, and the folders that are empty then."""
        *folders, name = path.split("/")
        with suppress(OSError):  # it, or a folder above it, is no longer there
            with self._entered(folders, make=False) as folder:
                os.unlink(name, dir_fd=folder)
            while folders:
                name = folders.pop()
                with self._entered(folders, make=False) as folder:
                    os.rmdir(name, dir_fd=folder)

    @contextmanager
    def _entered(self, folders: list[str], *, make: bool) -> Iterator[int]:
        here = os.open(self._root, _FOLDER)
        try:
            for name in folders:
                inner = self._enter(name, here, make=make)
                os.close(here)
                here = inner
            yield here
        finally:
            os.close(here)

    def _enter(self, name: str, here: int, *, make: bool) -> int:
        if make and not _is_folder(name, here):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=here)  # a file or a link in the way of a folder
            os.mkdir(name, 0o755, dir_fd=here)
            if self._owner is not None:
                os.chown(name, self._owner, self._owner, dir_fd=here, follow_symlinks=False)
        return os.open(name, _FOLDER, dir_fd=here)


def _is_folder(name: str, here: int) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False
