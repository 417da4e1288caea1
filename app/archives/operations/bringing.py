"""Archives that are brought in: handed over, and made an organization by a worker."""

import shutil
from contextlib import suppress
from uuid import UUID

from app.accounts.models import User
from app.archives import queries
from app.archives.models import Import, ImportStatus
from app.archives.operations.importing import import_archive, most_bytes, must_be_allowed
from app.archives.unpacking import glance
from app.core import audit, ledger
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import Failed, Invalid
from app.core.files import Upload, clean_name
from app.core.ids import uuid7
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.organizations import operations as organizations
from app.organizations.models import Organization

TOPIC = "imports"
_LONGEST_NAME = 200


def ask_for_import(upload: Upload, *, by: User, name: str = "", slug: str = "") -> Import:
    """Have an archive brought in; what is none, or an address that is taken, is refused at once."""
    must_be_allowed(by)
    if slug:
        slug = organizations.checked_slug(slug)
    glance(upload.stream, most_bytes=most_bytes())
    wanted = Import(
        id=uuid7(), name=name, slug=slug, made_by=by, file_name=clean_name(upload.name)[-_LONGEST_NAME:]
    )
    _keep(upload, wanted)
    try:
        with transaction():
            session.add(wanted)
            session.flush()  # its run refers to it
            wanted.run = bring_in.later(wanted.id, topic=TOPIC)
            audit.record("import.asked", by=by, subject=wanted.file_name, subject_id=wanted.id)
    except BaseException:
        wanted.place.unlink(missing_ok=True)
        raise
    return wanted


def _keep(upload: Upload, wanted: Import) -> None:
    place = wanted.place
    try:
        place.touch(mode=0o600)
        upload.stream.seek(0)
        with place.open("wb") as file:
            shutil.copyfileobj(upload.stream, file)
    except OSError as trouble:
        place.unlink(missing_ok=True)
        raise Failed(
            "not_kept",
            f"The archive could not be kept: {trouble.strerror or trouble}.",
            "Look whether there is room on the disk, then bring it in again.",
        ) from trouble


@job(queue="build", deadline=3600, attempts=2)
def bring_in(import_id: UUID) -> None:
    """Make an organization of an archive that was handed over: all of it, or nothing."""
    wanted = queries.import_now(import_id)
    if wanted is None or not wanted.is_open:
        return
    run = ledger.current()
    if wanted.made_by is None:
        raise Failed("nobody", "Whoever brought it in has no account any more.", "Bring it in again.")
    with transaction():
        wanted.move_to(ImportStatus.RUNNING)
        changed(TOPIC)

    def finish(organization: Organization) -> None:
        run.settle()
        wanted.organization = organization
        wanted.end(ImportStatus.DONE)
        changed(TOPIC)

    try:
        with wanted.place.open("rb") as stream:
            import_archive(
                stream,
                by=wanted.made_by,
                name=wanted.name or None,
                slug=wanted.slug or None,
                report=lambda percent, doing: run.report(phase=doing, progress=percent),
                finish=finish,
            )
    except Invalid as refused:
        _note_faults(import_id, refused)
        raise
    except FileNotFoundError:
        raise Failed(
            "gone", "The file of this archive is not there any more.", "Bring it in again."
        ) from None
    wanted.place.unlink(missing_ok=True)


def _note_faults(import_id: UUID, refused: Invalid) -> None:
    wanted = queries.import_now(import_id)
    if wanted is not None and wanted.is_open:
        with transaction():
            wanted.faults = [str(fault["msg"]) for fault in refused.errors]


@ledger.when_ended("archives.bring_in")
def _note_end(run: Run) -> None:
    """Say of an archive that it did not become an organization, and why; its file goes."""
    wanted = queries.import_now(UUID(run.subject_id))
    if wanted is None or not wanted.is_open:
        return
    if run.state is RunState.CANCELLED:
        wanted.end(ImportStatus.CANCELLED)
    else:
        why = " ".join(filter(None, [run.error_message, run.error_suggestion]))
        wanted.end(ImportStatus.FAILED, error=why or "It could not be brought in.")
    with suppress(OSError):
        wanted.place.unlink(missing_ok=True)
    changed(TOPIC)


def sweep_imports() -> None:
    """Remove files of archives that ended or were never written down; called by the schedule."""
    kept = queries.ids_of_open_imports()
    for path in installation().folder("imports").glob("*.zip"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)
