"""Who belongs to an organization."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.core.errors import NotAllowed
from app.core.paging import paginate
from app.organizations import operations, permissions, queries
from app.organizations.models import Invitation, InvitationStatus, JoinLink, Organization, Role
from app.organizations.schemas import Invited, MembersQuery, RoleChange
from app.organizations.views.base import blueprint, organization_at
from app.web.codes import drawn
from app.web.guards import me
from app.web.pages import asked, done, load_or_404, render, turning
from app.web.schemas import Form, read

PAGE = 50


@blueprint.get("/<organization>/members")
def show_members(organization: str) -> Response:
    """Show who belongs to an organization."""
    return show(organization_at(organization))


@blueprint.post("/<organization>/members/<uuid:user_id>/role")
def change_role(organization: str, user_id: UUID) -> Response:
    """Give a member another role."""
    here = organization_at(organization)
    member = load_or_404(queries.member_of(here, user_id))
    role = Form(RoleChange).valid.role
    operations.change_role(member, by=me(), role=role)
    flash(_("%(name)s is %(role)s now.", name=member.user.name, role=role), "success")
    return done(f"{here.path}/members")


@blueprint.post("/<organization>/members/<uuid:user_id>/removal")
def remove_member(organization: str, user_id: UUID) -> Response:
    """Take a member out of the organization, or leave it oneself."""
    here = organization_at(organization)
    member = load_or_404(queries.member_of(here, user_id))
    operations.remove_member(member, by=me())
    flash(
        _("%(name)s does not belong to %(place)s any more.", name=member.user.name, place=here.name),
        "success",
    )
    return done("/" if user_id == me().id else f"{here.path}/members")


@blueprint.post("/<organization>/members/<uuid:user_id>/reset-link")
def give_reset_link(organization: str, user_id: UUID) -> Response:
    """Make a link to a new password for a member, and show it in this one answer."""
    here = organization_at(organization)
    member = load_or_404(queries.member_of(here, user_id))
    if not permissions.can_administer(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} can do this.")
    address = operations.give_reset_link(member.user, by=me())
    return show(here, reset=(member, address, drawn(address, _("Code of the link"))), status=201)


def show(
    here: Organization,
    *,
    links: Sequence[tuple[Invitation | JoinLink, str]] = (),
    status: int = 200,
    **forms: Any,
) -> Response:
    """Show the members, the ways in, and the links that were made just now, each with its code."""
    wanted, invited = read(MembersQuery, asked(), place="query"), read(Invited, asked(), place="query")
    may_administer = permissions.can_administer(me(), here.id)
    invitations = queries.invitations_of(here, statuses=invited.statuses, email=invited.invited_email)
    members = paginate(
        queries.members_of(here, text=wanted.q, role=wanted.role), page=wanted.page, limit=PAGE
    )
    may_reset = {
        member.user_id
        for member in members.items
        if member.user_id != me().id and permissions.can_give_reset_link(me(), member.user)
    }
    return render(
        "organizations/members.html",
        organization=here,
        wanted=wanted,
        members=members,
        may_reset=may_reset,
        members_page=turning(f"{here.path}/members"),
        invited=invited,
        invitations=paginate(invitations, page=invited.invited_page, limit=PAGE),
        invitations_page=turning(f"{here.path}/members", "invited_page"),
        invitation_statuses=list(InvitationStatus),
        join_links=queries.open_join_links_of(here) if may_administer else [],
        may_administer=may_administer,
        roles=list(reversed(Role)),
        links=[(way, url, drawn(url, _("Code of the link"))) for way, url in links],
        status=status,
        **forms,
    )
