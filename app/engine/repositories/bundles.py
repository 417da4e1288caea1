"""A whole repository as one file that git itself can read, and back."""

from pathlib import Path

from app.engine.repositories import git
from app.engine.repositories.repository import Repository

_SECONDS = 1800.0


def pack(repository: Path, to: Path) -> bool:
    """Write every ref and its history into a new file; False where there is nothing in it yet."""
    if not git.run(repository, "for-each-ref", "--count=1").strip():
        return False
    git.run(repository, "bundle", "create", "--quiet", str(to), "--all", seconds=_SECONDS)
    return True


def unpack(bundle: Path | None, into: Path, *, default_branch: str) -> None:
    """Make a repository of a bundle, each object looked at, or an empty one; Failed with git's words."""
    Repository.create(into, default_branch)
    if bundle is None:
        return
    checks = {"fetch.fsckObjects": "true", "protocol.allow": "never", "protocol.file.allow": "always"}
    git.run(into, "bundle", "verify", "--quiet", str(bundle), seconds=_SECONDS)
    git.run(into, "fetch", "--quiet", str(bundle), "+refs/*:refs/*", config=checks, seconds=_SECONDS)
