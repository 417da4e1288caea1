"""Write an archive: the lines of each kind, the files they name, the repositories, and what all of it is."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import ColumnElement, Connection, Select, func, select

from app.accounts.models import User
from app.archives import rows
from app.archives.kinds import BY_NAME, KINDS, PEOPLE, Kind, Row
from app.archives.manifest import FORMAT, NAME, VERSION, Entry, Manifest, Whose
from app.core.clock import iso, now
from app.core.db import current_engine
from app.core.files import path_of
from app.core.installation import installation
from app.engine.repositories import bundles
from app.organizations.models import Organization
from app.projects.models import Project
from app.specs.models import Spec

_PIECE = 1024 * 1024
_AT_ONCE = 500
_REPOSITORY_WEIGHS = 100  # as much of the work as that many lines

Report = Callable[[int, str], None]


class Part(NamedTuple):
    """What of the installation an archive holds: an organization, or one project of it."""

    organization_id: UUID
    project_id: UUID | None = None


def pack(part: Part, to: Path, *, report: Report) -> None:
    """Write an archive of what is there at this moment; `report` hears how much is done, and with what."""
    with (
        _snapshot() as connection,
        tempfile.TemporaryDirectory(prefix=".packing-", dir=to.parent) as aside,
        ZipFile(to, "w", ZIP_DEFLATED) as into,
    ):
        _Packing(part, connection, into, Path(aside), report).pack()


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Read as if everything stood still."""
    with current_engine().connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


class _Packing:
    """One archive while it is written."""

    def __init__(
        self, part: Part, connection: Connection, into: ZipFile, aside: Path, report: Report
    ) -> None:
        self._part = part
        self._connection = connection
        self._into = into
        self._aside = aside
        self._report = report
        self._entries: list[Entry] = []
        self._missing: list[str] = []
        self._ids: dict[str, set[Any]] = {}
        self._people: set[UUID] = set()
        self._files: dict[str, Path] = {}
        self._done, self._whole = 0, 1

    def pack(self) -> None:
        kinds = [kind for kind in KINDS if kind.name != PEOPLE]
        for kind in kinds:
            if kind.has_id:
                found = self._connection.scalars(_select(kind, kind.table.c.id, part=self._part))
                self._ids[kind.name] = set(found)
        counts = [self._connection.scalar(_select(kind, func.count(), part=self._part)) for kind in kinds]
        repositories = sorted(self._ids["projects"])
        self._whole = 1 + sum(filter(None, counts)) + _REPOSITORY_WEIGHS * len(repositories)
        for kind in kinds:
            self._add_rows(kind, _select(kind, *kind.columns, part=self._part))
        people = BY_NAME[PEOPLE]
        self._add_rows(people, select(*people.columns).where(User.id.in_(self._people)))
        for digest in sorted(self._files):
            self._add_file(digest)
        for project_id in repositories:
            self._add_repository(project_id)
        self._add_manifest()

    def _go_on(self, by: int, doing: str) -> None:
        self._done += by
        self._report(min(99, self._done * 100 // self._whole), doing)

    # Lines

    def _add_rows(self, kind: Kind, query: Select[Any]) -> None:
        ordered = query.order_by(*kind.table.primary_key.columns)
        found = self._connection.execute(ordered, execution_options={"yield_per": _AT_ONCE})
        with self._entry(kind.path) as file:
            for row in found.mappings():
                self._go_on(1, kind.name)
                fitting = self._fitted(kind, kind.sift(dict(row)))
                if fitting is not None:
                    file.write(rows.write(fitting))
                    file.rows += 1

    def _fitted(self, kind: Kind, row: Row) -> Row | None:
        """Let a row refer to nothing outside of the archive; None where it is nothing without that."""
        for name, referred in kind.references.items():
            value = row[name]
            if value is None:
                continue
            if referred == PEOPLE:
                self._people.add(value)
            elif value not in self._ids[referred]:
                if not kind.table.c[name].nullable:
                    return None
                row[name] = None
        if kind.content is not None and row[kind.content] is not None:
            self._files[row[kind.content]] = path_of(row[kind.content])
        if kind.bytes_column is not None:
            row[kind.bytes_column] = self._put_aside(row[kind.bytes_column])
        return row

    def _put_aside(self, content: bytes) -> str:
        """Keep bytes until the lines are written; return what names them there."""
        digest = hashlib.sha256(content).hexdigest()
        self._files[digest] = self._aside / digest
        self._files[digest].write_bytes(content)
        return digest

    # Files

    def _add_file(self, digest: str) -> None:
        if not self._files[digest].is_file():
            self._missing.append(digest)
            return
        self._copy(self._files[digest], f"files/{digest}")

    def _add_repository(self, project_id: UUID) -> None:
        bundle, lying = (
            self._aside / f"{project_id}.bundle",
            installation().repositories / f"{project_id}.git",
        )
        self._go_on(_REPOSITORY_WEIGHS, "repositories")
        if lying.is_dir() and bundles.pack(lying, bundle):
            self._copy(bundle, f"repositories/{project_id}.bundle")
            bundle.unlink()

    def _copy(self, path: Path, name: str) -> None:
        with path.open("rb") as source, self._entry(name, packed=True) as file:
            while piece := source.read(_PIECE):
                file.write(piece)
                self._go_on(0, name.partition("/")[0])

    @contextmanager
    def _entry(self, name: str, *, packed: bool = False) -> Iterator["_File"]:
        """Write one file of the archive, and note what it is; what is packed already is not packed again."""
        info = ZipInfo(name, now().timetuple()[:6])
        info.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._into.open(info, "w", force_zip64=True) as into:
            file = _File(into)
            yield file
        count = file.rows if name.startswith("rows/") else None
        self._entries.append(Entry(path=name, size=file.size, sha256=file.hexdigest, rows=count))

    def _add_manifest(self) -> None:
        organization = self._connection.execute(
            select(Organization.id, Organization.name, Organization.slug).where(
                Organization.id == self._part.organization_id
            )
        ).one()
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            made_at=str(iso(now())),
            url=installation().url,
            organization=Whose(id=organization.id, name=organization.name, slug=organization.slug),
            project_id=self._part.project_id,
            missing_files=self._missing,
            entries=self._entries,
        )
        self._into.writestr(NAME, manifest.model_dump_json(by_alias=True, exclude_none=True, indent=1))


class _File:
    """A file being written: its hash, its size and its lines so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = self.rows = 0

    @property
    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)


def _select(kind: Kind, *columns: Any, part: Part) -> Select[Any]:
    return select(*columns).select_from(kind.table).where(_belongs(kind, part))


def _belongs(kind: Kind, part: Part) -> ColumnElement[bool]:
    """Return the condition that a row of a kind is part of what is exported, by what it lies within."""
    table = kind.table
    if kind.within is None:
        return table.c.id == part.organization_id
    outer = BY_NAME[kind.references[kind.within]]
    found: ColumnElement[bool] = table.c[kind.within].in_(
        select(outer.table.c.id).where(_belongs(outer, part))
    )
    if kind.only is not None:
        found &= kind.only
    if kind.name == "projects" and part.project_id is not None:
        found &= Project.id == part.project_id
    if kind.name == "specs":  # of a project that is taken along, or of the organization alone
        of_projects = Spec.project_id.in_(select(Project.id).where(_belongs(BY_NAME["projects"], part)))
        found &= of_projects if part.project_id is not None else of_projects | Spec.project_id.is_(None)
    return found
