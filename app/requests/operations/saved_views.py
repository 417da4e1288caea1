"""Names for what the address of a board says."""

from urllib.parse import parse_qsl, urlencode

from app.accounts.models import User
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.projects.models import Project
from app.requests import permissions, queries
from app.requests.models import SavedView

MOST_VIEWS = 50
LONGEST_QUERY = 500
KEPT = frozenset(
    {
        "q",
        "type",
        "priority",
        "status",
        "assignee",
        "requester",
        "label",
        "sort",
        "archived",
        "dropped",
        "list",
    }
)


def save_view(project: Project, *, by: User, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep what a board's address says under a name; pages and columns of it are left out."""
    if is_shared and not permissions.can_share_views(by, project):
        raise NotAllowed("Only developers and admins share views with everybody.")
    kept = urlencode([pair for pair in parse_qsl(query.lstrip("?")) if pair[0] in KEPT])
    if not kept:
        raise Invalid.field("query", "Narrow or sort the board first: then there is something to keep.")
    if len(kept) > LONGEST_QUERY:
        raise Invalid.field("query", "This address is too long to be kept. Narrow by fewer words.")
    with transaction():
        mine = [each for each in queries.views_shown_to(by, project) if each.owner_id == by.id]
        if len(mine) >= MOST_VIEWS:
            raise Conflict(f"{MOST_VIEWS} views are kept for you here already. Remove one first.")
        _must_be_free(name, mine)
        view = SavedView(project=project, owner=by, name=name.strip(), query=kept, is_shared=is_shared)
        session.add(view)
    return view


def change_view(view: SavedView, *, by: User, name: str | None = None, is_shared: bool | None = None) -> None:
    """Rename a view, or say who has it; what is None stays."""
    _may_change(by, view)
    if is_shared and not permissions.can_share_views(by, view.project):
        raise NotAllowed("Only developers and admins share views with everybody.")
    with transaction():
        if name is not None and name.strip() != view.name:
            others = queries.views_shown_to(view.owner, view.project)
            _must_be_free(name, [each for each in others if each.owner_id == view.owner_id])
            view.name = name.strip()
        view.is_shared = view.is_shared if is_shared is None else is_shared


def remove_view(view: SavedView, *, by: User) -> None:
    """Forget a view; the address that it stood for still works."""
    _may_change(by, view)
    with transaction():
        session.delete(view)


def _must_be_free(name: str, views: list[SavedView]) -> None:
    if not name.strip():
        raise Invalid.field("name", "Give it a name.", type="missing")
    if name.strip() in {each.name for each in views}:
        raise Invalid.field("name", "A view of yours has this name already. Choose another one.")


def _may_change(by: User, view: SavedView) -> None:
    if not permissions.can_change_view(by, view):
        raise NotAllowed("This view belongs to somebody else. Save one of your own.")
