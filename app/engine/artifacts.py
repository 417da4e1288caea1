"""What builds left, stored once by content: a folder for each, named by the digest of all that is in it."""

import hashlib
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from app.core.errors import Failed
from app.core.installation import installation
from app.engine.sandbox import probe

_YOUNG_SECONDS = 3600.0  # what was kept a moment ago may not be spoken for yet
_LONGEST_COPY = 600
_PIECE = 1 << 20
_LONGEST_SCRIPT = 1 << 20


def keep(folder: Path) -> str:
    """Take a folder into the store and return its digest; what has the same content is stored once."""
    digest = digest_of(folder)
    kept = _place(digest)
    if kept.is_dir():
        os.utime(kept)  # young again, so that no sweep takes it away before somebody speaks for it
        return digest
    os.utime(folder)
    try:
        folder.rename(kept)
    except OSError:
        if not kept.is_dir():  # else another build of the same content was quicker
            raise
    return digest


def is_kept(digest: str) -> bool:
    """Tell whether an artifact is still there."""
    return _place(digest).is_dir()


def lay_out(digest: str, folder: Path, *, built_at: Path, root: str = "") -> None:
    """Copy an artifact to a folder that something is served from; it was built at `built_at`."""
    if not is_kept(digest):
        raise Failed(
            "artifact_gone",
            "What this build left is not stored any more.",
            "Build its commit again.",
        )
    _copy(_place(digest), folder)
    if not probe().is_walled:  # behind walls everything is at /app, wherever it lies
        _rename_scripts(folder / root / ".venv" / "bin", built_at, folder)


def sweep(wanted: Collection[str]) -> int:
    """Remove every artifact that nobody wants and that is not young; returns how many."""
    removed = 0
    for path in _folder().iterdir():
        is_old = time.time() - path.stat().st_mtime > _YOUNG_SECONDS
        if path.name not in wanted and is_old:
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
    return removed


def digest_of(folder: Path) -> str:
    """Return one digest over the names, the kinds and the contents of all that is in a folder."""
    found = hashlib.sha256()
    for path in _paths(folder):
        mode = path.lstat().st_mode
        name = os.fsencode(path.relative_to(folder))
        if stat.S_ISLNK(mode):
            kind, content = b"link", hashlib.sha256(os.fsencode(path.readlink())).digest()
        elif stat.S_ISREG(mode):
            kind = b"program" if mode & stat.S_IXUSR else b"file"
            content = _digest_of_file(path)
        else:
            kind, content = b"folder", b""
        found.update(b"\0".join([kind, name, content, b""]))
    return found.hexdigest()


def _paths(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        yield from (Path(here, name) for name in sorted([*folders, *files]))


def _digest_of_file(path: Path) -> bytes:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.digest()


def _copy(source: Path, target: Path) -> None:
    """Copy a tree with its modes, its links and its owner: a sandboxed work has a user of its own."""
    target.mkdir(mode=0o700, parents=True)
    command = ["cp", "-a", f"{source}/.", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST_COPY)
    if done.returncode != 0:
        shutil.rmtree(target, ignore_errors=True)
        raise Failed(
            "copy_failed",
            "What was built could not be copied on this server.",
            "Look whether its disk is full, then try again.",
            done.stderr.splitlines()[-5:],
        )


def _rename_scripts(programs: Path, old: Path, new: Path) -> None:
    """Let the programs of a virtual environment find their Python where they lie now."""
    for program in programs.glob("*"):
        if program.is_symlink() or not program.is_file() or program.stat().st_size > _LONGEST_SCRIPT:
            continue
        content = program.read_bytes()
        if content.startswith(b"#!") and os.fsencode(old) in content:
            program.write_bytes(content.replace(os.fsencode(old), os.fsencode(new)))


def _place(digest: str) -> Path:
    return _folder() / digest


def _folder() -> Path:
    return installation().folder("artifacts")
