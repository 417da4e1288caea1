"""Archives: the files in a zip or tar that somebody sent, and files packed as a zip."""

import io
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, BinaryIO

from app.core.errors import Invalid
from app.engine.repositories.paths import fault_of

MOST_FILES = 5_000
LARGEST_FILE = 5 * 1024 * 1024
MOST_BYTES = 100 * 1024 * 1024
_LEFT_OUT = {".git", "node_modules", "__pycache__", "__MACOSX", ".venv", ".DS_Store"}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files are the same zip
_LINK = 0o120000
_KIND = 0o170000


def unpack(stream: BinaryIO) -> dict[str, bytes]:
    """Return the files of a zip or tar by their paths, without a folder that all of them lie in.

    Links, paths that lead elsewhere and more than fits are refused; what installs make is left out.
    """
    stream.seek(0)
    is_zip = zipfile.is_zipfile(stream)
    stream.seek(0)
    found: dict[str, bytes] = {}
    held = 0
    try:
        for path, content in _from_zip(stream) if is_zip else _from_tar(stream):
            plain = path.removeprefix("./")
            fault = fault_of(plain)
            if fault:
                raise _refused(f"{path!r} in it leads out of the app: {fault}.")
            if len(found) >= MOST_FILES:
                raise _refused(f"It holds more than {MOST_FILES} files.")
            held += len(content)
            if held > MOST_BYTES:
                raise _refused("It holds more than 100 MiB.")
            found[plain] = content
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, RuntimeError, NotImplementedError):
        raise _refused("It is no zip or tar that can be read, or is protected by a password.") from None
    if not found:
        raise _refused("There is no file in it.")
    return _without_outer_folder(found)


def _from_zip(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            if entry.is_dir() or _is_left_out(entry.filename):
                continue
            if (entry.external_attr >> 16) & _KIND == _LINK:
                raise _refused(f"{entry.filename!r} in it is a link. Put the file itself in its place.")
            with archive.open(entry) as file:
                yield entry.filename, _bounded(file, entry.filename)


def _from_tar(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=stream, mode="r:*") as archive:
        for entry in archive:
            if entry.isdir() or _is_left_out(entry.name):
                continue
            file = archive.extractfile(entry) if entry.isreg() else None
            if file is None:
                raise _refused(
                    f"{entry.name!r} in it is a link or a device. Put the file itself in its place."
                )
            yield entry.name, _bounded(file, entry.name)


def _bounded(file: IO[bytes], name: str) -> bytes:
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise _refused(f"{name!r} in it has more than 5 MiB.")
    return content


def _is_left_out(path: str) -> bool:
    return not _LEFT_OUT.isdisjoint(path.split("/"))


def _without_outer_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    outer = {path.partition("/")[0] for path in files}
    if len(outer) != 1 or any("/" not in path for path in files):
        return files
    return {path.partition("/")[2]: content for path, content in files.items()}


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return files as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path, date_time=_EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _refused(why: str) -> Invalid:
    return Invalid.field("archive", f"This archive cannot be taken. {why}", type="archive")
