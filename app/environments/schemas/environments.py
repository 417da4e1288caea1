"""What environments take and give."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from app.environments.models import Environment, EnvironmentState
from app.environments.schemas.wire import PageOf, PageQuery, Wire
from app.web.schemas import Moment


class NewEnvironment(Wire):
    """An environment to make of a task: `[org/]name[@version]`.

    `secret_ids` name secret variables of the project; `timeout_sec` is how long it lives.
    """

    task_ref: Annotated[str, StringConstraints(min_length=1, max_length=250)]
    inputs: dict[str, Any] = Field(default_factory=dict)
    secret_ids: list[str] = Field(default_factory=list, max_length=50)
    project_id: str | None = None
    timeout_sec: int | None = None
    model_overrides: dict[str, Any] | None = None


class EnvironmentsQuery(PageQuery):
    """Which environments to list."""

    state: list[EnvironmentState] = Field(default_factory=list)


class ServiceUrl(Wire):
    """Where a service is reached."""

    url: str
    host: str
    port: int
    urls: dict[str, str]


class VerificationOut(Wire):
    """What came of the last verification."""

    passed: bool
    method: str
    exit_code: int | None
    output: str
    checked_at: str


class EnvironmentStatus(Wire):
    """How an environment stands; `execute_token` is there once, for who made it."""

    id: UUID
    state: EnvironmentState
    expires_at: Moment | None
    service_urls: dict[str, ServiceUrl] | None = None
    execute_token: str | None = None
    instruction: str | None = None
    error: str | None = None
    task_verification: VerificationOut | None = None


class EnvironmentOut(EnvironmentStatus):
    """An environment in full."""

    task_ref: str
    project_id: UUID
    project_key: str
    created_by: str | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, environment: Environment, *, token: str | None = None) -> Self:
        """Show an environment, with its token where it was just made."""
        return cls.model_validate(
            {
                "id": environment.id,
                "state": environment.status,
                "expires_at": environment.expires_at,
                "service_urls": environment.service_urls if environment.is_up else None,
                "execute_token": token,
                "instruction": environment.task_version.definition.instruction or None,
                "error": said_of_error(environment),
                "task_verification": environment.verification,
                "task_ref": environment.task_ref,
                "project_id": environment.project_id,
                "project_key": environment.project.slug,
                "created_by": environment.created_by.name if environment.created_by else None,
                "created_at": environment.created_at,
                "updated_at": environment.updated_at,
            }
        )


def said_of_error(environment: Any) -> str | None:
    """Return why an environment failed, and what to do."""
    if environment.status is not EnvironmentState.FAILED:
        return None
    return " ".join(filter(None, [environment.error_message, environment.error_suggestion]))


class EnvironmentList(PageOf):
    """A page of environments, newest first."""

    environments: list[EnvironmentOut]


class Execution(Wire):
    """A command line, and how many seconds it may take."""

    command: Annotated[str, StringConstraints(min_length=1, max_length=100_000, strip_whitespace=False)]
    timeout_sec: Annotated[int, Field(ge=1, le=600)] = 30


class Executed(Wire):
    """How a command ended, and what it said: standard output and errors as they came."""

    exit_code: int
    output: str


class LogsOut(Wire):
    """What was done to bring an environment up, and what its services said."""

    logs: str


class Submission(Wire):
    """The flag that was found, where the task is to find one and it lies in no file."""

    flag: Annotated[str, StringConstraints(max_length=1000)] | None = None
