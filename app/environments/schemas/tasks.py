"""What tasks take and give."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.environments.definition import Definition, Method, Where
from app.environments.models import TaskVersion
from app.environments.schemas.wire import PageOf, PageQuery, Wire
from app.web.schemas import Moment


class NewTask(Wire):
    """What to publish where no archive is sent: a folder of a project's repository, at a ref."""

    project: Annotated[str, StringConstraints(max_length=60)] = ""
    ref: Annotated[str, StringConstraints(max_length=200)] = ""
    path: Annotated[str, StringConstraints(max_length=300)] = ""


class TaskChoice(Wire):
    """Which task to make an environment of, and for how many minutes."""

    version_id: UUID
    minutes: Annotated[int, Field(ge=1, le=10_080)] = 60


class TasksQuery(PageQuery):
    """Which page of the tasks."""


class InputOut(Wire):
    """Something that whoever makes an environment may say."""

    description: str = ""
    default: str | int | float | bool | None = None
    required: bool = False


class ServiceOut(Wire):
    """A service, and the port that it listens on inside."""

    port: int
    health: str


class VerificationRule(Wire):
    """How it is found out whether the task was done; what the right answer is stays secret."""

    method: Method
    where: Where
    timeout: int


class TaskOut(Wire):
    """One version of a task."""

    id: UUID
    ref: str
    name: str
    version: str
    description: str
    tags: list[str]
    instruction: str
    inputs: dict[str, InputOut]
    services: dict[str, ServiceOut]
    ports: dict[str, list[int]]
    private: bool
    network: bool
    warm: int
    verification: VerificationRule | None
    source: str
    published_by: str | None
    created_at: Moment

    @classmethod
    def of(cls, version: TaskVersion) -> Self:
        """Show a version of a task."""
        said: Definition = version.definition
        services = {name: said.service(name) for name in said.services}
        return cls.model_validate(
            {
                "id": version.id,
                "ref": version.ref,
                "name": said.name,
                "version": said.version,
                "description": said.description,
                "tags": said.tags,
                "instruction": said.instruction,
                "inputs": said.known_inputs,
                "services": services,
                "ports": {name: [service.port] for name, service in services.items()},
                "private": said.private,
                "network": said.network,
                "warm": said.warm,
                "verification": said.verification,
                "source": version.source,
                "published_by": version.published_by.name if version.published_by else None,
                "created_at": version.created_at,
            }
        )


class TaskList(PageOf):
    """Tasks, each in its latest version; or the versions of one."""

    tasks: list[TaskOut] = Field(default_factory=list)


class InstructionOut(Wire):
    """The instruction as it was written; what stands in `{{ }}` is filled in by whoever reads it."""

    task_ref: str
    version: str
    instruction: str
