"""An archive becomes an organization: all of it, or nothing."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from sqlalchemy import insert, select, update
from sqlalchemy.exc import DataError, IntegrityError

from app.accounts.models import User
from app.archives import permissions
from app.archives.identities import Identities
from app.archives.kinds import BY_NAME, CODED, KINDS, PEOPLE, Kind, Row
from app.archives.operations.settling import settle
from app.archives.packing import Report
from app.archives.queries import handle_is_free
from app.archives.unpacking import Archive, opened, placed, survey, unfit
from app.core import files
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import DomainError, Invalid, NotAllowed
from app.core.files import clean_name
from app.core.ids import token, uuid7
from app.core.installation import installation
from app.core.secrets import digest as digest_of
from app.core.slugs import slugify
from app.engine.repositories import bundles
from app.organizations import operations as organizations
from app.organizations.models import Membership, Organization, Role
from app.organizations.operations.base import note
from app.organizations.queries import slug_is_free
from app.projects.queries import label_is_free
from app.requests.queries import digests_known

_MEGABYTE = 1024 * 1024
_READ, _BROUGHT = (
    20,
    80,
)  # percent of the work that are done once all is read, once what lies on the disk is there


def _say_nothing(_percent: int, _doing: str) -> None:
    """Report to nobody."""


def _leave_it(_organization: Organization) -> None:
    """Add nothing to what was made."""


def import_archive(
    stream: BinaryIO,
    *,
    by: User,
    name: str | None = None,
    slug: str | None = None,
    report: Report = _say_nothing,
    finish: Callable[[Organization], None] = _leave_it,
) -> Organization:
    """Make a new organization of an archive, called as in it unless said otherwise; `by` is an admin of it.

    `report` hears how much is done, and `finish` is called in the transaction that makes all of it.

    People are known by their e-mail. Who has no account here gets one that is shut, so that what they did
    stays theirs; an admin of the installation opens it. What ran when the archive was made has ended here.
    """
    must_be_allowed(by)
    report(0, "reading")
    with opened(stream, most_bytes=most_bytes()) as archive:
        identities = survey(archive)
        with _brought(archive, identities, report), transaction():
            organization = _make_organization(archive, by=by, name=name, slug=slug)
            _Import(archive, identities, organization, by).insert()
            settle(organization)
            note("organization.imported", organization, by=by, detail=archive.manifest.url)
            finish(organization)
    return organization


def must_be_allowed(by: User) -> None:
    """Refuse whoever may not bring an archive in."""
    if not permissions.can_import(by):
        raise NotAllowed("Only an admin of the whole installation brings an archive in.")


def most_bytes() -> int:
    """Return how large an archive may be, unpacked."""
    return installation().archive_limit_mb * _MEGABYTE


# --- what lies on the disk ---------------------------------------------------------------------------------


@contextmanager
def _brought(archive: Archive, identities: Identities, report: Report) -> Iterator[None]:
    """Put repositories and files where they will be looked for; they go again when the rest fails."""
    made: list[Path] = []
    new: list[str] = []
    try:
        of = archive.entries[BY_NAME["projects"].path].rows or 1
        for number, row in archive.rows(BY_NAME["projects"]):
            report(_READ + (_BROUGHT - _READ) * (number - 1) // of, "repositories")
            made.append(installation().repositories / f"{identities.here('projects', row['id'])}.git")
            _bring_repository(archive, row, number, into=made[-1])
        for digest in _contents(archive):
            if archive.holds_file(digest) and not files.path_of(digest).exists():
                new.append(digest)
                _bring_file(archive, f"files/{digest}")
        report(_BROUGHT, "writing")
        yield
    except BaseException:
        for repository in made:
            shutil.rmtree(repository, ignore_errors=True)
        for digest in set(new) - digests_known(new):
            files.path_of(digest).unlink(missing_ok=True)
        raise


def _bring_repository(archive: Archive, row: Row, number: int, *, into: Path) -> None:
    path = f"repositories/{row['id']}.bundle"
    with tempfile.TemporaryDirectory(prefix=".import-", dir=installation().home) as aside:
        bundle = archive.unpack(path, Path(aside) / "bundle") if path in archive.entries else None
        try:
            bundles.unpack(bundle, into, default_branch=row["default_branch"])
        except Invalid:
            fault = "`default_branch` cannot be the name of a branch"
            raise unfit(placed(BY_NAME["projects"], number, fault)) from None
        except DomainError as trouble:
            raise unfit(f"{path} holds no repository that can be taken: {trouble.message}") from None


def _contents(archive: Archive) -> set[str]:
    """Return the hashes of what is kept as a file here, too."""
    kinds = [kind for kind in KINDS if kind.content is not None]
    named = {row[str(kind.content)] for kind in kinds for _, row in archive.rows(kind)}
    return {str(digest) for digest in named - {None}}


def _bring_file(archive: Archive, path: str) -> None:
    with tempfile.TemporaryFile(dir=installation().home) as aside:
        with archive.open(path) as source:
            shutil.copyfileobj(source, aside)
        files.keep(aside)


# --- rows --------------------------------------------------------------------------------------------------


def _make_organization(archive: Archive, *, by: User, name: str | None, slug: str | None) -> Organization:
    known = archive.manifest.organization
    if not slug and slug_is_free(known.slug) and known.slug not in organizations.RESERVED:
        slug = known.slug
    return organizations.create_organization(name or known.name, by=by, slug=slug or None)


class _Import:
    """The rows of an archive on their way into the database."""

    def __init__(
        self, archive: Archive, identities: Identities, organization: Organization, by: User
    ) -> None:
        self._archive = archive
        self._identities = identities
        self._organization = organization
        self._by = by
        self._labels: dict[str, str] = {}
        known = archive.manifest.organization
        identities.become("organization", known.id, organization.id)
        before, after = f"/{known.slug}/", f"/{organization.slug}/"
        identities.move(before, after)
        identities.move(archive.manifest.url + before, installation().url + after)

    def insert(self) -> None:
        for kind in KINDS:
            for number, row in self._archive.rows(kind):
                try:
                    self._insert(kind, row)
                except (IntegrityError, DataError) as trouble:
                    words = str(trouble.orig).splitlines()[0]
                    raise unfit(placed(kind, number, f"it does not go with the rest ({words})")) from None
        self._tie_together()

    def _insert(self, kind: Kind, row: Row) -> None:
        if kind.name == PEOPLE:
            self._meet(row)
        elif kind.name == "organization":
            self._fill_in(self._identities.translate(kind, row))
        else:
            later = {name: None for name in row if self._is_later(kind, name)}
            told = self._made_fit(kind, self._identities.translate(kind, row | later))
            if kind.name == "members" and told["user_id"] == self._by.id:
                self._keep_the_date(told)
                return
            _write(kind, told)

    @staticmethod
    def _is_later(kind: Kind, name: str) -> bool:
        """Tell whether a column refers to rows that may come later; it is filled in at the end."""
        referred = kind.references.get(name)
        return referred is not None and KINDS.index(BY_NAME[referred]) >= KINDS.index(kind)

    def _meet(self, row: Row) -> None:
        """Know somebody by their e-mail, or make them an account that nobody can come in by."""
        email = row["email"].strip().lower()
        known = session.scalar(select(User.id).where(User.email == email))
        if known is not None:
            self._identities.become(PEOPLE, row["id"], known)
            return
        told = {**row, "id": self._identities.here(PEOPLE, row["id"]), "email": email}
        _write(BY_NAME[PEOPLE], told | {"deactivated_at": row["deactivated_at"] or now()})

    def _fill_in(self, row: Row) -> None:
        left = ("id", "name", "slug")
        values = {name: value for name, value in row.items() if name not in left}
        session.execute(update(Organization).where(Organization.id == self._organization.id).values(**values))
        session.refresh(self._organization)

    def _keep_the_date(self, row: Row) -> None:
        mine = (Membership.organization_id == self._organization.id, Membership.user_id == self._by.id)
        session.execute(update(Membership).where(*mine).values(created_at=row["created_at"], role=Role.ADMIN))

    def _made_fit(self, kind: Kind, row: Row) -> Row:
        """Give a row what only this installation can give it."""
        if kind.name in CODED:
            code = token(12)
            row |= {"code": code, "code_digest": digest_of(code)}
        if kind.bytes_column is not None:
            with self._archive.open(f"files/{row[kind.bytes_column]}") as file:
                row[kind.bytes_column] = file.read()
        match kind.name:
            case "projects":
                row["plan_overrides"] = _plan_inside(row["plan_overrides"])
                row["host_label"] = self._free_label(row["host_label"], row["slug"])
            case "apps":
                row["handle"] = self._free_handle(row["handle"])
            case "attachments":
                row |= _seen_anew(row)
        return row

    def _free_label(self, known: str, fallback: str) -> str:
        label = slugify(known, fallback=slugify(fallback, fallback="project"), longest=40)
        free = label if label_is_free(label) else f"{label}-{uuid7().hex[-6:]}"
        self._labels[known] = free
        return free

    def _free_handle(self, known: str) -> str:
        handle = self._labels.get(known) or slugify(known, fallback="app", longest=50)
        return handle if handle_is_free(handle) else f"{handle}-{uuid7().hex[-6:]}"

    def _tie_together(self) -> None:
        """Fill in what refers to rows that came later."""
        for kind in KINDS:
            names = [name for name in kind.references if self._is_later(kind, name)]
            if not names:
                continue
            for _, row in self._archive.rows(kind):
                tied = {name: row[name] for name in names if row[name] is not None}
                if tied:
                    values = self._identities.translate(kind, tied)
                    here = kind.table.c.id == self._identities.here(kind.name, row["id"])
                    session.execute(update(kind.table).where(here).values(**values))


def _write(kind: Kind, row: Row) -> None:
    """Insert a row; what is empty is left to the database, for which an empty JSON is something else."""
    values: dict[str, Any] = {name: value for name, value in row.items() if value is not None}
    session.execute(insert(kind.table).values(**values))


def _plan_inside(said: Any) -> dict[str, Any]:
    """Keep what was said of building, but no result that lies outside of the repository."""
    plan = dict(said) if isinstance(said, dict) else {}
    output = PurePosixPath(str(plan.get("output") or "."))
    if output.is_absolute() or ".." in output.parts:
        del plan["output"]
    return plan


def _seen_anew(row: Row) -> dict[str, Any]:
    """Tell by an attachment's own bytes what it is, as when somebody hands it in."""
    name, place = clean_name(row["name"]), files.path_of(row["digest"])
    if not place.is_file():
        return {"name": name}
    with place.open("rb") as file:
        kind = files.kind_of(file)
    return {"name": name, "size": place.stat().st_size, **kind._asdict()}
