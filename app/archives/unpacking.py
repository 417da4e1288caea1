"""Read an archive that came from anywhere: nothing of it is believed before it was looked at.

What is wrong is said by file and line. Nothing is unpacked under the name that the archive gives it.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile

from pydantic import ValidationError

from app.archives import rows
from app.archives.identities import Identities
from app.archives.kinds import BY_NAME, KINDS, PEOPLE, Kind, Row
from app.archives.manifest import FORMAT, NAME, VERSION, Entry, Manifest
from app.core.errors import Invalid
from app.core.files import size_in_words

_MOST_ENTRIES = 200_000
_MOST_FAULTS = 10
_LARGEST_MANIFEST = 64 * 1024 * 1024
_LONGEST_LINE = 16 * 1024 * 1024
_PIECE = 1024 * 1024
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PATH = re.compile(rf"rows/[a-z_]+\.ndjson|files/[0-9a-f]{{64}}|repositories/{_UUID}\.bundle")
_BROKEN = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


def unfit(*faults: str) -> Invalid:
    """Say what is wrong with an archive."""
    errors = [{"loc": ["body", "archive"], "msg": fault, "type": "archive"} for fault in faults]
    return Invalid(faults[0], errors=errors)  # type: ignore[arg-type]


class Archive:
    """An archive whose files are those that its manifest names, byte by byte."""

    def __init__(self, packed: ZipFile, manifest: Manifest) -> None:
        self._packed = packed
        self.manifest = manifest
        self.entries = {entry.path: entry for entry in manifest.entries}
        self.missing = frozenset(manifest.missing_files)

    def open(self, path: str) -> IO[bytes]:
        return self._packed.open(path)

    def holds_file(self, digest: str) -> bool:
        return f"files/{digest}" in self.entries

    def rows(self, kind: Kind) -> Iterator[tuple[int, Row]]:
        """Read the lines of a kind with their numbers."""
        for number, line in self.lines(kind):
            try:
                yield number, rows.read(kind, line)
            except rows.Unfit as fault:
                raise unfit(placed(kind, number, fault)) from None

    def lines(self, kind: Kind) -> Iterator[tuple[int, bytes]]:
        """Read the lines of a kind as they stand."""
        with self.open(kind.path) as file:
            number = 0
            while line := file.readline(_LONGEST_LINE):
                number += 1
                yield number, line

    def unpack(self, path: str, to: Path) -> Path:
        """Write one file of the archive to a place of ours."""
        with self.open(path) as source, to.open("wb") as target:
            while piece := source.read(_PIECE):
                target.write(piece)
        return to


def placed(kind: Kind, number: int, fault: object) -> str:
    return f"{kind.path}, line {number}: {fault}."


@contextmanager
def opened(stream: BinaryIO, *, most_bytes: int) -> Iterator[Archive]:
    """Open an archive and compare each of its files with the manifest; 422 says what does not hold."""
    with _zip_in(stream) as packed:
        archive = Archive(packed, _described(packed, most_bytes))
        _must_be_complete(packed, archive)
        yield archive


def glance(stream: BinaryIO, *, most_bytes: int) -> Manifest:
    """Say at once of what cannot be an archive that it is none; its files are not read yet."""
    with _zip_in(stream) as packed:
        return _described(packed, most_bytes)


def _zip_in(stream: BinaryIO) -> ZipFile:
    try:
        return ZipFile(stream)
    except _BROKEN:
        raise unfit("This is no archive of Greenroom: it is not a zip file.") from None


def _described(packed: ZipFile, most_bytes: int) -> Manifest:
    _must_be_bounded(packed, most_bytes)
    return _manifest_of(packed)


def _must_be_bounded(packed: ZipFile, most_bytes: int) -> None:
    """Look at the table of contents alone, so that nothing large is unpacked unseen."""
    found = packed.infolist()
    names = [info.filename for info in found]
    size = sum(info.file_size for info in found)
    if len(found) > _MOST_ENTRIES:
        raise unfit(f"There are more than {_MOST_ENTRIES} files in it.")
    if size > most_bytes:
        raise unfit(
            f"Unpacked it has {size_in_words(size)}, and {size_in_words(most_bytes)} are taken at most. "
            "Whoever runs this installation can raise GREENROOM_ARCHIVE_LIMIT_MB."
        )
    if len(set(names)) < len(names):
        raise unfit("A file stands in it twice.")
    for name in names:
        if name != NAME and not _PATH.fullmatch(name):
            raise unfit(f"{name!r} has no place in an archive.")
    if NAME not in names:
        raise unfit("This is no archive of Greenroom: there is no manifest.json in it.")


def _manifest_of(packed: ZipFile) -> Manifest:
    if packed.getinfo(NAME).file_size > _LARGEST_MANIFEST:
        raise unfit("manifest.json is too large.")
    try:
        manifest = Manifest.model_validate_json(packed.read(NAME))
    except ValidationError as trouble:
        first = trouble.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise unfit(f"manifest.json, {where or 'line 1'}: {first['msg']}.") from None
    except _BROKEN:
        raise unfit("manifest.json cannot be read.") from None
    if manifest.format != FORMAT:
        raise unfit(f"manifest.json: the format is not {FORMAT}.")
    if manifest.version != VERSION:
        raise unfit(
            f"manifest.json: this is version {manifest.version} of the format; version {VERSION} is read. "
            "Use the release of Greenroom that made it."
        )
    return manifest


def _must_be_complete(packed: ZipFile, archive: Archive) -> None:
    there = {info.filename for info in packed.infolist()} - {NAME}
    faults = [f"{path} is not in the manifest." for path in sorted(there - set(archive.entries))]
    faults += [f"{path} is missing." for path in sorted(set(archive.entries) - there)]
    faults += [f"{kind.path} is missing." for kind in KINDS if kind.path not in archive.entries]
    known = {kind.path for kind in KINDS}
    faults += [
        f"{path} is of no kind that is known here."
        for path in sorted(there)
        if path.startswith("rows/") and path not in known
    ]
    if not faults:
        faults = [fault for entry in archive.manifest.entries if (fault := _difference(archive, entry))]
    if faults:
        raise unfit(*dict.fromkeys(faults[:_MOST_FAULTS]))


def _difference(archive: Archive, entry: Entry) -> str | None:
    """Say how a file differs from what the manifest says of it."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(entry.path) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except _BROKEN:
        return f"{entry.path} cannot be unpacked."
    named = entry.path.removeprefix("files/") if entry.path.startswith("files/") else entry.sha256
    if (size, digest.hexdigest()) != (entry.size, entry.sha256) or named != entry.sha256:
        return f"{entry.path} is not what the manifest says: it was changed or cut short."
    return None


