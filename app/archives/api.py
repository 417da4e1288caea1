"""Archives, for programs."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, request

from app.archives import operations, permissions, queries
from app.archives.models import CONTENT_TYPE, Export
from app.archives.schemas import ExportOut, ImportOut, NewExport, NewImport
from app.core.errors import Invalid, NotAllowed
from app.core.paging import Page, paginate
from app.organizations.models import Organization
from app.organizations.queries import organization_of
from app.web.api import endpoint
from app.web.downloads import give
from app.web.guards import me, takes_archives
from app.web.pages import load_or_404
from app.web.schemas import Paging, read
from app.web.uploads import one_upload

blueprint = Blueprint("archives_api", __name__)


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/exports",
    operation="List an organization's archives (ours)",
    query=Paging,
    answer=ExportOut,
    many=True,
    scope="admin",
    errors=(403, 404),
)
def list_exports(id: UUID, query: Paging) -> Page[ExportOut]:  # noqa: A002 - the contract's name
    """List the archives that were asked for, newest first, for the organization's admins."""
    page = paginate(queries.exports_of(_organization(id)), page=query.page, limit=query.limit)
    return replace(page, items=[ExportOut.of(export) for export in page.items])


@endpoint(
    blueprint,
    "POST",
    "/organizations/<uuid:id>/exports",
    operation="Export an organization (ours)",
    body=NewExport,
    answer=ExportOut,
    status=202,
    scope="admin",
    errors=(403, 404, 409),
)
def ask_for_export(id: UUID, body: NewExport) -> ExportOut:  # noqa: A002 - the contract's name
    """Have an archive made of everything, or with `projectId` of one project; ask again for how far it is."""
    here, project = _organization(id), None
    if body.project_id is not None:
        project = load_or_404(queries.project_in(here, body.project_id))
    return ExportOut.of(operations.ask_for_export(here, by=me(), project=project))


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/exports/<uuid:export_id>",
    operation="Get an archive's status (ours)",
    answer=ExportOut,
    scope="admin",
    errors=(403, 404),
)
def get_export(id: UUID, export_id: UUID) -> ExportOut:  # noqa: A002 - the contract's name
    """Say how far an archive is; `downloadUrl` is there once it is ready, `nextPollMs` until it has ended."""
    return ExportOut.of(_export(id, export_id))


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/exports/<uuid:export_id>/archive",
    operation="Download an archive (ours)",
    answer=bytes,
    content_type=CONTENT_TYPE,
    scope="admin",
    errors=(403, 404, 410),
)
def download_export(id: UUID, export_id: UUID) -> Response:  # noqa: A002 - the contract's name
    """Give the zip file of an archive that is ready; docs/archives.md says what is in it."""
    export = _export(id, export_id)
    place = operations.file_of(export)
    return give(place, name=export.file_name, content_type=CONTENT_TYPE, etag=str(export.digest))


@endpoint(
    blueprint,
    "POST",
    "/organizations/<uuid:id>/exports/<uuid:export_id>/cancel",
    operation="Stop making an archive (ours)",
    answer=ExportOut,
    scope="admin",
    errors=(403, 404, 409),
)
def cancel_export(id: UUID, export_id: UUID) -> ExportOut:  # noqa: A002 - the contract's name
    """Stop making an archive; nothing of it is kept."""
    export = _export(id, export_id)
    operations.cancel_export(export, by=me())
    return ExportOut.of(export)


@endpoint(
    blueprint,
    "GET",
    "/admin/imports",
    operation="List the archives that were brought in (ours)",
    family="admin",
    query=Paging,
    answer=ImportOut,
    many=True,
    scope="admin",
    errors=(403,),
)
def list_imports(query: Paging) -> Page[ImportOut]:
    """List the archives that were brought in, newest first, with what came of each."""
    _must_bring_in()
    page = paginate(queries.every_import(), page=query.page, limit=query.limit)
    return replace(page, items=[ImportOut.of(wanted) for wanted in page.items])


@endpoint(
    blueprint,
    "POST",
    "/admin/imports",
    operation="Bring an archive in (ours)",
    family="admin",
    files="archive",
    answer=ImportOut,
    status=202,
    scope="admin",
    errors=(403, 409, 413),
)
@takes_archives
def ask_for_import() -> ImportOut:
    """Have a new organization made of an archive, sent as `multipart/form-data` in the field `archive`.

    The fields `name` and `slug` call it otherwise than in the archive. All of it is brought in, or nothing:
    ask again for how far it is, for the organization, and for what does not hold, by file and line.
    """
    _must_bring_in()
    said, upload = read(NewImport, request.form.to_dict(), place="body"), one_upload("archive")
    if upload is None:
        raise Invalid.field("archive", "Send the file in the field `archive`.", type="missing")
    return ImportOut.of(operations.ask_for_import(upload, by=me(), name=said.name, slug=said.slug))


@endpoint(
    blueprint,
    "GET",
    "/admin/imports/<uuid:id>",
    operation="Get how far an archive is brought in (ours)",
    family="admin",
    answer=ImportOut,
    scope="admin",
    errors=(404,),
)
def get_import(id: UUID) -> ImportOut:  # noqa: A002 - the contract's name
    """Say how far an archive is; `organization` is there once it is done, `nextPollMs` until it has ended."""
    return ImportOut.of(load_or_404(queries.import_visible_to(me(), id)))


def _must_bring_in() -> None:
    if not permissions.can_import(me()):
        raise NotAllowed("Only an admin of the whole installation brings an archive in.")


def _organization(organization_id: UUID) -> Organization:
    here = load_or_404(organization_of(me(), id=organization_id))
    if not permissions.can_export(me(), here):
        raise NotAllowed(f"Only an admin of {here.name} takes everything out of it.")
    return here


def _export(organization_id: UUID, export_id: UUID) -> Export:
    return load_or_404(queries.export_in(_organization(organization_id), export_id))
