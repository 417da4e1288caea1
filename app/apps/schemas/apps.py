"""The shapes of apps themselves."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from app.apps.models import AppStatus, RetentionTier
from app.apps.schemas.listing import Deleted, ListQuery, PageInfo
from app.projects.models import Starter
from app.web.schemas import Moment, Schema

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Line = Annotated[str, StringConstraints(max_length=500)]
EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)]
EnvValue = Annotated[str, StringConstraints(max_length=10_000)]


class AppConfig(Schema):
    """How an app is built and run, and for how long it can be taken back once it is deleted."""

    model_config = ConfigDict(extra="forbid")

    node_version: Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d{1,3}){0,2}$|^$")] | None = None
    env: Annotated[dict[EnvName, EnvValue], Field(max_length=100)] | None = None
    install: Line | None = None
    build: Line | None = None
    output: Line | None = None
    run: Line | None = None
    health: Line | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    auto_build: bool | None = None
    retention_tier: RetentionTier | None = None

    def kept(self) -> dict[str, Any]:
        """Return what was said, by the names that programs know."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class NewApp(Schema):
    """An app to make in a workspace, which is a project: empty, from a starter, or from its repository."""

    workspace_id: UUID
    name: Name
    description: Text = ""
    handle: str | None = None
    public_access: bool = False
    starter: Starter = Starter.EMPTY
    from_repository: bool = False

    def what(self) -> dict[str, Any]:
        """Return what to make, as the operation takes it."""
        said = self.model_dump(exclude={"workspace_id", "public_access"})
        return {**said, "is_public": self.public_access}


class UploadedApp(Schema):
    """An app to make from a zip or tar that comes with it."""

    workspace_id: UUID
    name: Name
    description: Text = ""
    handle: str | None = None
    public_access: bool = False

    def what(self) -> dict[str, Any]:
        """Return what to make, as the operation takes it."""
        said = self.model_dump(exclude={"workspace_id", "public_access"})
        return {**said, "is_public": self.public_access}


class AppChange(Schema):
    """What becomes of an app; what is missing stays. `config` is replaced whole."""

    name: Name | None = None
    description: Text | None = None
    handle: str | None = None
    public_access: bool | None = None
    default_version_id: str | None = None
    config: AppConfig | None = None

    def what(self) -> dict[str, Any]:
        """Return what to change, as the operation takes it."""
        said = self.model_dump(exclude={"public_access", "config"})
        config = self.config.kept() if self.config is not None else None
        return {**said, "is_public": self.public_access, "config": config}


class AppsQuery(ListQuery):
    """Which apps, and which part of the list."""

    workspace_id: UUID | None = None
    include_deleted: Deleted = Deleted.NO
    name: str | None = None
    source: Literal["workspace", "integration"] | None = None
    default_version_id: str | None = None
    status: AppStatus | None = None
    public_access: bool | None = None
    api_key_id: UUID | None = None
    created_by: UUID | None = None
    retention_tier: RetentionTier | None = None


class AppOut(Schema):
    """An app. `cloneUrl` and `url` are ours."""

    id: str
    workspace_id: Annotated[UUID, Field(validation_alias="project_id")]
    name: str
    description: str
    status: AppStatus
    handle: str
    default_version_id: str | None
    public_access: Annotated[bool, Field(validation_alias="is_public")]
    config: dict[str, Any]
    retention_tier: RetentionTier | None
    created_by: Annotated[UUID | None, Field(validation_alias="created_by_id")]
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None
    purge_at: Moment | None
    url: str
    clone_url: str


class AppList(Schema):
    """A part of a list of apps."""

    data: list[AppOut]
    page_info: PageInfo
