"""The labels of organizations, and what bears them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, func, select

from app.core.db import session
from app.core.errors import Invalid
from app.requests.models import Label, RequestLabel, key_of


def labels_of(organization_id: UUID) -> Select[Label]:
    """Return an organization's labels, by name; whoever may see the organization may see them."""
    return select(Label).where(Label.organization_id == organization_id).order_by(Label.key)


def all_labels_of(organization_id: UUID) -> list[Label]:
    return list(session.scalars(labels_of(organization_id)))


def label_of(organization_id: UUID, label_id: UUID) -> Select[Label]:
    return labels_of(organization_id).where(Label.id == label_id)


def labels_in(organization_id: UUID, label_ids: Collection[UUID], *, field: str = "labelIds") -> list[Label]:
    """Return the labels that are named; one that is not the organization's is said to be none."""
    found = list(session.scalars(labels_of(organization_id).where(Label.id.in_(label_ids))))
    if len(found) < len(set(label_ids)):
        raise Invalid.field(field, "There is no such label in this organization.")
    return found


def label_called(organization_id: UUID, name: str) -> Label | None:
    """Return the label that has a name already, however it is capitalised."""
    return session.scalars(labels_of(organization_id).where(Label.key == key_of(name))).first()


def uses_of_labels(organization_id: UUID) -> dict[UUID, int]:
    """Return how many requests bear each label."""
    query = (
        select(RequestLabel.label_id, func.count())
        .join(Label, Label.id == RequestLabel.label_id)
        .where(Label.organization_id == organization_id)
        .group_by(RequestLabel.label_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def mark_of_labels(organization_id: UUID) -> str:
    """Return what changes whenever a label is made, changed or removed."""
    query = select(func.count(), func.max(Label.updated_at)).where(Label.organization_id == organization_id)
    count, latest = session.execute(query).one()
    return f"{count}-{latest.timestamp() if latest else 0}"
