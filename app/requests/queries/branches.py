"""Requests by the branch that they are made on, and the commit that they became."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.core.db import session
from app.projects.models import Project
from app.requests.models import Delivery, ProductRequest, RequestStatus


def open_requests_on_branch(project: Project, branch: str) -> ProductRequest | None:
    """Return the request whose work is on a branch, unless it is over."""
    return session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id,
            ProductRequest.branch_name == branch,
            ProductRequest.status.not_in([RequestStatus.MERGED, RequestStatus.CANCELLED]),
        )
    ).first()


def open_requests_with_branch(project: Project) -> Sequence[ProductRequest]:
    """Return a project's requests that have a branch and are not over."""
    return session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id,
            ProductRequest.branch_name.is_not(None),
            ProductRequest.status.not_in([RequestStatus.MERGED, RequestStatus.CANCELLED]),
        )
    ).all()


def merged_requests_not_live(project: Project | None = None) -> Sequence[ProductRequest]:
    """Return the merged requests, of one project or of all, that are not where people use the app."""
    query = select(ProductRequest).where(
        ProductRequest.status == RequestStatus.MERGED, ProductRequest.delivery != Delivery.LIVE
    )
    if project is not None:
        query = query.where(ProductRequest.project_id == project.id)
    return session.scalars(query).all()


def requests_merged_as(project: Project, commits: Collection[str]) -> dict[str, ProductRequest]:
    """Return a project's requests by the commit that brought each into main."""
    found = session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id, ProductRequest.merged_commit.in_(commits)
        )
    ).all()
    return {str(request.merged_commit): request for request in found}


def live_requests_merged_as(project: Project, commits: Collection[str]) -> list[ProductRequest]:
    """Return a project's live requests whose merge is one of these commits."""
    sought = set(commits)
    live = session.scalars(
        select(ProductRequest).where(
            ProductRequest.project_id == project.id, ProductRequest.delivery == Delivery.LIVE
        )
    )
    return [request for request in live if request.merged_commit in sought]


def branches_asked_for(project: Project) -> set[str]:
    """Return the branches that a request works on, or worked on until it was over."""
    query = select(ProductRequest.branch_name).where(ProductRequest.project_id == project.id)
    return {name for name in session.scalars(query) if name is not None}
