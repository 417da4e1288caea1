"""The folder that a static build leaves behind, made safe to be served by us."""

import os
import stat
from pathlib import Path

from app.core.errors import Failed

_GUESSES = ("dist", "build", "public", "out", "_site", "site", "www")


def find_output(folder: Path, root: str, output: str) -> tuple[Path, str | None]:
    """Return the folder to serve, and a remark where it is another than was said."""
    top = folder.resolve()
    base = top / root
    named = base / output
    if _is_folder_below(named, top):
        return named.resolve(), None
    for guess in _GUESSES:
        other = base / guess
        if _is_folder_below(other, top) and (other / "index.html").is_file():
            return other.resolve(), f"There is no {output}/, but {guess}/ has an index.html, so it is served."
    raise Failed(
        "no_output",
        f"The build ended well, but there is no folder {output}/ to serve.",
        'Name the folder it writes to in greenroom.toml: [build] output = "…".',
    )


def _is_folder_below(path: Path, top: Path) -> bool:
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return real.is_dir() and real.is_relative_to(top)


def make_safe(directory: Path) -> list[str]:
    """Remove what must not be served: links that leave the folder, and what is neither file nor folder.

    Returns the names of what was removed. Nothing of the build runs any more.
    """
    removed = []
    top = os.path.realpath(directory)
    for here, folders, files in os.walk(directory, followlinks=False):
        for name in [*folders, *files]:
            path = os.path.join(here, name)  # noqa: PTH118 - a tree of many files, and strings are much faster
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                real = os.path.realpath(path)
                is_kept = real == top or real.startswith(f"{top}{os.sep}")
            else:
                is_kept = stat.S_ISREG(mode) or stat.S_ISDIR(mode)
            if not is_kept:
                os.unlink(path)  # noqa: PTH108
                removed.append(os.path.relpath(path, directory))
    return removed
