"""Reads of exports and imports."""

from uuid import UUID

from sqlalchemy import Select, false, select, true

from app.accounts.models import User
from app.apps.models import App
from app.archives.models import Export, ExportStatus, Import, ImportStatus
from app.core.clock import now
from app.core.db import bare, session
from app.organizations.models import Organization
from app.projects.models import Project

_OPEN = (ExportStatus.QUEUED, ExportStatus.RUNNING)


def exports_of(organization: Organization) -> Select[Export]:
    """Return the archives that were asked for of an organization, for its admins, newest first."""
    query = select(Export).where(Export.organization_id == organization.id)
    return query.order_by(Export.created_at.desc(), Export.id.desc())


def export_in(organization: Organization, export_id: UUID) -> Select[Export]:
    """Return one of them."""
    return exports_of(organization).where(Export.id == export_id)


def export(export_id: UUID) -> Export | None:
    """Return an archive as it is now, for the work on it."""
    return session.get(Export, export_id, populate_existing=True)


def project_in(organization: Organization, project_id: UUID) -> Select[Project]:
    """Return one of an organization's projects, for its admins, who see them all."""
    return select(Project).where(
        Project.id == project_id, Project.organization_id == organization.id, Project.leaving_at.is_(None)
    )


def open_export_of(organization: Organization, project: Project | None) -> Export | None:
    """Return the archive of the same that is being made already."""
    same = Export.project_id == project.id if project is not None else Export.project_id.is_(None)
    query = exports_of(organization).where(same, Export.status.in_(_OPEN))
    return session.scalars(query.limit(1)).first()


def is_being_made(organization: Organization) -> bool:
    """Tell whether any archive of an organization is on its way."""
    query = select(Export.id).where(Export.organization_id == organization.id, Export.status.in_(_OPEN))
    return session.scalar(query.limit(1)) is not None


def exports_over() -> list[Export]:
    """Return the archives whose time is over though their file is still there."""
    query = select(Export).where(Export.status == ExportStatus.READY, Export.expires_at <= now())
    return list(session.scalars(query.options(*bare())))


def ids_with_files() -> set[str]:
    """Return the ids of the archives that have, or are about to have, a file."""
    query = select(Export.id).where(Export.status.in_((*_OPEN, ExportStatus.READY)))
    return {str(found) for found in session.scalars(query)}


def handle_is_free(handle: str) -> bool:
    """Tell whether no app of the installation has an address by this name."""
    return session.scalar(select(App.id).where(App.handle == handle)) is None


# --- what is brought in, for the admins of the installation -------------------------------------------------


def every_import() -> Select[Import]:
    """Return the archives that were brought in, newest first."""
    return select(Import).order_by(Import.created_at.desc(), Import.id.desc())


def import_visible_to(user: User, import_id: UUID) -> Select[Import]:
    """Return one of them, for an admin of the installation; for others there is none."""
    return select(Import).where(Import.id == import_id, true() if user.is_admin else false())


def import_now(import_id: UUID) -> Import | None:
    """Return it as it is now, for the work on it."""
    return session.get(Import, import_id, populate_existing=True)


def ids_of_open_imports() -> set[str]:
    """Return the ids of the archives that still have to be brought in."""
    query = select(Import.id).where(Import.status.in_((ImportStatus.QUEUED, ImportStatus.RUNNING)))
    return {str(found) for found in session.scalars(query)}
