"""Finds a Chromium on this machine: the program itself, since wrappers read what the sandbox hides."""

import functools
import shutil
from pathlib import Path

from app.core.installation import installation
from app.engine.sandbox.bubblewrap import is_there

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chrome-headless-shell",
)
_HOMES = (
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/usr/lib64/chromium-browser/chromium-browser",
    "/opt/google/chrome/chrome",
)
_ELF = b"\x7fELF"


def find_browser() -> Path | None:
    """Return the browser to look with; None where there is none, or the operator wants none."""
    return _find(installation().browser)


@functools.cache
def _find(wanted: str) -> Path | None:
    if wanted == "none":
        return None
    named = [wanted] if wanted else [shutil.which(name) or "" for name in _NAMES]
    found = [Path(each).resolve() for each in (*named, *_HOMES) if each]
    return next((path for path in found if _is_program(path)), None)


def _is_program(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == _ELF
    except OSError:
        return False


def hidden_home(browser: Path) -> list[Path]:
    """Return what of a browser the sandbox does not show anyway."""
    return [] if is_there(browser) else [browser.parent]
