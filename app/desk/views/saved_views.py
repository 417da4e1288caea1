"""Views of the board that somebody kept under a name."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.desk.board import address
from app.desk.schemas import BoardView, NewView, ViewChange
from app.desk.views.base import PROJECT, blueprint, find_project
from app.projects.models import Project
from app.requests import operations as requests
from app.requests import queries
from app.requests.permissions import can_change_view, can_share_views
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form

_VIEWS = f"{PROJECT}/views"
_PASSING = {"column": None, "page": None}


def views_context(here: Project, view: BoardView) -> dict[str, Any]:
    """Return what stands beside the filters: the views that were kept, and what would be kept now."""
    is_plain = not (view.is_narrowed or view.sort or view.archived or view.dropped)
    return {
        "saved": queries.views_shown_to(me(), here),
        "query": "" if is_plain else urlsplit(address("", view, **_PASSING)).query,
        "may_share": can_share_views(me(), here),
    }


@blueprint.get(_VIEWS)
def show_views(organization: str, project: str) -> Response:
    """Show the views of a board, one's own and those of everybody."""
    return _show(find_project(organization, project))


@blueprint.post(_VIEWS)
def save_view(organization: str, project: str) -> Response:
    """Keep what the address of the board says."""
    here, form = find_project(organization, project), Form(NewView)
    saved = form.submit(
        lambda sent: requests.save_view(
            here, by=me(), name=sent.name, query=sent.query, is_shared=sent.shared
        )
    )
    return _show(here, form=form) if saved is None else done(saved.path)


@blueprint.post(f"{_VIEWS}/<uuid:view_id>")
def change_view(organization: str, project: str, view_id: UUID) -> Response:
    """Rename a view, or say whether everybody has it."""
    here, form = find_project(organization, project), Form(ViewChange)
    view = load_or_404(queries.view_for(me(), here, view_id))
    form.submit(lambda sent: requests.change_view(view, by=me(), name=sent.name, is_shared=sent.shared))
    if form.errors:
        return _show(here, form=form, changing=view_id)
    flash(_("The view is saved."), "success")
    return done(f"{here.path}/views")


@blueprint.post(f"{_VIEWS}/<uuid:view_id>/removal")
def remove_view(organization: str, project: str, view_id: UUID) -> Response:
    """Forget a view."""
    here = find_project(organization, project)
    requests.remove_view(load_or_404(queries.view_for(me(), here, view_id)), by=me())
    return done(f"{here.path}/views")


def _show(here: Project, form: Form[Any] | None = None, changing: UUID | None = None) -> Response:
    saved = queries.views_shown_to(me(), here)
    return render(
        "desk/views.html",
        status=422 if form else 200,
        project=here,
        saved=saved,
        changeable={each.id for each in saved if can_change_view(me(), each)},
        may_share=can_share_views(me(), here),
        form=form,
        changing=changing,
    )
