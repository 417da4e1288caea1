"""The accounts of the installation."""

from typing import Any
from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.accounts.models import User
from app.admin import operations
from app.admin.permissions import can_administer_installation
from app.admin.queries import people as queries
from app.admin.schemas.people import Deletion, PeopleChange, PeopleQuery, PersonChange
from app.admin.views.base import asked, blueprint, must_administer, same_page
from app.core.errors import Conflict, NotFound
from app.core.paging import paginate
from app.organizations import operations as organizations
from app.organizations.models import Role
from app.organizations.schemas import NewUser
from app.web.codes import drawn
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form


@blueprint.get("/admin/users")
def list_people() -> Response:
    """List everybody who has an account."""
    must_administer()
    return _show_all()


@blueprint.post("/admin/users")
def invite_person() -> Response:
    """Invite somebody into any organization, and show the link at once."""
    must_administer()
    form = Form(NewUser)
    made = form.submit(_invite)
    return _show_all(form=form, status=422) if made is None else _show_all(made=made, status=201)


def _invite(sent: NewUser) -> tuple[object, str]:
    organization = load_or_404(queries.organization_overseen_by(me(), sent.organization_id))
    return organizations.invite(organization, by=me(), email=sent.email, role=sent.role)


@blueprint.post("/admin/users/changes")
def change_people() -> Response:
    """Change several accounts at once, or none of them."""
    must_administer()
    form = Form(PeopleChange)
    if form.submit(_change_all) is None:
        return _show_all(trouble=" ".join(form.errors.values()), status=422)
    return done("/admin/users")


def _change_all(sent: PeopleChange) -> int:
    people = queries.people_named(me(), set(sent.user_ids))
    if len(people) != len(set(sent.user_ids)):
        raise Conflict("Not all of these people are here any more, so nobody was changed. Look again.")
    operations.change_people(people, by=me(), active=sent.active, is_admin=sent.is_admin)
    flash(ngettext("%(num)s account is changed.", "%(num)s accounts are changed.", len(people)), "success")
    return len(people)


def _show_all(*, form: Form[NewUser] | None = None, status: int = 200, **more: Any) -> Response:
    query = asked(PeopleQuery)
    found = queries.people_overseen_by(
        me(),
        text=query.q,
        organization_id=query.organization_id,
        is_admin=query.is_admin,
        is_active=query.active,
    )
    context = {"made": None, "trouble": None, **more}
    return render(
        "admin/people.html",
        query=query,
        found=paginate(found, page=query.page, limit=50),
        organizations=queries.organizations_overseen_by(me()),
        roles=list(Role),
        address=same_page,
        form=form,
        status=status,
        **context,
    )


@blueprint.get("/admin/users/<uuid:user_id>")
def show_person(user_id: UUID) -> Response:
    """Show an account."""
    return _show(_person(user_id))


@blueprint.post("/admin/users/<uuid:user_id>")
def change_person(user_id: UUID) -> Response:
    """Change an account."""
    person, form = _person(user_id), Form(PersonChange)
    form.submit(lambda sent: operations.change_person(person, by=me(), **sent.model_dump()))
    if form.errors:
        return _show(person, form, status=422)
    flash(_("The account of %(name)s is changed.", name=person.name), "success")
    return done(f"/admin/users/{person.id}")


@blueprint.post("/admin/users/<uuid:user_id>/reset-link")
def give_reset_link(user_id: UUID) -> Response:
    """Make a link to a new password for somebody, and show it in this one answer."""
    person = _person(user_id)
    address = organizations.give_reset_link(person, by=me())
    return _show(person, reset=(address, drawn(address, _("Code of the link"))), status=201)


@blueprint.post("/admin/users/<uuid:user_id>/removal")
def delete_person(user_id: UUID) -> Response:
    """Delete an account, with what becomes of what they asked for."""
    person, form, name = _person(user_id), Form(Deletion), _person(user_id).name
    form.submit(lambda sent: operations.delete_person(person, by=me(), successor=_successor(sent)))
    if form.errors:
        return _show(person, form, status=422)
    flash(_("The account of %(name)s is deleted.", name=name), "success")
    return done("/admin/users")


def _person(user_id: UUID) -> User:
    if not can_administer_installation(me()):
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return load_or_404(queries.person_overseen_by(me(), user_id))


def _successor(sent: Deletion) -> User | None:
    chosen = sent.successor_id
    return load_or_404(queries.person_overseen_by(me(), chosen)) if chosen else None


def _show(
    person: User,
    form: Form[Any] | None = None,
    *,
    reset: tuple[str, Markup] | None = None,
    status: int = 200,
) -> Response:
    return render(
        "admin/person.html",
        person=person,
        requests=queries.count_requests_of(person),
        keys=queries.count_keys_of(person),
        successors=queries.possible_successors(person),
        form=form,
        reset=reset,
        status=status,
    )
