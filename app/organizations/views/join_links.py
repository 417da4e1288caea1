"""Coming in by a link that is for several people."""

from http import HTTPStatus

from flask import Response

from app.accounts.operations import SHORTEST_PASSWORD
from app.core.errors import NotFound
from app.organizations import operations, queries
from app.organizations.models import JoinLink
from app.organizations.permissions import role_in
from app.organizations.schemas import NewMember
from app.organizations.views.base import blueprint
from app.web.guards import caller, me, public
from app.web.limits import SIGN_IN, limiter
from app.web.pages import done, render
from app.web.schemas import Form
from app.web.sessions import let_in


@blueprint.get("/join/<secret>")
@public
def show_join_link(secret: str) -> Response:
    """Say where a join link leads, before anything is asked."""
    return _show(_link(secret))


@blueprint.post("/join/<secret>")
@public
@limiter.limit(SIGN_IN)
def come_in_as_new(secret: str) -> Response:
    """Make an account through a join link, and come in."""
    link, form = _link(secret), Form(NewMember)
    user = form.submit(
        lambda sent: operations.come_in_as_new(link, name=sent.name, email=sent.email, password=sent.password)
    )
    if user is None:
        return _show(link, form, status=422)
    let_in(user)
    return done(link.organization.path)


@blueprint.post("/join/<secret>/acceptance")
def come_in(secret: str) -> Response:
    """Come in by a join link with the account one has."""
    link = _link(secret)
    operations.come_in(link, by=me())
    return done(link.organization.path)


def _link(secret: str) -> JoinLink:
    link = queries.join_link_of_token(secret)
    if link is None:
        raise NotFound("There is no such link. Ask who gave it to you.")
    return link


def _show(link: JoinLink, form: Form[NewMember] | None = None, *, status: int = 200) -> Response:
    user = me() if caller() else None
    return render(
        "organizations/join.html",
        link=link,
        form=form,
        over=operations.why_it_is_over(link),
        belongs=user is not None and role_in(user, link.organization_id) is not None,
        fits=user is not None and link.is_for(user.email),
        shortest_password=SHORTEST_PASSWORD,
        status=status if link.is_open else HTTPStatus.GONE,
    )
