"""The pictures and files of requests."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts.models import User
from app.core.db import session
from app.organizations.queries import logos_among
from app.projects.models import Project
from app.requests.models import Attachment, ProductRequest


def attachments_of(request: ProductRequest) -> list[Attachment]:
    """Return a request's pictures and files, in the order in which they came."""
    query = select(Attachment).where(Attachment.request_id == request.id)
    query = query.order_by(Attachment.created_at, Attachment.id)
    return list(session.scalars(query))


def attachments_kept() -> Sequence[Attachment]:
    """Return every picture and file that belongs to a request."""
    query = select(Attachment).where(Attachment.request_id.is_not(None)).order_by(Attachment.created_at)
    return session.scalars(query).all()


def attachment_in(request: ProductRequest, attachment_id: UUID) -> Select[Attachment]:
    """Return a picture or file of a request; whoever may see the request may see it."""
    return select(Attachment).where(Attachment.request_id == request.id, Attachment.id == attachment_id)


def handed_in(project: Project, user: User, ids: Collection[UUID]) -> list[Attachment]:
    """Return what a person handed in with a form that was refused, and that belongs to nothing yet."""
    query = select(Attachment).where(
        Attachment.id.in_(ids),
        Attachment.project_id == project.id,
        Attachment.uploader_id == user.id,
        Attachment.request_id.is_(None),
    )
    return list(session.scalars(query.order_by(Attachment.created_at, Attachment.id)))


def digests_known(digests: Collection[str]) -> set[str]:
    """Return those of some contents that belong to a picture or file, or are an organization's logo."""
    attached = set(session.scalars(select(Attachment.digest).where(Attachment.digest.in_(digests))))
    return attached | logos_among(digests)
