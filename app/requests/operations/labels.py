"""Labels: made, changed and removed in an organization, put on requests and taken off."""

from collections.abc import Collection
from uuid import UUID

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import now
from app.core.colours import as_hex
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.holding import hold_unchanged
from app.requests import permissions, queries
from app.requests.models import ActivityType, Label, ProductRequest
from app.requests.operations.feed import record

MOST_LABELS = 200
MOST_ON_REQUEST = 20


def create_label(organization_id: UUID, *, by: User, name: str, color: str, description: str = "") -> Label:
    """Make a label for an organization's requests."""
    _must_administer(organization_id, by)
    if len(queries.all_labels_of(organization_id)) >= MOST_LABELS:
        raise Conflict(f"There are {MOST_LABELS} labels already. Remove one that nobody needs first.")
    _must_be_free(organization_id, name)
    label = Label(organization_id=organization_id, color=_colour(color), description=description.strip())
    label.call(name.strip())
    with transaction():
        session.add(label)
    return label


def change_label(
    label: Label,
    *,
    by: User,
    name: str | None = None,
    color: str | None = None,
    description: str | None = None,
) -> None:
    """Change a label wherever it is; what is None stays."""
    _must_administer(label.organization_id, by)
    if name is not None:
        _must_be_free(label.organization_id, name, but=label)
    with transaction():
        hold_unchanged(label, ("name", "color", "description"))
        if name is not None:
            label.call(name.strip())
        if color is not None:
            label.color = _colour(color)
        if description is not None:
            label.description = description.strip()


def delete_label(label: Label, *, by: User) -> None:
    """Remove a label, from every request that bears it as well."""
    _must_administer(label.organization_id, by)
    with transaction():
        session.delete(label)


def _must_administer(organization_id: UUID, by: User) -> None:
    if not permissions.can_manage_labels(by, organization_id):
        raise NotAllowed("Only an admin of the organization makes and changes labels.")


def _must_be_free(organization_id: UUID, name: str, *, but: Label | None = None) -> None:
    taken = queries.label_called(organization_id, name)
    if taken is not None and taken is not but:
        raise Invalid.field(
            "name", f"There is a label {taken.name} already. Choose another name.", type="taken"
        )


def _colour(text: str) -> str:
    found = as_hex(text)
    if found is None:
        raise Invalid.field("color", "Write the colour as # and six hexadecimal digits, such as #7a5af0.")
    return found


def label_request(request: ProductRequest, labels: Collection[Label], *, by: User) -> None:
    """Put exactly these labels on a request."""
    if not permissions.can_label(by, request):
        raise NotAllowed("Only who asked for this, or a developer, labels it.")
    put_labels(request, labels, by=by)


def put_labels(request: ProductRequest, labels: Collection[Label], *, by: User) -> None:
    """Let a request bear exactly these labels, for whoever was found to be allowed; leaves what changed."""
    if len(labels) > MOST_ON_REQUEST:
        raise Invalid.field("labelIds", f"A request bears at most {MOST_ON_REQUEST} labels.")
    before = {label.id: label for label in request.labels}
    after = {label.id: label for label in labels}
    added = [label.name for label in labels if label.id not in before]
    removed = [label.name for label in before.values() if label.id not in after]
    if not added and not removed:
        return
    with transaction():
        request.labels = sorted(after.values(), key=lambda label: label.key)
        request.updated_at = now()  # the board hears of it by the version of the request
        record(
            request,
            ActivityType.LABEL,
            _told(added, removed),
            by=by,
            payload={"added": added, "removed": removed},
        )
        changed(f"board:{request.project_id}")


def add_label(request: ProductRequest, label: Label, *, by: User) -> None:
    """Put one more label on a request."""
    label_request(request, [*(each for each in request.labels if each.id != label.id), label], by=by)


def remove_label(request: ProductRequest, label: Label, *, by: User) -> None:
    """Take a label off a request."""
    label_request(request, [each for each in request.labels if each.id != label.id], by=by)


def _told(added: list[str], removed: list[str]) -> str:
    steps = (("added the", added, ""), ("took the", removed, " off"))
    return " and ".join(
        f"{verb} {'label' if len(names) == 1 else 'labels'} {', '.join(names)}{end}"
        for verb, names, end in steps
        if names
    )
