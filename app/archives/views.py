"""Archives on pages: made and downloaded by an organization's admins, brought in by the installation's."""

from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from app.archives import operations, permissions, queries
from app.archives.models import CONTENT_TYPE, Export
from app.archives.schemas import POLL_MS, NewExport, NewImport
from app.core.errors import Invalid, NotAllowed
from app.core.installation import installation
from app.core.paging import paginate
from app.organizations.models import Organization
from app.organizations.queries import organization_of
from app.projects.models import Project
from app.projects.queries import projects_in
from app.web.downloads import give
from app.web.guards import me, takes_archives
from app.web.pages import done, load_or_404, page_number, render, turning
from app.web.schemas import Form
from app.web.uploads import one_upload

blueprint = Blueprint("archives", __name__)
_EXPORTS = "/<organization>/settings/exports"
_ONE = f"{_EXPORTS}/<uuid:export_id>"
_IMPORT = "/admin/organizations/import"


@blueprint.get(_EXPORTS)
def show_exports(organization: str) -> Response:
    """Show the archives of an organization to its admins, and how far each is."""
    return _show(_organization(organization))


@blueprint.post(_EXPORTS)
def ask_for_export(organization: str) -> Response:
    """Have an archive made."""
    here, form = _organization(organization), Form(NewExport)
    form.submit(
        lambda sent: operations.ask_for_export(here, by=me(), project=_project(here, sent.project_id))
    )
    if form.errors:
        return _show(here, form=form, status=422)
    return done(f"{here.path}/settings/exports")


@blueprint.post(f"{_ONE}/cancellation")
def cancel_export(organization: str, export_id: UUID) -> Response:
    """Stop making an archive."""
    export = _export(organization, export_id)
    operations.cancel_export(export, by=me())
    return done(f"{export.organization.path}/settings/exports")


@blueprint.get(f"{_ONE}/archive")
def download_export(organization: str, export_id: UUID) -> Response:
    """Give an archive to an admin of its organization."""
    export = _export(organization, export_id)
    place = operations.file_of(export)
    return give(place, name=export.file_name, content_type=CONTENT_TYPE, etag=str(export.digest))


@blueprint.get(_IMPORT)
def show_import() -> Response:
    """Show where an archive is brought in."""
    _must_bring_in()
    return _show_import()


@blueprint.post(_IMPORT)
@takes_archives
def ask_for_import() -> Response:
    """Have an organization made of an archive."""
    _must_bring_in()
    form, upload = Form(NewImport), one_upload("archive")

    def bring_in(sent: NewImport) -> None:
        if upload is None:
            raise Invalid.field("archive", _("Choose the file."), type="missing")
        operations.ask_for_import(upload, by=me(), name=sent.name, slug=sent.slug)

    form.submit(bring_in)
    if form.errors:
        return _show_import(form=form, status=422)
    return done(_IMPORT)


def _organization(slug: str) -> Organization:
    here = load_or_404(organization_of(me(), slug=slug))
    if not permissions.can_export(me(), here):
        raise NotAllowed(f"Only an admin of {here.name} takes everything out of it.")
    return here


def _export(slug: str, export_id: UUID) -> Export:
    return load_or_404(queries.export_in(_organization(slug), export_id))


def _project(here: Organization, project_id: UUID | None) -> Project | None:
    return load_or_404(queries.project_in(here, project_id)) if project_id is not None else None


def _must_bring_in() -> None:
    if not permissions.can_import(me()):
        raise NotAllowed("Only an admin of the whole installation brings an archive in.")


def _show(here: Organization, *, form: Form[NewExport] | None = None, status: int = 200) -> Response:
    path = f"{here.path}/settings/exports"
    return render(
        "archives/exports.html",
        fragment="archives/_exports.html",
        organization=here,
        exports=paginate(queries.exports_of(here), page=page_number(), limit=10),
        exports_page=turning(path),
        poll_ms=POLL_MS if queries.is_being_made(here) else None,
        projects=[project for project in projects_in(me(), here) if not project.is_sample],
        days_kept=operations.DAYS_KEPT,
        form=form,
        status=status,
    )


def _show_import(*, form: Form[NewImport] | None = None, status: int = 200) -> Response:
    found = paginate(queries.every_import(), page=page_number(), limit=10)
    return render(
        "archives/import.html",
        fragment="archives/_imports.html",
        imports=found,
        imports_page=turning(_IMPORT),
        poll_ms=POLL_MS if any(each.is_open for each in found.items) else None,
        most_mb=installation().archive_limit_mb,
        form=form,
        status=status,
    )
