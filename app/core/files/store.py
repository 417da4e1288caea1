"""Where files lie: each content once, under its own hash."""

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.core.installation import installation

_PIECE = 1024 * 1024
_YOUNG_SECONDS = 3600  # what was just handed in may have its row only a moment later


class Upload(NamedTuple):
    """A file as it was sent: the name it came with, and its bytes."""

    name: str
    stream: BinaryIO


def length_of(stream: BinaryIO) -> int:
    """Return how many bytes a stream holds."""
    stream.seek(0, os.SEEK_END)
    length = stream.tell()
    stream.seek(0)
    return length


def keep(stream: BinaryIO) -> str:
    """Keep a stream's bytes and return their hash; the same content lies there once."""
    folder = installation().files
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        digest = hashlib.sha256()
        stream.seek(0)
        with os.fdopen(descriptor, "wb") as file:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        with _alone():
            kept = path_of(digest.hexdigest())
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            Path(name).replace(kept)  # also where it lies there already: it is young again
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def path_of(digest: str) -> Path:
    """Return where a content lies."""
    return installation().files / digest[:2] / digest


def sweep(wanted: Callable[[Collection[str]], Collection[str]]) -> int:
    """Remove every content that is not young and that nobody wants; returns how many."""
    removed = 0
    for folder in sorted(installation().files.iterdir()):
        if folder.is_file():
            removed += _remove_old(folder)  # an upload that a crash cut short
            continue
        lying = [path.name for path in folder.iterdir()]
        unwanted = set(lying) - set(wanted(lying))
        with _alone():
            removed += sum(_remove_old(folder / name) for name in unwanted)
    return removed


def _remove_old(path: Path) -> bool:
    if path.name == _LOCK or time.time() - path.stat().st_mtime < _YOUNG_SECONDS:
        return False
    path.unlink(missing_ok=True)
    return True


_LOCK = ".lock"


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold off who sweeps while something is put there, and the other way round."""
    with (installation().files / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
