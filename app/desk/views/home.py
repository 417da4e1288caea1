"""Home: what waits for somebody, what they asked for, what happened lately."""

from typing import Any

from flask import Response

from app.accounts.models import User
from app.core.paging import paginate
from app.desk import words
from app.desk.feed import entries_of
from app.desk.queries import projects_open_to
from app.desk.views.base import blueprint
from app.organizations.models import memberships_of
from app.organizations.permissions import can_create_projects
from app.previews import queries as previews
from app.projects.permissions import can_file_requests
from app.requests import queries
from app.requests.models import ProductRequest
from app.web.guards import me
from app.web.pages import render

MOST_WAITING, MOST_MINE, MOST_EVENTS = 50, 10, 8


@blueprint.get("/")
def show_home() -> Response:
    """Show somebody what needs them, what they asked for, and what happened."""
    user = me()
    waiting = paginate(queries.without_more(queries.waiting_for(user)), limit=MOST_WAITING)
    shown = [request.id for request in waiting.items]
    mine = paginate(queries.without_more(queries.requested_by(user, but=shown)), limit=MOST_MINE)
    failing = previews.failing_among([*waiting.items, *mine.items])
    return render(
        "desk/home.html",
        waiting=waiting,
        needs=[_need(request, failed=request.id in failing) for request in waiting.items],
        mine=mine,
        asked_before=any(request.requester_id == user.id for request in waiting.items),
        events=[
            (entry, request)
            for activity, request in queries.recent_activity(user, MOST_EVENTS)
            for entry in entries_of([activity], plain=words.is_plain_to(user, request))
        ],
        failing=failing,
        whose=lambda request: words.on_card(user, request, cannot_be_tried=request.id in failing),
        **_places(user),
    )


def _need(request: ProductRequest, *, failed: bool) -> dict[str, Any]:
    """Say what one waiting request asks of the person it waits for."""
    return {"request": request, "next": words.next_words(request, cannot_be_tried=failed), "failed": failed}


def _places(user: User) -> dict[str, Any]:
    """Return where somebody can go from here, and what they may begin."""
    memberships, projects = memberships_of(user), projects_open_to(user)
    return {
        "memberships": memberships,
        "projects": projects,
        "fileable": next((project for project in projects if can_file_requests(user, project)), None),
        "may_begin": [
            membership.organization
            for membership in memberships
            if can_create_projects(user, membership.organization_id)
        ],
    }
