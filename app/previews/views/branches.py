"""Branches that nobody asked for: how their previews stand, and the way to a request."""

from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.previews import operations, queries
from app.previews.schemas import Branch, BranchTitle
from app.previews.views.base import blueprint
from app.projects.models import Project
from app.projects.permissions import can_develop
from app.projects.queries import project_at
from app.web.guards import me
from app.web.log_files import answer_log
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form

_ADDRESS = "/<organization>/<project>/branches"


@blueprint.get(_ADDRESS)
def show_branches(organization: str, project: str) -> Response:
    """Show the branches that no request works on; the list polls itself while one is being built."""
    here = _find(organization, project)
    return render("previews/branches.html", fragment="previews/_branches.html", **_context(here))


@blueprint.post(f"{_ADDRESS}/preview")
def build_branch(organization: str, project: str) -> Response:
    """Build the tip of a branch."""
    here = _find(organization, project)
    operations.build_branch_again(here, Form(Branch).valid.branch, by=me())
    return done(f"{here.path}/branches")


@blueprint.post(f"{_ADDRESS}/request")
def make_request(organization: str, project: str) -> Response:
    """Make a request of a branch, and go to it."""
    here = _find(organization, project)
    form = Form(BranchTitle)
    made = form.submit(lambda sent: operations.make_request_of(here, sent.branch, by=me(), title=sent.title))
    if made is None:
        return render("previews/branches.html", status=422, **_context(here), form=form)
    flash(_("#%(number)s is on the board now.", number=made.number), "success")
    return done(made.path)


@blueprint.get(f"{_ADDRESS}/log")
def read_branch_log(organization: str, project: str) -> Response:
    """Give the log of a branch's preview as text."""
    preview = queries.branch_preview(_find(organization, project), request.args.get("branch", ""))
    if preview is None:
        raise NotFound(_("This branch has no preview yet, so there is no log."))
    return answer_log(preview.log_path, ended=not preview.is_on_the_way)


def _find(organization: str, project: str) -> Project:
    return load_or_404(project_at(me(), organization, project))


def _context(here: Project) -> dict[str, Any]:
    branches = queries.unasked_branches(here)
    is_waiting = any(each.preview is not None and each.preview.is_on_the_way for each in branches)
    return {
        "project": here,
        "branches": branches,
        "poll_ms": 2000 if is_waiting else None,
        "may_develop": can_develop(me(), here),
    }
