"""The shapes of the environments API: its words are written_like_this."""

from app.environments.schemas.environments import (
    EnvironmentList,
    EnvironmentOut,
    EnvironmentsQuery,
    EnvironmentStatus,
    Executed,
    Execution,
    LogsOut,
    NewEnvironment,
    Submission,
    VerificationOut,
)
from app.environments.schemas.scopes import OrganizationScope, UserScope, WorkspaceList, WorkspaceScope
from app.environments.schemas.tasks import InstructionOut, NewTask, TaskChoice, TaskList, TaskOut, TasksQuery
from app.environments.schemas.wire import PageQuery, Trouble

__all__ = [
    "EnvironmentList",
    "EnvironmentOut",
    "EnvironmentStatus",
    "EnvironmentsQuery",
    "Executed",
    "Execution",
    "InstructionOut",
    "LogsOut",
    "NewEnvironment",
    "NewTask",
    "OrganizationScope",
    "PageQuery",
    "Submission",
    "TaskChoice",
    "TaskList",
    "TaskOut",
    "TasksQuery",
    "Trouble",
    "UserScope",
    "VerificationOut",
    "WorkspaceList",
    "WorkspaceScope",
]
