"""Reads of projects, each for somebody."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import ApiKey, User
from app.core.db import UtcDateTime, session
from app.core.errors import Failed
from app.engine.plans import Plan, plan_for
from app.engine.repositories import Repository
from app.organizations.models import Membership, Organization, Role
from app.organizations.queries import is_at, membership_of
from app.projects.models import (
    Access,
    Audience,
    Project,
    ProjectConfig,
    ProjectMember,
    ProjectVariable,
    SettingsNote,
)


def is_open_to(user: User) -> ColumnElement[bool]:
    """Return the condition that a project, joined with this person's Membership, is theirs to see."""
    return _is_open_to(user.id)


def _is_open_to(user_id: object) -> ColumnElement[bool]:
    named = exists().where(ProjectMember.project_id == Project.id, ProjectMember.user_id == user_id)
    shown = or_(Project.access == Access.ORGANIZATION, Membership.role == Role.ADMIN, named)
    return and_(Project.leaving_at.is_(None), shown)


def opened_by_key(
    query: Select[*tuple[Any, ...]], *, organization_id: InstrumentedAttribute[UUID]
) -> Select[*tuple[Any, ...]]:
    """Join a statement with the API key that asks, where it holds and its person may see what is read.

    The statement joins Project, or leaves it out where a row belongs to none. It is asked with `digest` and
    `moment`, and also returns the key's `scopes`, `last_used_at`, `key_id` and `asker_id`.
    """
    return (
        query.add_columns(
            ApiKey.scopes, ApiKey.last_used_at, ApiKey.id.label("key_id"), ApiKey.user_id.label("asker_id")
        )
        .join(ApiKey, ApiKey.digest == bindparam("digest"))
        .join(User, User.id == ApiKey.user_id)
        .join(
            Membership,
            and_(
                Membership.user_id == ApiKey.user_id,
                Membership.organization_id == ApiKey.organization_id,
                Membership.organization_id == organization_id,
            ),
        )
        .where(
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > bindparam("moment", type_=UtcDateTime())),
            User.deactivated_at.is_(None),
            or_(Project.id.is_(None), _is_open_to(ApiKey.user_id)),
        )
    )


def people_who_see(project: Project, *, least: Role = Role.VIEWER) -> Select[User]:
    """Return the active people who may see a project and whose role is at least `least`, by name."""
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Project, Project.organization_id == Membership.organization_id)
        .where(
            Project.id == project.id,
            Membership.role.in_([role for role in Role if role.rank >= least.rank]),
            User.deactivated_at.is_(None),
            _is_open_to(Membership.user_id),
        )
        .order_by(User.name, User.id)
    )


def projects_visible_to(
    user: User, *, organization_id: UUID | None = None, archived: bool | None = None
) -> Select[Project]:
    """Return the projects that a person may see, all or one organization's; others do not exist for them.

    `archived` leaves only those at rest, or only the others.
    """
    query = (
        select(Project)
        .join(Membership, membership_of(user, Project.organization_id))
        .where(is_open_to(user))
        .order_by(Project.name, Project.id)
    )
    if archived is not None:
        query = query.where(Project.archived_at.is_not(None) if archived else Project.archived_at.is_(None))
    return query if organization_id is None else query.where(Project.organization_id == organization_id)


def projects_in(user: User, organization: Organization) -> list[Project]:
    """Return the projects of an organization that a person may see."""
    return list(session.scalars(projects_visible_to(user, organization_id=organization.id)))


def project_overseen_by(user: User, project_id: UUID) -> Select[Project]:
    """Return a project that a person may see; the installation's admin any, as far as their key reaches."""
    if not user.is_admin:
        return project_visible_to(user, project_id)
    query = select(Project).where(Project.id == project_id)
    return query if user.confined_to is None else query.where(Project.organization_id == user.confined_to)


def config_of(project: Project) -> ProjectConfig | None:
    """Return what greenroom.toml said when it was last read; None before the first time."""
    return session.get(ProjectConfig, project.id)


def every_project_of(organization_id: UUID) -> list[Project]:
    """Return all projects of an organization, whoever may see them, for what is done to all of it."""
    query = select(Project).where(Project.organization_id == organization_id)
    return list(session.scalars(query.order_by(Project.created_at, Project.id)))


def is_empty(project: Project) -> bool:
    """Tell whether nothing was ever pushed to what goes live."""
    return repository_of(project).head(project.default_branch) is None


def project_visible_to(user: User, project_id: UUID) -> Select[Project]:
    return projects_visible_to(user).where(Project.id == project_id)


def project_at(user: User, organization_slug: str, slug: str) -> Select[Project]:
    """Return the project at an address, where the person may see it."""
    return (
        projects_visible_to(user)
        .join(Organization, Organization.id == Project.organization_id)
        .where(is_at(organization_slug), Project.slug == slug)
    )


