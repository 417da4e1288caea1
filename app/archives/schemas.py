"""Archives, as they are asked for and shown."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints

from app.archives.models import Export, ExportStatus, Import, ImportStatus
from app.core.installation import installation
from app.organizations.schemas import OrganizationRef, PersonRef
from app.web.schemas import Moment, Schema

POLL_MS = 2000


class NewExport(Schema):
    """An archive to make: of the whole organization, or of one project."""

    project_id: UUID | None = None


class NewImport(Schema):
    """What an organization is called that is brought in; without these, as in its archive."""

    name: Annotated[str, StringConstraints(max_length=120)] = ""
    slug: Annotated[str, StringConstraints(max_length=60)] = ""


class ExportOut(Schema):
    """An archive, how far it is, and where its file is once it is ready."""

    id: UUID
    organization_id: UUID
    project_id: UUID | None
    status: ExportStatus
    progress_percent: int
    size: int | None
    sha256: str | None
    file_name: str
    download_url: str | None
    error_message: str | None
    made_by: PersonRef | None
    created_at: Moment
    ended_at: Moment | None
    expires_at: Moment | None
    next_poll_ms: int | None

    @classmethod
    def of(cls, export: Export) -> Self:
        """Show an archive to an admin of its organization."""
        path = f"/api/organizations/{export.organization_id}/exports/{export.id}/archive"
        return cls.model_validate(
            {
                "id": export.id,
                "organization_id": export.organization_id,
                "project_id": export.project_id,
                "status": export.status,
                "progress_percent": export.progress_percent,
                "size": export.size,
                "sha256": export.digest,
                "file_name": export.file_name,
                "download_url": f"{installation().url}{path}" if export.is_ready else None,
                "error_message": export.error_message,
                "made_by": export.made_by,
                "created_at": export.created_at,
                "ended_at": export.ended_at,
                "expires_at": export.expires_at,
                "next_poll_ms": POLL_MS if export.is_open else None,
            }
        )


class ImportOut(Schema):
    """An archive that is brought in, how far it is, and the organization once that is there.

    `faults` names by file and line what does not hold.
    """

    id: UUID
    status: ImportStatus
    progress_percent: int
    file_name: str
    organization: OrganizationRef | None
    faults: list[str]
    error_message: str | None
    made_by: PersonRef | None
    created_at: Moment
    ended_at: Moment | None
    next_poll_ms: int | None

    @classmethod
    def of(cls, wanted: Import) -> Self:
        """Show to an admin of the installation how far it is."""
        return cls.model_validate(
            {
                "id": wanted.id,
                "status": wanted.status,
                "progress_percent": wanted.progress_percent,
                "file_name": wanted.file_name,
                "organization": wanted.organization,
                "faults": wanted.faults,
                "error_message": wanted.error_message,
                "made_by": wanted.made_by,
                "created_at": wanted.created_at,
                "ended_at": wanted.ended_at,
                "next_poll_ms": POLL_MS if wanted.is_open else None,
            }
        )
