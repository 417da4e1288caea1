"""Every organization of the installation: made, changed, taken away with all that is in it."""

from uuid import UUID

from sqlalchemy import delete, select

from app.accounts.models import ApiKey, User
from app.accounts.queries import first_admin
from app.admin.permissions import can_administer_organizations
from app.core import ledger
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.jobs import job
from app.environments import operations as environments
from app.environments.queries import open_environments_in
from app.organizations import operations as organizations
from app.organizations import queries
from app.organizations.models import Invitation, JoinLink, Limits, Membership, Organization
from app.previews.queries import open_branch_previews
from app.projects import operations as projects
from app.projects.models import Project
from app.projects.queries import every_project_of
from app.requests.models import WorkflowAction
from app.requests.operations import move
from app.requests.queries import all_requests_of, is_at_work


def create_organization(
    *, by: User, name: str, slug: str | None = None, limits: Limits | None = None
) -> Organization:
    """Make an organization whose first admin is whoever makes it."""
    _administer(by)
    with transaction():
        organization = organizations.create_organization(name, by=by, slug=slug)
        if limits is not None:
            organizations.edit_organization(organization, by=by, limits=limits)
    return organization


def edit_organization(
    organization: Organization,
    *,
    by: User,
    name: str | None = None,
    slug: str | None = None,
    limits: Limits | None = None,
) -> None:
    """Change any organization; what is None stays."""
    _administer(by)
    _must_stay(organization)
    organizations.edit_organization(organization, by=by, name=name, slug=slug, limits=limits)


def delete_organization(organization: Organization, *, by: User, name: str) -> None:
    """Take an organization away: at once for its members, wholly once nothing of it runs.

    `name` is its name, said again, so that nobody deletes the wrong one.
    """
    _administer(by)
    if name.strip() != organization.name:
        raise Invalid.field("name", f"Write the name as it stands: {organization.name}")
    if organization.leaving_since is not None:
        return
    with transaction():
        organization.leaving_since = now()
        for kind in (Invitation, JoinLink, ApiKey):
            session.execute(delete(kind).where(kind.organization_id == organization.id))
        samples = select(User.id).where(User.is_sample.is_(True))  # they go with what they asked for
        session.execute(
            delete(Membership).where(
                Membership.organization_id == organization.id, Membership.user_id.not_in(samples)
            )
        )
        session.expire_all()  # whoever belonged to it does not any more
        clear_organization.later(organization.id)


@job(queue="quick", deadline=300, attempts=3)
def clear_organization(organization_id: UUID) -> None:
    """Stop what runs in an organization that is deleted; once nothing does, remove all of it."""
    organization = session.get(Organization, organization_id, populate_existing=True)
    by = first_admin()
    if organization is None or organization.leaving_since is None or by is None:
        return
    for project in every_project_of(organization_id):
        _bring_to_rest(project, by=by)
        if is_at_work(project) or open_branch_previews(project) or open_environments_in(project):
            return  # the schedule comes back
        environments.erase_logs(project)
        projects.take_out(project, by=by)
    environments.erase_tasks(organization_id)
    with transaction():
        samples = [person.id for person in queries.sample_members_of(organization)]
        session.execute(delete(User).where(User.id.in_(samples)))
        session.execute(delete(Organization).where(Organization.id == organization_id))
        session.expunge_all()  # what was loaded of it is no longer there


def _bring_to_rest(project: Project, *, by: User) -> None:
    for request in all_requests_of(project):
        if not request.is_over:
            move(request, WorkflowAction.CANCEL, by=by, payload={"reason": "The organization is deleted."})
    projects.bring_to_rest(project, by=by)


def go_on_deleting() -> int:
    """Go on with every organization that is deleted and that nobody works on; called by the schedule."""
    waiting = [
        organization
        for organization in queries.leaving_organizations()
        if ledger.open_run(clear_organization.kind, organization.id) is None
    ]
    for organization in waiting:
        clear_organization.later(organization.id)
    return len(waiting)


def _administer(by: User) -> None:
    if not can_administer_organizations(by):
        raise NotAllowed("Only an admin of the whole installation makes, changes and deletes organizations.")


def _must_stay(organization: Organization) -> None:
    if organization.leaving_since is not None:
        raise Conflict(f"{organization.name} is being deleted, so nothing of it can be changed.")
