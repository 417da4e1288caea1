"""The way in for people without an account, and the page on which an admin opens and closes it."""

from http import HTTPStatus

from flask import Response, flash
from flask_babel import gettext as _

from app.core.errors import NotAllowed, NotFound
from app.desk.schemas import NewIntake
from app.desk.views.base import PROJECT, blueprint, find_project
from app.projects.models import Project
from app.projects.permissions import can_configure
from app.requests import operations as requests
from app.requests.models import IntakeLink
from app.requests.queries import count_unsorted, intake_by, intake_of
from app.requests.schemas import Wish
from app.web.guards import me, public
from app.web.limits import limiter
from app.web.pages import done, render
from app.web.schemas import Form

WISHES = "10 per minute; 60 per hour"
_LINK = "/intake/<secret>"
_INTAKE = f"{PROJECT}/intake"


@blueprint.get(_INTAKE)
def show_intake(organization: str, project: str) -> Response:
    """Show an admin whether guests have a way in."""
    here = find_project(organization, project)
    if not can_configure(me(), here):
        raise NotAllowed("Only an admin of the organization opens and closes the way in for guests.")
    return _show(here)


@blueprint.post(_INTAKE)
def open_intake(organization: str, project: str) -> Response:
    """Make the link and show it, in this one answer and nowhere else."""
    here, form = find_project(organization, project), Form(NewIntake)
    made = form.submit(lambda sent: requests.open_intake(here, by=me(), lasting=sent.lasting))
    return _show(here, form=form, address=made[1] if made else None, status=201 if made else 422)


@blueprint.post(f"{_INTAKE}/closure")
def close_intake(organization: str, project: str) -> Response:
    """Let no guest ask for anything any more."""
    here = find_project(organization, project)
    requests.close_intake(here, by=me())
    flash(_("The way in for guests is closed."), "success")
    return done(f"{here.path}/intake")


def _show(
    here: Project, *, form: Form[NewIntake] | None = None, address: str | None = None, status: int = 200
) -> Response:
    return render(
        "desk/intake.html",
        status=status,
        project=here,
        link=intake_of(here),
        unsorted=count_unsorted(here),
        form=form,
        address=address,
    )


# --- what a guest sees: the name of the project, and nothing else ------------------------------------------


@blueprint.get(_LINK)
@public
def ask_guest(secret: str) -> Response:
    """Ask somebody without an account what they need."""
    return _ask(_link(secret), secret)


@blueprint.post(_LINK)
@public
@limiter.limit(WISHES)
def take_wish(secret: str) -> Response:
    """Take what a guest asks for; what fills the field that no person sees is thanked, and forgotten."""
    link, form = _link(secret), Form(Wish)
    if form.data is not None and form.data.website:
        return done(f"/intake/{secret}/thanks")
    form.submit(lambda sent: requests.take_wish(secret, **sent.model_dump(exclude={"website"})))
    return _ask(link, secret, form) if form.errors else done(f"/intake/{secret}/thanks")


@blueprint.get(f"{_LINK}/thanks")
@public
def thank_guest(secret: str) -> Response:
    """Thank a guest, and say what happens next."""
    return render("desk/thanks.html", link=_link(secret), secret=secret)


def _link(secret: str) -> IntakeLink:
    link = intake_by(secret)
    if link is None:
        raise NotFound("This link does not lead anywhere (any more). Ask for a new one where you found it.")
    return link


def _ask(link: IntakeLink, secret: str, form: Form[Wish] | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render("desk/wish.html", status=status, link=link, secret=secret, form=form)
