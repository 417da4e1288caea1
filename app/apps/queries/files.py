"""Reads of a version's files, from the repository as it stands; no worktree is made for any of them."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass

from app.apps.models import AppVersion
from app.apps.queries.apps import repository_of_app
from app.core.errors import DomainError, Invalid, NotFound
from app.engine.repositories import Commit, Diff, Entry, Repository
from app.engine.repositories.paths import fault_of

LARGEST_FILE = 5 * 1024 * 1024
MOST_PACKED = 100 * 1024 * 1024  # of one file in a download
_TEXTS = {
    ".cjs": "text/javascript",
    ".js": "text/javascript",
    ".jsx": "text/javascript",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".toml": "application/toml",
    ".ts": "text/typescript",
    ".tsx": "text/typescript",
    ".vue": "text/html",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_LONGEST_LINE = 300


class OutsidePath(DomainError):
    """A path that no file of an app can have."""

    type = "outside_path"


@dataclass(frozen=True)
class BlobAt:
    """A file as it is read: its content, and the id that its content goes by."""

    path: str
    content: bytes
    blob_id: str

    @property
    def content_type(self) -> str:
        suffix = "." + self.path.rpartition(".")[2].lower() if "." in self.path else ""
        return _TEXTS.get(suffix) or mimetypes.guess_type(self.path)[0] or self._guessed

    @property
    def _guessed(self) -> str:
        return "application/octet-stream" if self.text is None else "text/plain"

    @property
    def text(self) -> str | None:
        """Return what it says; None where it is no text."""
        if b"\0" in self.content:
            return None
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True)
class Found:
    """A line that holds what was sought."""

    path: str
    line: int
    text: str


def clean_path(path: str) -> str:
    """Return a path of a version's files without the slashes around it; 400 for one that leads elsewhere."""
    plain = path.removeprefix("./").rstrip("/") if path not in {"/", "."} else ""
    fault = fault_of(plain) if plain else None
    if fault:
        raise OutsidePath(f"{path!r} is no path inside this app: {fault}.")
    return plain


def tip_of(version: AppVersion) -> str | None:
    """Return the commit that a version stands at; None while there is nothing in it."""
    return repository_of_app(version.app).head(version.branch)


def files_in(version: AppVersion, folder: str = "") -> list[Entry]:
    """List one folder of a version; the top is there even while nothing is in it."""
    repository, folder = repository_of_app(version.app), clean_path(folder)
    tip = repository.head(version.branch)
    if tip is None and not folder:
        return []
    return repository.tree(_there(tip, folder), folder)


def all_files(version: AppVersion) -> list[Entry]:
    """List every file of a version with its folders, by path."""
    repository = repository_of_app(version.app)
    tip = repository.head(version.branch)
    return repository.everything(tip) if tip is not None else []


def file_at(version: AppVersion, path: str) -> BlobAt:
    """Read a file of a version; 422 where it is larger than any that is written here."""
    repository, path = repository_of_app(version.app), clean_path(path)
    return read_at(repository, _there(repository.head(version.branch), path), path)


def read_at(repository: Repository, commit: str, path: str) -> BlobAt:
    """Read a file of a commit."""
    blob_id = repository.blob_id(commit, path)
    if blob_id is None:
        raise NotFound(f"There is no file {path!r} in this version.")
    size = repository.blob_size(blob_id)
    if size > LARGEST_FILE:
        raise Invalid.field(
            "path", f"{path} has {size} bytes; 5 MiB is the most that is read here. Clone it instead."
        )
    return BlobAt(path, repository.blob(commit, path), blob_id)


def files_saying(version: AppVersion, sought: str, *, most: int = 200) -> list[Found]:
    """Find lines of a version's texts that hold some words, in capitals or not."""
    repository = repository_of_app(version.app)
    tip = repository.head(version.branch)
    if tip is None or not sought:
        return []
    found: list[Found] = []
    for path, content in repository.contents(tip, most_bytes=1024 * 1024):
        found += _lines_saying(path, content, sought.casefold())
        if len(found) >= most:
            break
    return found[:most]


def _lines_saying(path: str, content: bytes, sought: str) -> Iterator[Found]:
    if b"\0" in content[:8000]:
        return
    text = content.decode("utf-8", "replace")
    if sought not in text.casefold():
        return
    for number, line in enumerate(text.splitlines(), 1):
        if sought in line.casefold():
            yield Found(path, number, line.strip()[:_LONGEST_LINE])


def contents_of(version: AppVersion) -> Iterator[tuple[str, bytes]]:
    """Go through the files of a version with what is in them."""
    repository = repository_of_app(version.app)
    tip = repository.head(version.branch)
    return repository.contents(tip, most_bytes=MOST_PACKED) if tip is not None else iter(())


def commits_of(version: AppVersion, *, most: int = 50) -> list[Commit]:
    """Return what was saved in a version, newest first."""
    repository = repository_of_app(version.app)
    tip = repository.head(version.branch)
    return repository.log(tip, limit=most) if tip is not None else []


def changes_between(old: AppVersion, new: AppVersion) -> Diff:
    """Return how the files of one version differ from those of another of the same app."""
    repository = repository_of_app(new.app)
    before, after = repository.head(old.branch), repository.head(new.branch)
    if after is None:
        raise NotFound(f"There is nothing in {new.name} yet.")
    return repository.compare(before, after)


def _there(tip: str | None, path: str) -> str:
    if tip is None:
        raise NotFound(f"There is no {path!r}: this version is empty.")
    return tip
