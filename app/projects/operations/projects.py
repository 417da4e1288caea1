"""Projects themselves: make one, take pushes, change settings, let one rest."""

import shutil
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete

from app.accounts.models import User
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.events import announce
from app.core.holding import hold_unchanged
from app.core.ids import token, uuid7
from app.core.installation import installation
from app.core.slugs import slugify
from app.engine import routes
from app.engine.repositories import Repository, Signature
from app.integrations.coding_agent import agents
from app.notifications.operations import forget
from app.organizations.models import Organization, Role
from app.organizations.permissions import can_create_projects, is_at_least
from app.organizations.queries import are_members, person_in
from app.projects import permissions, queries
from app.projects.events import (
    BranchMoved,
    ProjectArchived,
    ProjectCreated,
    ProjectRestored,
    PushBegun,
    StartPolicyChanged,
)
from app.projects.models import Access, Project, ProjectMember, Starter, StartPolicy
from app.projects.operations.coding_agents import set_agent
from app.projects.operations.variables import log

RESERVED = frozenset(
    {
        *("begin", "demo", "environments", "export", "invitations", "join-links", "keys", "labels", "logo"),
        *("members", "new", "projects", "settings", "specs", "usage"),
    }
)
"""What an organization's own pages are called, where a project would be hidden behind them."""

_BRANCHES = "refs/heads/"
_SETTINGS = (
    *("name", "description", "access", "start_policy", "approver_id"),
    *("default_agent", "agent_preset", "agent_command", "interviews_by_model", "archived_at"),
)


