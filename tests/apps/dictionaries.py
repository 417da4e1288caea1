"""Versions of an app as plain dictionaries: what each operation makes of them, or why it is refused."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

Files = dict[str, bytes]


class Refused(Exception):
    """What the model does not do, and the status that says so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Version:
    """How a version stood after each of its commits, the last one being how it stands."""

    name: str
    past: list[tuple[str, Files]]
    parent: str | None = None
    is_deleted: bool = False

    @property
    def commit(self) -> str:
        return self.past[-1][0]

    @property
    def files(self) -> Files:
        return self.past[-1][1]


@dataclass
class Model:
    """The versions of an app by their ids, and the one that goes live."""

    default: str
    versions: dict[str, Version] = field(default_factory=dict)

    def seen(self, version: str) -> Version:
        if version not in self.versions:
            raise Refused(404)
        return self.versions[version]

    def open(self, version: str) -> Version:
        if self.seen(version).is_deleted:
            raise Refused(409)
        return self.versions[version]

    def created(self, version: str, path: str, content: bytes) -> Files:
        files = self.open(version).files
        if path in files:
            raise Refused(409)
        return _put(files, path, content)

    def written(self, version: str, path: str, content: bytes, *, match: str | None = None) -> Files:
        files = self.open(version).files
        if path not in files:
            raise Refused(404)
        if match not in {None, blob_id(files[path])}:
            raise Refused(409)
        return {**files, path: content}

    def moved(self, version: str, path: str, goal: str, content: bytes | None) -> Files:
        files = self.open(version).files
        if path == goal and content is None:
            raise Refused(422)
        if path not in files:
            raise Refused(404)
        if path != goal and goal in files:
            raise Refused(409)
        rest = {each: held for each, held in files.items() if each != path}
        return _put(rest, goal, files[path] if content is None else content)

    def rid(self, version: str, path: str) -> Files:
        files = self.open(version).files
        left = {each: held for each, held in files.items() if each != path and not _is_in(each, path)}
        if left == files:
            raise Refused(404)
        return left

    def forked(self, parent: str, commit: str | None = None) -> list[tuple[str, Files]]:
        past = self.open(parent).past
        length = len(past) if commit is None else [each for each, _ in past].index(commit) + 1
        return past[:length]

    def make_default(self, version: str) -> None:
        if version not in self.versions or self.versions[version].is_deleted:
            raise Refused(422)
        self.default = version

    def rename(self, version: str, name: str) -> None:
        self.open(version).name = name

    def delete(self, version: str) -> None:
        found = self.seen(version)
        if version == self.default:
            raise Refused(409)
        found.is_deleted = True

    def restore(self, version: str) -> None:
        self.seen(version).is_deleted = False

    def purge(self, version: str) -> None:
        if not self.seen(version).is_deleted:
            raise Refused(409)
        del self.versions[version]
        for each in self.versions.values():
            each.parent = None if each.parent == version else each.parent


def _put(files: Files, path: str, content: bytes) -> Files:
    if any(_is_in(each, path) or _is_in(path, each) for each in files):
        raise Refused(422)
    return {**files, path: content}


def _is_in(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def listed(files: Files) -> Iterator[tuple[str, bool, int]]:
    """What a list of everything says of files: their folders, too, and how large each is."""
    folders = {path[:end] for path in files for end, each in enumerate(path) if each == "/"}
    for path in sorted({*files, *folders}):
        yield path, path in folders, len(files.get(path, b""))
