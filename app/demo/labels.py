"""The labels of the demo: made for its requests where the organization has none so called, and taken away."""

from collections.abc import Iterable
from uuid import UUID

from app.accounts.models import User
from app.core.db import session, transaction
from app.demo import stories
from app.demo.models import Demo
from app.requests.models import Label
from app.requests.operations import create_label, delete_label
from app.requests.queries import label_called, labels_of, uses_of_labels


def labels_for(demo: Demo, names: Iterable[str]) -> list[Label]:
    """Return labels by their names, an organization's own where it has them."""
    return [label_called(demo.organization_id, name) or _made(demo, name) for name in names]


def _made(demo: Demo, name: str) -> Label:
    with transaction():
        label = create_label(demo.organization_id, by=demo.by, name=name, color=stories.LABELS[name])
        session.flush()  # it is found by its name from here on
        demo.labels = [*demo.labels, str(label.id)]
    return label


def take_labels_away(demo: Demo, *, by: User) -> None:
    """Remove the labels that the demo made, but those that people put on requests of their own."""
    made = labels_of(demo.organization_id).where(Label.id.in_([UUID(each) for each in demo.labels]))
    used = uses_of_labels(demo.organization_id)
    for label in session.scalars(made).all():
        if label.id not in used:
            delete_label(label, by=by)
