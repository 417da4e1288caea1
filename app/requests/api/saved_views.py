"""Saved views of a board, for programs."""

from uuid import UUID

from app.core.paging import Page, paginate
from app.projects.queries import project_visible_to
from app.requests import operations, queries
from app.requests.api.base import blueprint
from app.requests.models import SavedView
from app.requests.schemas import NewView, ViewChange, ViewOut
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.schemas import Paging


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/views",
    operation="List the saved views of a board (ours)",
    query=Paging,
    answer=ViewOut,
    many=True,
    errors=(404,),
)
def list_views(id: UUID, query: Paging) -> Page[SavedView]:  # noqa: A002 - the contract's name
    """List your own views of a project's board and those shared with everybody, by name."""
    project = load_or_404(project_visible_to(me(), id))
    return paginate(queries.views_for(me(), project), page=query.page, limit=query.limit)


@endpoint(
    blueprint,
    "POST",
    "/projects/<uuid:id>/views",
    operation="Save a view of a board (ours)",
    body=NewView,
    answer=ViewOut,
    status=201,
    errors=(403, 404, 409),
)
def save_view(id: UUID, body: NewView) -> SavedView:  # noqa: A002
    """Keep what the address of a board says after the question mark, under a name."""
    project = load_or_404(project_visible_to(me(), id))
    return operations.save_view(project, by=me(), name=body.name, query=body.query, is_shared=body.shared)


@endpoint(
    blueprint,
    "PUT",
    "/projects/<uuid:id>/views/<uuid:view_id>",
    operation="Change a saved view (ours)",
    body=ViewChange,
    answer=ViewOut,
    errors=(403, 404),
)
def change_view(id: UUID, view_id: UUID, body: ViewChange) -> SavedView:  # noqa: A002
    """Rename a view, or say whether everybody who sees the project has it."""
    view = _view(id, view_id)
    operations.change_view(view, by=me(), name=body.name, is_shared=body.shared)
    return view


@endpoint(
    blueprint,
    "DELETE",
    "/projects/<uuid:id>/views/<uuid:view_id>",
    operation="Remove a saved view (ours)",
    status=204,
    errors=(403, 404),
)
def remove_view(id: UUID, view_id: UUID) -> None:  # noqa: A002
    """Forget a view; the address that it stood for still works."""
    operations.remove_view(_view(id, view_id), by=me())


def _view(project_id: UUID, view_id: UUID) -> SavedView:
    project = load_or_404(project_visible_to(me(), project_id))
    return load_or_404(queries.view_for(me(), project, view_id))