def approver_of(project: Project) -> User | None:
    """Return who says yes before the work starts; None once they left, or may only look, or cannot see it."""
    return approvers_of([project]).get(project.id)


def approvers_of(projects: Iterable[Project]) -> dict[UUID, User]:
    """Return who says yes in each of these projects; those in which nobody does are left out."""
    asked = [project.id for project in projects if project.approver_id is not None]
    if not asked:
        return {}
    named = exists().where(ProjectMember.project_id == Project.id, ProjectMember.user_id == User.id)
    query = (
        select(Project.id, User)
        .join(User, User.id == Project.approver_id)
        .join(
            Membership,
            and_(Membership.user_id == User.id, Membership.organization_id == Project.organization_id),
        )
        .where(
            Project.id.in_(asked),
            Membership.role != Role.VIEWER,
            User.deactivated_at.is_(None),
            or_(Project.access == Access.ORGANIZATION, Membership.role == Role.ADMIN, named),
        )
    )
    return dict(session.execute(query).unique().all())


def projects_approved_by(user: User, organization_id: UUID) -> list[Project]:
    """Return an organization's projects that name a person to say yes."""
    query = select(Project).where(Project.organization_id == organization_id, Project.approver_id == user.id)
    return list(session.scalars(query))


def repository_of(project: Project) -> Repository:
    return Repository(project.repository_path)


def label_is_free(label: str) -> bool:
    return session.scalar(select(Project.id).where(Project.host_label == label)) is None


def slug_is_free(organization_id: UUID, slug: str) -> bool:
    query = select(Project.id).where(Project.organization_id == organization_id, Project.slug == slug)
    return session.scalar(query) is None


def named_members(project: Project) -> set[UUID]:
    """Return who is named for a project."""
    return set(session.scalars(select(ProjectMember.user_id).where(ProjectMember.project_id == project.id)))


def variables_in(project: Project) -> list[ProjectVariable]:
    """Return a project's variables, those of previews first."""
    query = select(ProjectVariable).where(ProjectVariable.project_id == project.id)
    order = (ProjectVariable.audience.desc(), ProjectVariable.name)
    return list(session.scalars(query.order_by(*order)).unique())


def variable_of(project: Project, variable_id: UUID) -> Select[ProjectVariable]:
    return select(ProjectVariable).where(
        ProjectVariable.project_id == project.id, ProjectVariable.id == variable_id
    )


def variable_named(project: Project, audience: Audience, name: str) -> ProjectVariable | None:
    return next(
        (each for each in variables_in(project) if (each.audience, each.name) == (audience, name)), None
    )


def count_variables(project: Project) -> int:
    query = select(func.count()).select_from(ProjectVariable).where(ProjectVariable.project_id == project.id)
    return session.scalar(query) or 0


def variables_of(project: Project, audience: Audience | str) -> dict[str, str]:
    """Return what a preview or an agent of a project gets, by name, secret or not."""
    return {each.name: _readable(each) for each in variables_in(project) if each.audience == audience}


def secrets_of(project: Project, audience: Audience | str) -> dict[str, str]:
    """Return those of its variables whose values no log may show."""
    mine = (each for each in variables_in(project) if each.audience == audience and each.is_secret)
    return {each.name: _readable(each) for each in mine}


def _readable(variable: ProjectVariable) -> str:
    if variable.value is None:
        raise Failed(
            "unreadable_variable",
            f"The value of {variable.name} cannot be read: it was kept with another key.",
            f"Set {variable.name} anew in the project's settings.",
        )
    return variable.value


def settings_notes(project: Project, most: int = 10) -> list[SettingsNote]:
    """Return what was changed last in a project's settings, newest first."""
    query = select(SettingsNote).where(SettingsNote.project_id == project.id)
    return list(session.scalars(query.order_by(SettingsNote.id.desc()).limit(most)).unique())


def plan_wishes_of(project: Project) -> dict[str, Any]:
    """Return what a project's settings say of how its previews are built and started."""
    idle = project.idle_minutes * 60 if project.idle_minutes else None
    said = {**project.plan_overrides, "seed": project.seed_command or None, "idle": idle}
    return {name: value for name, value in said.items() if value is not None}


def plan_of(project: Project) -> Plan | Failed | None:
    """Return how the project's main branch would be built and started now, or why not; None while empty."""
    repository = repository_of(project)
    head = repository.head(project.default_branch)
    if head is None:
        return None
    try:
        return plan_for(
            repository.files(head),
            lambda path: repository.blob(head, path),
            root=project.subfolder,
            wishes=plan_wishes_of(project),
        )
    except Failed as trouble:
        return trouble
