"""Archives that are made: asked for, written by a worker, kept for a while."""

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from app.accounts.models import User
from app.archives import permissions, queries
from app.archives.models import Export, ExportStatus
from app.archives.packing import Part, Report, pack
from app.core import audit, ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Conflict, Failed, Gone, NotAllowed
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.organizations.models import Organization
from app.projects.models import Project

DAYS_KEPT = 7
_PIECE = 1024 * 1024


def ask_for_export(organization: Organization, *, by: User, project: Project | None = None) -> Export:
    """Have an archive made of an organization, or of one of its projects."""
    _may_export(by, organization)
    if queries.open_export_of(organization, project) is not None:
        raise Conflict("This archive is being made already. It is offered here as soon as it is there.")
    if project is not None and project.is_sample:
        raise Conflict("The sample is not exported: it is made anew with one button.")
    with transaction():
        export = Export(
            organization=organization,
            organization_id=organization.id,
            project=project,
            project_id=project.id if project is not None else None,
            made_by=by,
        )
        session.add(export)
        session.flush()  # its run refers to it
        export.run = make_export.later(export.id, topic=organization.id)
        _note("export.asked", export, by=by)
    return export


@job(queue="build", deadline=1800, attempts=2)
def make_export(export_id: UUID) -> None:
    """Write the archive that somebody asked for; it is there whole or not at all."""
    export = queries.export(export_id)
    if export is None or not export.is_open:
        return
    run = ledger.current()
    with transaction():
        export.move_to(ExportStatus.RUNNING)
        changed(str(export.organization_id))
    part, place = Part(export.organization_id, export.project_id), export.place
    let_go()
    size, digest = write_export(
        part, place, report=lambda percent, doing: run.report(phase=doing, progress=percent)
    )
    try:
        with transaction():
            run.settle()
            export.move_to(ExportStatus.READY)
            export.size, export.digest, export.ended_at = size, digest, now()
            export.expires_at = now() + timedelta(days=DAYS_KEPT)
            changed(str(export.organization_id))
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def write_export(part: Part, to: Path, *, report: Report) -> tuple[int, str]:
    """Write an archive to a place; returns its size and hash. Nothing is left there where that fails."""
    making = to.with_name(f".{to.name}.making")
    making.touch(mode=0o600)
    try:
        pack(part, making, report=report)
        size, digest = making.stat().st_size, hashlib.sha256()
        with making.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
        making.replace(to)
    except OSError as trouble:
        raise Failed(
            "not_written",
            f"The archive could not be written: {trouble.strerror or trouble}.",
            "Look whether there is room on the disk, then make it again.",
        ) from trouble
    finally:
        making.unlink(missing_ok=True)
    return size, digest.hexdigest()


def file_of(export: Export) -> Path:
    """Return the file of an archive, or say that there is none."""
    if not export.is_ready or not export.place.is_file():
        raise Gone("There is no file of this archive any more, or none yet. Have it made anew.")
    return export.place


def cancel_export(export: Export, *, by: User) -> None:
    """Stop making an archive; nothing of it is kept."""
    _may_export(by, export.organization)
    if not export.is_open or export.run is None:
        raise Conflict("This archive is not being made any more.")
    with transaction():
        ledger.cancel(export.run)
        _note("export.cancelled", export, by=by)


@ledger.when_ended("archives.make_export")
def _note_end(run: Run) -> None:
    """Say of an archive that it will not be there, and why."""
    export = queries.export(UUID(run.subject_id))
    if export is None or not export.is_open:
        return
    if run.state is RunState.CANCELLED:
        export.end(ExportStatus.CANCELLED)
    else:
        why = " ".join(filter(None, [run.error_message, run.error_suggestion]))
        export.end(ExportStatus.FAILED, error=why or "It could not be made.")
    changed(str(export.organization_id))


def forget_old_exports() -> int:
    """Remove archives whose time is over, and files that are of none; called by the schedule."""
    with transaction():
        over = queries.exports_over()
        for export in over:
            export.end(ExportStatus.EXPIRED)
            changed(str(export.organization_id))
    kept = queries.ids_with_files()
    for path in installation().folder("exports").glob("*.zip"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)
    return len(over)


def _may_export(by: User, organization: Organization) -> None:
    if not permissions.can_export(by, organization):
        raise NotAllowed(f"Only an admin of {organization.name} takes everything out of it.")


def _note(act: str, export: Export, *, by: User) -> None:
    of = export.project.name if export.project is not None else export.organization.name
    audit.record(act, by=by, subject=of, subject_id=export.id, organization_id=export.organization_id)
