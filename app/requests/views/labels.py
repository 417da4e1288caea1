"""The labels that an organization puts on its requests."""

from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.organizations.models import Organization
from app.organizations.queries import organization_of
from app.requests import operations, permissions, queries
from app.requests.models import Label
from app.requests.schemas import NewLabel
from app.requests.views.base import blueprint
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form

_LABELS = "/<organization>/labels"


@blueprint.get(_LABELS)
def show_labels(organization: str) -> Response:
    """Show an organization's labels."""
    return _show(_organization(organization))


@blueprint.post(_LABELS)
def create_label(organization: str) -> Response:
    """Make a label."""
    here, form = _organization(organization), Form(NewLabel)
    form.submit(lambda sent: operations.create_label(here.id, by=me(), **sent.model_dump()))
    return _show(here, new_form=form, status=422) if form.errors else done(f"/{here.slug}/labels")


@blueprint.post(f"{_LABELS}/<uuid:label_id>")
def change_label(organization: str, label_id: UUID) -> Response:
    """Change what a label is called and how it looks."""
    here = _organization(organization)
    label, form = _label(here, label_id), Form(NewLabel)
    form.submit(lambda sent: operations.change_label(label, by=me(), **sent.model_dump()))
    if form.errors:
        return _show(here, changed=label, form=form, status=422)
    return done(f"/{here.slug}/labels")


@blueprint.post(f"{_LABELS}/<uuid:label_id>/removal")
def delete_label(organization: str, label_id: UUID) -> Response:
    """Remove a label, from every request as well."""
    here = _organization(organization)
    label = _label(here, label_id)
    operations.delete_label(label, by=me())
    flash(_("The label %(name)s is gone.", name=label.name), "success")
    return done(f"/{here.slug}/labels")


def _organization(slug: str) -> Organization:
    return load_or_404(organization_of(me(), slug=slug))


def _label(here: Organization, label_id: UUID) -> Label:
    return load_or_404(queries.label_of(here.id, label_id))


def _show(
    here: Organization,
    *,
    new_form: Form[NewLabel] | None = None,
    changed: Label | None = None,
    form: Form[NewLabel] | None = None,
    status: int = 200,
) -> Response:
    return render(
        "requests/labels.html",
        organization=here,
        labels=queries.all_labels_of(here.id),
        uses=queries.uses_of_labels(here.id),
        may_manage=permissions.can_manage_labels(me(), here.id),
        new_form=new_form,
        changed=changed,
        form=form,
        status=status,
    )
