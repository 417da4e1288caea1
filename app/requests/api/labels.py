"""The labels of organizations and those on requests, for programs."""

from uuid import UUID

from app.core.paging import Page, paginate
from app.organizations.models import Organization
from app.organizations.queries import organization_of
from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.models import Label
from app.requests.schemas import LabelChange, LabelId, LabelIds, LabelOut, NewLabel
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.schemas import Paging


def _organization(organization_id: UUID) -> Organization:
    return load_or_404(organization_of(me(), id=organization_id))


def _label(organization_id: UUID, label_id: UUID) -> Label:
    return load_or_404(queries.label_of(_organization(organization_id).id, label_id))


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/labels",
    operation="List labels for organization",
    query=Paging,
    answer=LabelOut,
    many=True,
    errors=(404,),
)
def list_labels(id: UUID, query: Paging) -> Page[Label]:  # noqa: A002 - the contract's name
    """List an organization's labels by name."""
    return paginate(queries.labels_of(_organization(id).id), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "POST",
    "/organizations/<uuid:id>/labels",
    operation="Create label",
    body=NewLabel,
    answer=LabelOut,
    status=201,
    errors=(403, 404, 409),
)
def create_label(id: UUID, body: NewLabel) -> Label:  # noqa: A002 - the contract's name
    """Make a label, as an admin of the organization; names differ by more than capitals."""
    return operations.create_label(_organization(id).id, by=me(), **body.model_dump())


@endpoint(
    blueprint,
    "GET",
    "/organizations/<uuid:id>/labels/<uuid:label_id>",
    operation="Get label details",
    answer=LabelOut,
    tagged=True,
    errors=(404,),
)
def get_label(id: UUID, label_id: UUID) -> Label:  # noqa: A002 - the contract's name
    """Return one of an organization's labels."""
    return _label(id, label_id)


@endpoint(
    blueprint,
    "PATCH",
    "/organizations/<uuid:id>/labels/<uuid:label_id>",
    operation="Update label",
    body=LabelChange,
    answer=LabelOut,
    changes=get_label,
    errors=(403, 404, 409),
)
def update_label(id: UUID, label_id: UUID, body: LabelChange) -> Label:  # noqa: A002 - the contract's name
    """Change a label wherever it is, as an admin of the organization; what is missing stays."""
    label = _label(id, label_id)
    operations.change_label(label, by=me(), **body.model_dump())
    return label


@endpoint(
    blueprint,
    "DELETE",
    "/organizations/<uuid:id>/labels/<uuid:label_id>",
    operation="Delete label",
    status=204,
    errors=(403, 404),
)
def delete_label(id: UUID, label_id: UUID) -> None:  # noqa: A002 - the contract's name
    """Remove a label from the organization and from every request, as an admin."""
    operations.delete_label(_label(id, label_id), by=me())


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>/labels",
    operation="List labels on request",
    answer=LabelOut,
    many=True,
    errors=(404,),
)
def list_labels_on_request(id: UUID) -> list[Label]:  # noqa: A002 - the contract's name
    """List what labels a request bears."""
    return find_request(id).labels


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/labels",
    operation="Add label to request",
    body=LabelId,
    answer=LabelOut,
    many=True,
    status=201,
    errors=(403, 404),
)
def add_label_to_request(id: UUID, body: LabelId) -> list[Label]:  # noqa: A002 - the contract's name
    """Put one more label on a request; returns all that it bears."""
    request = find_request(id)
    [label] = queries.labels_in(request.organization_id, [body.label_id], field="labelId")
    operations.add_label(request, label, by=me())
    return request.labels


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>/labels",
    operation="Replace all labels on request",
    body=LabelIds,
    answer=LabelOut,
    many=True,
    errors=(403, 404),
)
def replace_labels_on_request(id: UUID, body: LabelIds) -> list[Label]:  # noqa: A002 - the contract's name
    """Let a request bear exactly these labels; returns them."""
    request = find_request(id)
    labels = queries.labels_in(request.organization_id, body.label_ids)
    operations.label_request(request, labels, by=me())
    return request.labels


@endpoint(
    blueprint,
    "DELETE",
    "/requests/<uuid:id>/labels/<uuid:label_id>",
    operation="Remove label from request",
    status=204,
    errors=(403, 404),
)
def remove_label_from_request(id: UUID, label_id: UUID) -> None:  # noqa: A002 - the contract's name
    """Take a label off a request; one that it does not bear is not missed."""
    request = find_request(id)
    operations.remove_label(
        request, load_or_404(queries.label_of(request.organization_id, label_id)), by=me()
    )
