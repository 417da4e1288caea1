"""The user that a work runs as: limits on processes mean nothing to root, nor do the modes of files."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

_FIRST, _COUNT = 2_000_000, 1_000_000  # above what distributions and container ranges hand out by default


def owner_of(folder: Path, caches: Iterable[Path]) -> int:
    """Return the uid for work in a folder: 0 means our own, where we are not root.

    A folder keeps the one it has; a new one shares its project's, which is its first cache's.
    """
    if os.geteuid() != 0:
        return 0
    paths = [folder, *caches]
    for path in paths:
        uid = path.lstat().st_uid
        if _FIRST <= uid < _FIRST + _COUNT:
            return uid
    named = str(paths[min(1, len(paths) - 1)].resolve())
    return _FIRST + int.from_bytes(hashlib.sha256(named.encode()).digest()[:4]) % _COUNT


def hand_over(path: Path, uid: int) -> None:
    """Give a folder and all in it to a user; links are given themselves, never what they lead to."""
    if uid == 0 or path.lstat().st_uid == uid:
        return
    for _, folders, files, here in os.fwalk(path, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, uid, uid, dir_fd=here, follow_symlinks=False)
    os.chown(path, uid, uid, follow_symlinks=False)