def create_project(
    organization: Organization,
    *,
    by: User,
    name: str,
    slug: str | None = None,
    description: str = "",
    starter: Starter = Starter.EMPTY,
    access: Access = Access.ORGANIZATION,
    repository_url: str | None = None,
    is_sample: bool = False,
) -> Project:
    """Make a project with its repository, from a starter or empty."""
    if not can_create_projects(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can make projects.")
    name = name.strip()
    if not name:
        raise Invalid.field("name", "Give the project a name.", type="missing")
    if repository_url:
        raise Invalid.field(
            "repositoryUrl",
            "A repository elsewhere cannot be followed yet. Make the project empty and push to it.",
            type="not_supported",
        )
    project = Project(
        id=uuid7(),
        organization=organization,
        organization_id=organization.id,
        name=name,
        slug=_free_slug(organization, slug, name),
        host_label=_free_label(slug or name),
        description=description.strip(),
        access=access,
        default_agent="outline",
        default_branch="main",
        is_sample=is_sample,
    )
    from app.engine import starters

    repository = Repository.create(project.repository_path, default_branch=project.default_branch)
    try:
        if starter is not Starter.EMPTY:
            repository.commit_files(
                project.default_branch,
                dict(starters.files(starter.value, name=name)),
                message=f"Start {name}",
                author=signature_of(by),
                parent=None,
            )
        with transaction():
            session.add(project)
            if access is Access.MEMBERS:
                session.add(ProjectMember(project=project, user=by))
            session.flush()  # what follows refers to the project
            log(project, "project.made", by=by)
            announce(ProjectCreated(project, by))
    except BaseException:
        shutil.rmtree(project.repository_path, ignore_errors=True)
        raise
    return project


def signature_of(user: User) -> Signature:
    """Return how a person signs commits."""
    return Signature(name=user.name, email=user.email)


def _free_slug(organization: Organization, wanted: str | None, name: str) -> str:
    slug = slugify(wanted or name, fallback="project")
    if slug in RESERVED:
        if wanted is not None:
            raise Conflict(f"Greenroom itself needs the address /{organization.slug}/{slug}. Choose another.")
        slug = f"{slug}-project"
    if queries.slug_is_free(organization.id, slug):
        return slug
    if wanted is not None:
        raise Conflict(f"{organization.name} has a project at /{organization.slug}/{slug} already.")
    return f"{slug}-{slugify(token(4), fallback='2')}"


def _free_label(name: str) -> str:
    label = routes.made_fit(slugify(name, fallback="project", longest=30), by="project")
    return label if queries.label_is_free(label) else f"{label}-{uuid7().hex[-4:]}"


def edit_project(
    project: Project,
    *,
    by: User,
    name: str | None = None,
    description: str | None = None,
    access: Access | None = None,
    start_policy: StartPolicy | None = None,
    approver_id: UUID | None = None,
    default_agent: str | None = None,
    agent_preset: str | None = None,
    agent_command: str | None = None,
    interviews_by_model: bool | None = None,
    archive_after_days: int | None = None,
    archived: bool | None = None,
) -> None:
    """Change a project's settings; what is None stays."""
    if not permissions.can_administer_project(by, project):
        raise NotAllowed("Only an admin of the organization can change a project.")
    if project.why_read_only and archived is not False:
        raise Conflict(project.why_read_only, code="at_rest")
    if default_agent is not None and default_agent not in agents():
        raise Invalid.field("defaultAgent", f"Choose from {', '.join(agents())}.", type="enum")
    with transaction():
        hold_unchanged(project, _SETTINGS)
        before = _said_of(project)
        if agent_preset is not None:
            set_agent(project, by=by, preset=agent_preset, command=agent_command or "")
        if default_agent == "command" and project.agent_preset is None:
            raise Invalid.field("defaultAgent", "Say first which program works in this project.")
        project.name = (name or "").strip() or project.name
        project.description = project.description if description is None else description.strip()
        project.access = access or project.access
        _let_start(project, start_policy or project.start_policy, approver_id, by=by)
        project.default_agent = default_agent or project.default_agent
        kept = project.interviews_by_model
        project.interviews_by_model = kept if interviews_by_model is None else interviews_by_model
        if archive_after_days is not None:
            project.archive_after_days = archive_after_days
        if changes := sorted(name for name, value in _said_of(project).items() if before[name] != value):
            log(project, "project.changed", by=by, detail=", ".join(changes))
        if archived:
            archive_project(project, by=by)
        elif archived is False:
            restore_project(project, by=by)


def _said_of(project: Project) -> dict[str, object]:
    """Return what can be changed of a project, by the words of the audit log."""
    return {
        "name": project.name,
        "description": project.description,
        "who sees it": project.access,
        "who starts": (project.start_policy, project.approver_id),
        "who does the work": project.default_agent,
        "who asks the questions": project.interviews_by_model,
    }


def _let_start(project: Project, policy: StartPolicy, approver_id: UUID | None, *, by: User) -> None:
    """Say who starts the work; where somebody has to say yes first, that one is named."""
    if approver_id is not None:
        _must_be_able_to_approve(project, approver_id)
    before = (project.start_policy, project.approver_id)
    project.start_policy, project.approver_id = policy, approver_id or project.approver_id
    if policy is StartPolicy.APPROVED and project.approver_id is None:
        raise Invalid.field("approverId", "Name who says yes before the work starts.", type="missing")
    if (project.start_policy, project.approver_id) != before:
        session.flush()  # the approver is read anew
        session.refresh(project, ["approver"])
        announce(StartPolicyChanged(project, by))


def _must_be_able_to_approve(project: Project, approver_id: UUID) -> None:
    if not are_members([approver_id], project.organization_id):
        raise Invalid.field("approverId", "Only a member of the organization can say yes.")
    person = person_in(project.organization_id, approver_id)
    if not is_at_least(person, project.organization_id, Role.REQUESTER):
        raise Invalid.field("approverId", f"{person.name} may only look. Name somebody who takes part.")
    if session.scalar(queries.project_visible_to(person, project.id)) is None:
        raise Invalid.field("approverId", f"{person.name} does not see this project. Name them for it first.")


def name_members(project: Project, *, by: User, user_ids: Collection[UUID]) -> None:
    """Say who may see a project that is not open to its whole organization; its admins always do."""
    if not permissions.can_configure(by, project):
        raise NotAllowed("Only an admin of the organization can change a project.")
    if not are_members(user_ids, project.organization_id):
        raise Invalid.field("userIds", "Only members of the organization can be named.")
    with transaction():
        session.execute(delete(ProjectMember).where(ProjectMember.project_id == project.id))
        session.add_all(ProjectMember(project_id=project.id, user_id=user_id) for user_id in set(user_ids))
        log(project, "project.changed", by=by, detail="who sees it")


def go_live_by_itself(project: Project, *, by: User, auto_deploy: bool) -> None:
    """Say whether what comes to the main branch is put live by itself, or by a developer."""
    if not permissions.can_configure(by, project):
        raise NotAllowed("Only an admin of the organization can change a project.")
    with transaction():
        if project.auto_deploy != auto_deploy:
            project.auto_deploy = auto_deploy
            log(project, "project.changed", by=by, detail="whether it goes live by itself")


def archive_project(project: Project, *, by: User) -> None:
    """Let a project rest: nothing of it runs, everything stays readable."""
    if not permissions.can_administer_project(by, project):
        raise NotAllowed("Only an admin of the organization can archive a project.")
    bring_to_rest(project, by=by)


def bring_to_rest(project: Project, *, by: User) -> None:
    """Let a project rest, where it was asked already who may."""
    with transaction():
        if project.archived_at is None:
            project.archived_at = now()
            log(project, "project.archived", by=by)
            announce(ProjectArchived(project, by))


def restore_project(project: Project, *, by: User) -> None:
    """Take a project up again that rested."""
    if not permissions.can_administer_project(by, project):
        raise NotAllowed("Only an admin of the organization can take a project up again.")
    with transaction():
        if project.archived_at is not None:
            project.archived_at = None
            log(project, "project.restored", by=by)
            announce(ProjectRestored(project, by))


def give_up_project(project: Project, *, by: User) -> None:
    """Say that a project shall go: from here on it exists for nobody, and it is erased once nothing runs."""
    if not permissions.can_administer_project(by, project):
        raise NotAllowed("Only an admin of the organization or of the installation deletes a project.")
    with transaction():
        archive_project(project, by=by)
        project.leaving_at, project.leaving_by = now(), by


def erase_project(project: Project, *, by: User | None) -> None:
    """Remove a project that rests, with its repository and all that is known of it; there is no way back."""
    is_given_up = project.leaving_at is not None
    if not is_given_up and (by is None or not permissions.can_administer_project(by, project)):
        raise NotAllowed("Only an admin of the organization can remove a project.")
    if project.archived_at is None:
        raise Conflict("Let the project rest first: what runs of it has to end before it is removed.")
    take_out(project, by=by)


def take_out(project: Project, *, by: User | None) -> None:
    """Remove a project that rests, where it was asked already who may."""
    shutil.rmtree(project.repository_path, ignore_errors=True)
    shutil.rmtree(installation().caches / str(project.id), ignore_errors=True)
    with transaction():
        routes.erase(project.id)
        forget(project.path)
        log(project, "project.deleted", by=by)
        session.execute(delete(Project).where(Project.id == project.id))
        session.expunge(project)


def note_moves(
    project: Project, changes: Iterable[tuple[str, str | None, str | None]], *, by: User | None
) -> None:
    """Hear which refs a push or a merge moved, and announce it."""
    with transaction():
        for ref, old, new in changes:
            if ref.startswith(_BRANCHES):
                announce(BranchMoved(project, ref.removeprefix(_BRANCHES), old, new, by))


def begin_push(project: Project, *, by: User) -> PushBegun:
    """Return what somebody who pushes will read and may not delete, by branch; the layers above know it."""
    fact = PushBegun(project, by)
    announce(fact)
    return fact
