"""Who belongs to an organization, and who is invited."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.core.errors import NotAllowed
from app.organizations import operations, permissions, queries
from app.organizations.models import Invitation, Membership, Organization, Role
from app.organizations.schemas import Invitations, RoleChange
from app.organizations.views.base import blueprint, organization_at
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.qr import code_of
from app.web.schemas import Form


@blueprint.get("/<organization>/members")
def show_members(organization: str) -> Response:
    """Show who belongs to an organization."""
    return _show(organization_at(organization))


@blueprint.post("/<organization>/members/<uuid:user_id>/role")
def change_role(organization: str, user_id: UUID) -> Response:
    """Give a member another role."""
    here = organization_at(organization)
    member = load_or_404(queries.member_of(here, user_id))
    role = Form(RoleChange).valid.role
    operations.change_role(member, by=me(), role=role)
    flash(_("%(name)s is %(role)s now.", name=member.user.name, role=role), "success")
    return done(f"/{here.slug}/members")


@blueprint.post("/<organization>/members/<uuid:user_id>/removal")
def remove_member(organization: str, user_id: UUID) -> Response:
    """Take a member out of the organization."""
    here = organization_at(organization)
    member = load_or_404(queries.member_of(here, user_id))
    operations.remove_member(member, by=me())
    flash(
        _("%(name)s does not belong to %(place)s any more.", name=member.user.name, place=here.name),
        "success",
    )
    return done("/" if user_id == me().id else f"/{here.slug}/members")


@blueprint.post("/<organization>/members/<uuid:user_id>/reset-link")
def give_reset_link(organization: str, user_id: UUID) -> Response:
    """Make a link to a new password for a member, and show it in this one answer."""
    here = organization_at(organization)
    member = load_or_404(queries.member_of(here, user_id))
    if not permissions.can_administer(me(), here.id):
        raise NotAllowed(f"Only an admin of {here.name} can do this.")
    return _show(here, reset=(member, operations.give_reset_link(member.user, by=me())), status=201)


@blueprint.post("/<organization>/invitations")
def invite(organization: str) -> Response:
    """Invite one or several people, and show the links at once."""
    here = organization_at(organization)
    form = Form(Invitations)
    links = form.submit(
        lambda sent: operations.invite_several(here, by=me(), emails=sent.emails, role=sent.role)
    )
    return _show(here, form=form, status=422) if links is None else _show(here, links=links, status=201)


@blueprint.post("/<organization>/invitations/<uuid:invitation_id>/link")
def resend_invitation(organization: str, invitation_id: UUID) -> Response:
    """Make a fresh link for an invitation, and show it."""
    here = organization_at(organization)
    invitation = load_or_404(queries.invitation_to(here, invitation_id))
    url = operations.resend(invitation, by=me())
    return _show(here, links=[(invitation, url)])


@blueprint.post("/<organization>/invitations/<uuid:invitation_id>/revocation")
def revoke_invitation(organization: str, invitation_id: UUID) -> Response:
    """Take an invitation back."""
    here = organization_at(organization)
    operations.revoke(load_or_404(queries.invitation_to(here, invitation_id)), by=me())
    flash(_("The invitation is taken back; its link opens nothing any more."), "success")
    return done(f"/{here.slug}/members")


def _show(
    here: Organization,
    *,
    form: Form[Invitations] | None = None,
    links: Sequence[tuple[Invitation, str]] = (),
    reset: tuple[Membership, str] | None = None,
    status: int = 200,
) -> Response:
    members = queries.all_members_of(here)
    return render(
        "organizations/members.html",
        organization=here,
        members=members,
        invitations=queries.open_invitations_to(here),
        may_administer=permissions.can_administer(me(), here.id),
        roles=list(reversed(Role)),
        form=form,
        links=links,
        reset=reset,
        code=code_of(reset[1]) if reset else None,
        may_reset={
            member.user_id
            for member in members
            if member.user_id != me().id and permissions.can_give_reset_link(me(), member.user)
        },
        status=status,
    )
