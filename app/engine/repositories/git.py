"""How git is run here: with nothing of the operator's own environment or configuration in it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pygit2
from pygit2.enums import ConfigLevel

from app.core.errors import Failed, Unavailable

_CONFIG = Path(__file__).with_name("gitconfig")
_SECONDS = 300.0

# libgit2 keeps these for the whole process: repositories may belong to another uid (the installation was
# moved, or runs as root), and a developer's ~/.gitconfig must not decide how Greenroom merges.
pygit2.settings.owner_validation = False
for _level in (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
    pygit2.settings.search_path[_level] = ""
# What was acknowledged survives a power cut: half-written objects would spoil the whole repository.
pygit2.settings.enable_fsync_gitdir(True)


def environment(
    config: Mapping[str, str] | None = None, variables: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the whole environment of one git process; `config` is laid over the repository's own."""
    pairs = list((config or {}).items())
    settings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(_CONFIG),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": str(len(pairs)),
    }
    for number, (key, value) in enumerate(pairs):
        settings[f"GIT_CONFIG_KEY_{number}"] = key
        settings[f"GIT_CONFIG_VALUE_{number}"] = value
    return settings | dict(variables or {})


def run(
    repository: Path,
    *arguments: str,
    config: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    output: int = subprocess.PIPE,
    seconds: float = _SECONDS,
) -> bytes:
    """Run one git command on a repository and return what it printed; Failed with its last words."""
    try:
        done = subprocess.run(
            ["git", f"--git-dir={repository}", *arguments],
            env=environment(config, variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise missing() from error
    except subprocess.TimeoutExpired as error:
        raise Failed(
            "git_timed_out", f"git {arguments[0]} took longer than {seconds:.0f} seconds."
        ) from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Failed(
            "git_failed",
            f"git {arguments[0]} failed: {lines[-1] if lines else 'no reason given'}",
            lines=lines[-10:],
        )
    return done.stdout or b""


def missing() -> Unavailable:
    """Say that git itself is not on this machine."""
    return Unavailable(
        "git is not installed on this machine.",
        code="git_missing",
        suggestion="Install the package `git` and try again.",
    )
