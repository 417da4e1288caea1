"""Wishes of people without an account: the link by which they come, and what becomes of them."""

import re
from datetime import timedelta
from enum import StrEnum

from app.accounts.models import User
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from app.core.ids import token
from app.core.installation import installation
from app.core.secrets import digest
from app.projects.models import Project
from app.projects.operations import note
from app.projects.permissions import can_configure
from app.requests import notices, permissions, queries
from app.requests.models import ActivityType, IntakeLink, ProductRequest
from app.requests.operations.feed import record
from app.requests.operations.filing import put_on_board
from app.requests.operations.turns import pass_turn

MOST_UNSORTED = 100
_CONTROL = re.compile(r"[^\S\n]+|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"[^\s@<>\x00-\x1f]+@[^\s@<>\x00-\x1f]+")


class Lasting(StrEnum):
    """How long a link for guests is good for."""

    MONTH = "month"
    YEAR = "year"
    ALWAYS = "always"


_DAYS = {Lasting.MONTH: 30, Lasting.YEAR: 365}


def open_intake(project: Project, *, by: User, lasting: Lasting = Lasting.ALWAYS) -> tuple[IntakeLink, str]:
    """Make the link for guests of a project and return its address: this once it can be read.

    There is one at a time; the one before no longer leads anywhere.
    """
    _may_configure(by, project)
    if project.is_archived:
        raise Conflict("This project rests: nobody can ask for anything. Take it up again first.")
    secret = token(32)
    with transaction():
        link = queries.intake_of(project)
        if link is None:
            link = IntakeLink(project=project)
            session.add(link)
        days = _DAYS.get(lasting)
        link.digest, link.made_by, link.created_at, link.last_used_at = digest(secret), by, now(), None
        link.expires_at = now() + timedelta(days=days) if days else None
        note(project, "made a link by which guests ask for something", by=by)
    return link, f"{installation().url}/intake/{secret}"


def close_intake(project: Project, *, by: User) -> None:
    """Let no guest ask for anything any more; what came by the link stays."""
    _may_configure(by, project)
    with transaction():
        link = queries.intake_of(project)
        if link is not None:
            session.delete(link)
            note(project, "closed the link for guests", by=by)


def take_wish(
    secret: str, *, title: str, description: str, name: str, email: str | None = None
) -> ProductRequest:
    """File what a guest asks for, as a draft that a developer has to sort out first."""
    link = queries.intake_by(secret)
    if link is None:
        raise NotFound("This link does not lead anywhere (any more). Ask for a new one where you found it.")
    if email is not None and not _EMAIL.fullmatch(email):
        raise Invalid.field("email", "Write it as in name@example.com, or leave it out.")
    with transaction():
        if queries.count_unsorted(link.project) >= MOST_UNSORTED:
            raise TooMany("More was asked for than could be looked at yet. Please come back in a few days.")
        request = put_on_board(
            link.project, link.made_by, title=_plain(title), description=_plain(description)
        )
        request.guest_name, request.guest_email = _plain(name), email
        link.last_used_at = now()
        pass_turn(request)
        record(request, ActivityType.SYSTEM, f"{request.guest_name}, a guest, asked for this.", by=None)
        notices.tell_of_guest(request)
    return request


def adopt(request: ProductRequest, *, by: User) -> None:
    """Make a guest's wish one's own: its questions are answered by whoever took it."""
    if not permissions.can_build(by, request):
        raise NotAllowed("Only developers and admins take over what a guest asked for.")
    if not request.needs_sorting or request.is_over:
        raise Conflict("Somebody looked after this already. Reload the page to see who.")
    with transaction():
        request.requester, request.adopted_at = by, now()
        pass_turn(request)
        record(request, ActivityType.ASSIGNMENT, f"took this over from {request.guest_name}, a guest", by=by)
        notices.let_off(request)


def _plain(text: str) -> str:
    """Keep words and lines, and nothing by which a text could look like something else."""
    return _CONTROL.sub(lambda found: " " if found[0].isspace() else "", text.replace("\r\n", "\n")).strip()


def _may_configure(by: User, project: Project) -> None:
    if not can_configure(by, project):
        raise NotAllowed("Only an admin of the organization opens and closes the way in for guests.")
