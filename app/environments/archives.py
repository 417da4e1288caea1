"""What was sent as a tar or a zip, as files: none reaches out of its folder, and no more than is good."""

import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from app.core.errors import Invalid, TooLarge

MOST_FILES = 5_000
MOST_BYTES = 100 * 1024 * 1024
_MEBIBYTE = 1024 * 1024
_EXECUTABLE = 0o100


class PackedFile(NamedTuple):
    """One file of an archive."""

    path: str
    content: bytes
    is_executable: bool


@dataclass(frozen=True)
class Files:
    """The files of a task, and which of them can be started."""

    contents: dict[str, bytes]
    executable: frozenset[str]


def unpack(stream: BinaryIO, *, top: str) -> Files:
    """Read an archive; where `top` lies in a single folder, that folder is the top."""
    stream.seek(0)
    is_zip = stream.read(4) == b"PK\x03\x04"
    stream.seek(0)
    try:
        return _from(list(_zipped(stream) if is_zip else _tarred(stream)), top)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError):
        raise Invalid.field("file", "This is no tar, tar.gz or zip that can be read.") from None


def _from(packed: Iterable[PackedFile], top: str) -> Files:
    found = {each.path: each for each in packed}
    folders = {path.split("/", 1)[0] for path in found}
    if top not in found and len(folders) == 1 and f"{(folder := next(iter(folders)))}/{top}" in found:
        found = {path.removeprefix(f"{folder}/"): each for path, each in found.items()}
    return Files(
        {path: each.content for path, each in found.items()},
        frozenset(path for path, each in found.items() if each.is_executable),
    )


def _tarred(stream: BinaryIO) -> Iterator[PackedFile]:
    room = _Room()
    with tarfile.open(fileobj=stream, mode="r:*") as archive:
        for member in archive:
            if member.isdir():
                continue
            path = _checked(member.name)
            if not member.isfile():
                raise Invalid.field("file", f"{path} is a link or a device; a task holds plain files.")
            room.take(member.size)
            reader = archive.extractfile(member)
            content = reader.read() if reader is not None else b""
            yield PackedFile(path, content, bool(member.mode & _EXECUTABLE))


def _zipped(stream: BinaryIO) -> Iterator[PackedFile]:
    room = _Room()
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            path = _checked(member.filename)
            room.take(member.file_size)
            with archive.open(member) as reader:
                content = reader.read(member.file_size + 1)
            yield PackedFile(path, content, bool(member.external_attr >> 16 & _EXECUTABLE))


def _checked(name: str) -> str:
    path = PurePosixPath(name)
    parts = [part for part in path.parts if part != "."]
    if path.is_absolute() or ".." in parts or not parts or "\\" in name:
        raise Invalid.field("file", f"{name} reaches out of the task's folder.")
    return "/".join(parts)


class _Room:
    """How much more of an archive is taken."""

    def __init__(self) -> None:
        self._files = self._bytes = 0

    def take(self, size: int) -> None:
        """Count one more file; TooLarge past the bounds."""
        self._files += 1
        self._bytes += size
        if self._files > MOST_FILES or self._bytes > MOST_BYTES:
            raise TooLarge(
                f"A task holds at most {MOST_FILES} files of together {MOST_BYTES // _MEBIBYTE} MiB. "
                "Leave out what is installed or built."
            )