# --- the lines ---------------------------------------------------------------------------------------------


def survey(archive: Archive) -> Identities:
    """Read every line once, and give each row a new id; 422 names the lines that do not hold."""
    found = _Survey(archive)
    for kind in KINDS:
        found.read(kind)
    found.settle()
    return found.identities


class _Survey:
    """What was read so far, and what does not hold."""

    def __init__(self, archive: Archive) -> None:
        self.identities = Identities()
        self._archive = archive
        self._later: list[tuple[Kind, int, str, object]] = []
        self._emails: set[str] = set()
        self._faults: list[str] = []

    def read(self, kind: Kind) -> None:
        number = 0
        for number, line in self._archive.lines(kind):
            try:
                self._look_at(kind, number, rows.read(kind, line))
            except rows.Unfit as fault:
                self._faults.append(placed(kind, number, fault))
                self._stop_at(_MOST_FAULTS)
        said = self._archive.entries[kind.path].rows
        if said != number:
            self._faults.append(f"{kind.path} has {number} lines, and the manifest says {said}.")
        if kind.name == "organization" and number != 1:
            self._faults.append(f"{kind.path} has to have one line.")

    def settle(self) -> None:
        """Look at what refers to lines that came later."""
        for kind, number, name, value in self._later:
            if not self.identities.has(kind.references[name], value):
                self._faults.append(placed(kind, number, f"`{name}` names nothing that is there"))
        self._stop_at(1)

    def _stop_at(self, most: int) -> None:
        if len(self._faults) >= most:
            raise unfit(*self._faults[:_MOST_FAULTS])

    def _look_at(self, kind: Kind, number: int, row: Row) -> None:
        if kind.has_id:
            self.identities.add(kind.name, row["id"])
        for name, referred in kind.references.items():
            value = row[name]
            if value is None or self.identities.has(referred, value):
                continue
            if KINDS.index(BY_NAME[referred]) < KINDS.index(kind):
                raise rows.Unfit(f"`{name}` names nothing that is there")
            self._later.append((kind, number, name, value))
        self._look_at_files(kind, row)
        if kind.name == PEOPLE:
            email = row["email"] = row["email"].strip().lower()
            if email in self._emails:
                raise rows.Unfit("its `email` stands there twice")
            self._emails.add(email)

    def _look_at_files(self, kind: Kind, row: Row) -> None:
        digest = row[kind.content] if kind.content is not None else None
        if (
            digest is not None
            and not self._archive.holds_file(digest)
            and digest not in self._archive.missing
        ):
            raise rows.Unfit(f"the file {digest[:12]}… is not in the archive")
        if kind.bytes_column is not None and not self._archive.holds_file(row[kind.bytes_column]):
            raise rows.Unfit("its file is not in the archive")
