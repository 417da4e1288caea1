"""The audit log: of the whole installation, and an organization's part of it."""

import csv
import io
import json
from collections.abc import Iterator
from uuid import UUID

from flask import Response, stream_with_context

from app.admin.queries import audit as queries
from app.admin.queries.audit import AuditFilters, Told
from app.admin.queries.people import organizations_overseen_by
from app.admin.schemas.audit import AuditQuery
from app.admin.views.base import asked, blueprint, must_administer, same_page
from app.core.clock import iso
from app.core.errors import NotAllowed
from app.core.installation import installation
from app.organizations.models import Organization
from app.organizations.permissions import can_administer
from app.organizations.queries import organization_of
from app.web.guards import me
from app.web.pages import load_or_404, render

SHOWN = 50
COLUMNS = ("time", "act", "who", "email", "organization", "subject", "detail", "client", "address")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/admin/audit")
def show_audit_log() -> Response:
    """Show who did what, when and from where."""
    must_administer()
    return _show(organizations=organizations_overseen_by(me()))


@blueprint.get("/admin/audit.csv")
def export_audit_log_as_csv() -> Response:
    """Give the log as a table."""
    must_administer()
    return _as_csv(asked(AuditQuery).filters())


@blueprint.get("/admin/audit.ndjson")
def export_audit_log_as_lines() -> Response:
    """Give the log as one JSON object a line."""
    must_administer()
    return _as_lines(asked(AuditQuery).filters())


@blueprint.get("/<organization>/settings/audit")
def show_audit_log_of_organization(organization: str) -> Response:
    """Show an organization's part of the log to its admins."""
    return _show(organization=_administered(organization))


@blueprint.get("/<organization>/settings/audit.csv")
def export_audit_log_of_organization_as_csv(organization: str) -> Response:
    """Give an organization's part of the log as a table."""
    return _as_csv(asked(AuditQuery).filters(organization_id=_administered(organization).id))


@blueprint.get("/<organization>/settings/audit.ndjson")
def export_audit_log_of_organization_as_lines(organization: str) -> Response:
    """Give an organization's part of the log as one JSON object a line."""
    return _as_lines(asked(AuditQuery).filters(organization_id=_administered(organization).id))


def _administered(slug: str) -> Organization:
    here = load_or_404(organization_of(me(), slug=slug))
    if not can_administer(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} sees its audit log.")
    return here


def _show(
    *, organization: Organization | None = None, organizations: list[Organization] | None = None
) -> Response:
    query = asked(AuditQuery)
    filters = query.filters(organization_id=organization.id if organization else None)
    before = queries.line(query.before) if query.before else None
    found = queries.told(filters, before=before, most=SHOWN + 1)
    return render(
        "admin/audit.html",
        query=query,
        organization=organization,
        organizations=organizations or [],
        acts=queries.acts_told(filters.organization_id if organization else None),
        found=found[:SHOWN],
        older=same_page(before=_last(found)) if len(found) > SHOWN else None,
        address=same_page,
        days=installation().audit_days,
    )


def _last(found: list[Told]) -> UUID:
    return found[SHOWN - 1].entry.id


def _as_csv(filters: AuditFilters) -> Response:
    def lines() -> Iterator[str]:
        yield _csv_line(COLUMNS)
        for told in queries.all_told(filters):
            yield _csv_line([_harmless(str(value or "")) for value in _row(told).values()])

    return _streamed(lines(), "text/csv", "audit.csv")


def _as_lines(filters: AuditFilters) -> Response:
    def lines() -> Iterator[str]:
        for told in queries.all_told(filters):
            yield json.dumps(_row(told), ensure_ascii=False) + "\n"

    return _streamed(lines(), "application/x-ndjson", "audit.ndjson")


def _streamed(lines: Iterator[str], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(lines), mimetype=kind, headers=headers)


def _row(told: Told) -> dict[str, str | None]:
    entry = told.entry
    values = (
        *(iso(entry.created_at), entry.act, entry.actor_name, entry.actor_email, told.organization),
        *(entry.subject, entry.detail, entry.client.value, entry.address),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _csv_line(values: tuple[str, ...] | list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()


def _harmless(value: str) -> str:
    """Keep a spreadsheet from taking what somebody typed for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
