"""What projects take and give."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.models import User
from app.accounts.schemas import Name
from app.core.errors import Failed
from app.engine.plans import Plan
from app.organizations.schemas import PersonRef
from app.projects.models import (
    Access,
    Audience,
    Project,
    ProjectConfig,
    ProjectVariable,
    Starter,
    StartPolicy,
)
from app.projects.queries import approvers_of, plan_of, repository_of
from app.web.schemas import Moment, Paging, Schema

Description = Annotated[str, StringConstraints(max_length=20_000)]
AgentPreset = Annotated[str, StringConstraints(max_length=20)]
AgentCommand = Annotated[str, StringConstraints(max_length=2_000)]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class NewProject(Schema):
    """A project to make; without a slug its address follows from the name."""

    name: Name
    slug: Slug | None = None
    description: Description = ""
    starter: Starter = Starter.EMPTY
    repository_url: str | None = None
    access: Access = Access.ORGANIZATION

    def what(self) -> dict[str, Any]:
        """Return what to make, as the operation takes it."""
        return self.model_dump(exclude={"organization_id"})


class BroughtRepository(Schema):
    """What a repository is called that somebody has already."""

    name: Name


class NewProjectIn(NewProject):
    """A project to make in any organization."""

    organization_id: UUID


class ProjectChange(Schema):
    """What to change of a project; what is missing stays.

    `agentPreset` names the program behind the agent `command`; `own` goes with an `agentCommand`, and ""
    takes the program away. After `archiveAfterDays` without a move a request at rest is put away; 0 is never.
    """

    name: Name | None = None
    description: Description | None = None
    access: Access | None = None
    start_policy: StartPolicy | None = None
    approver_id: UUID | None = None
    default_agent: str | None = None
    agent_preset: AgentPreset | None = None
    agent_command: AgentCommand | None = None
    interviews_by_model: bool | None = None
    archive_after_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    archived: bool | None = None


class AgentChange(Schema):
    """Which program works in a project; none where the preset is empty."""

    preset: AgentPreset = ""
    command: AgentCommand = ""


class NamedMembers(Schema):
    """Who may see a project that is not open to its whole organization."""

    user_ids: list[UUID] = Field(default_factory=list)


class GoingLive(Schema):
    """Whether what comes to the main branch is put live by itself."""

    auto_deploy: bool = False


class ProjectsQuery(Paging):
    """Which projects to list."""

    organization_id: UUID | None = None
    archived: bool | None = None


class RepositoryOut(Schema):
    """Where a project's files live; `headSha` is null as long as nothing was pushed."""

    provider: str
    clone_url: str
    default_branch: str
    head_sha: str | None


class ProjectOut(Schema):
    """A project; `appId` is null until it has something to build."""

    id: UUID
    organization_id: UUID
    name: str
    slug: str
    description: str
    access: Access
    archived: bool = Field(validation_alias="is_archived", serialization_alias="archived")
    start_policy: StartPolicy
    approver: PersonRef | None
    default_agent: str
    agent_preset: str | None
    agent_command: str | None
    auto_deploy: bool
    interviews_by_model: bool
    archive_after_days: int
    repository: RepositoryOut
    app_id: str | None
    url: str
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, project: Project) -> Self:
        """Show a project with where its repository stands."""
        return cls.several([project])[0]

    @classmethod
    def several(cls, projects: Sequence[Project]) -> list[Self]:
        """Show projects, each with where its repository stands."""
        approvers = approvers_of(projects)
        return [cls._of(project, approvers.get(project.id)) for project in projects]

    @classmethod
    def _of(cls, project: Project, approver: User | None) -> Self:
        plain = {name: getattr(project, name) for name in _PLAIN}
        repository = RepositoryOut(
            provider="greenroom",
            clone_url=project.clone_url,
            default_branch=project.default_branch,
            head_sha=repository_of(project).head(project.default_branch),
        )
        return cls.model_validate({**plain, "approver": approver, "repository": repository})


_PLAIN = (
    *("id", "organization_id", "name", "slug", "description", "access", "is_archived", "start_policy"),
    *(
        "default_agent",
        "agent_preset",
        "agent_command",
        "auto_deploy",
        "interviews_by_model",
        "archive_after_days",
        "app_id",
        "url",
        "created_at",
        "updated_at",
    ),
)


class NewVariable(Schema):
    """A variable for previews or agents; the value of a secret one is never shown again."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    value: Annotated[str, StringConstraints(max_length=20_000, strip_whitespace=False)] = ""
    audience: Audience = Audience.PREVIEW
    secret: bool = True

    def what(self) -> dict[str, Any]:
        """Return what to set, as the operation takes it."""
        return {**self.model_dump(exclude={"secret"}), "is_secret": self.secret}


class VariableOut(Schema):
    """A variable; `value` is null where it is a secret."""

    id: UUID
    name: str
    audience: Audience
    secret: bool
    value: str | None
    set_by: str | None
    set_at: Moment

    @classmethod
    def of(cls, variable: ProjectVariable) -> Self:
        """Show a variable, but never a secret's value."""
        return cls(
            id=variable.id,
            name=variable.name,
            audience=variable.audience,
            secret=variable.is_secret,
            value=None if variable.is_secret else variable.value,
            set_by=variable.set_by.name if variable.set_by else None,
            set_at=variable.set_at,
        )


class SettingOut(Schema):
    """One thing that greenroom.toml says: its name, the value, and what it does."""

    name: str
    value: str
    does: str


class ProblemOut(Schema):
    """One thing in greenroom.toml that does not hold."""

    line: int
    message: str = Field(validation_alias="what")


class ConfigOut(Schema):
    """What greenroom.toml of the main branch said when it was last read; `readAt` is null before that."""

    project_id: UUID
    found: bool
    commit_sha: str | None
    read_at: Moment | None
    settings: list[SettingOut]
    problems: list[ProblemOut]

    @classmethod
    def of(cls, project: Project, config: ProjectConfig | None) -> Self:
        """Show what was read of a project."""
        return cls.model_validate(
            {
                "project_id": project.id,
                "found": config is not None and config.text is not None,
                "commit_sha": config.commit_sha if config else None,
                "read_at": config.read_at if config else None,
                "settings": config.settings if config else [],
                "problems": config.problems if config else [],
            }
        )


_Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class PreviewSettings(Schema):
    """How previews are built, started and bounded; what is missing is left to be found."""

    subfolder: Annotated[str, StringConstraints(max_length=200)] | None = None
    install: _Line | None = None
    build: _Line | None = None
    seed_command: _Line | None = None
    run: _Line | None = None
    output: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    health: Annotated[str, StringConstraints(max_length=200, pattern=r"^/\S*$")] | None = None
    most_previews: Annotated[int, Field(ge=1, le=50)] = 3
    idle_minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None
    shows_branches: bool = True


class PreviewSettingsOut(PreviewSettings):
    """What is set, and the plan of the main branch that follows; null where there is none."""

    plan: dict[str, Any] | None
    problem: str | None

    @classmethod
    def of(cls, project: Project) -> Self:
        """Show what a project's settings say, and what follows from it."""
        plan = plan_of(project)
        return cls.model_validate(
            {
                **project.plan_overrides,
                "subfolder": project.subfolder or None,
                "seed_command": project.seed_command,
                "most_previews": project.most_previews,
                "idle_minutes": project.idle_minutes,
                "shows_branches": project.shows_branches,
                "plan": plan.as_dict() if isinstance(plan, Plan) else None,
                "problem": plan.message if isinstance(plan, Failed) else None,
            }
        )
