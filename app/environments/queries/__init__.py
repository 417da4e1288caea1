"""Reads of tasks and environments, each for somebody."""

from app.environments.queries.rows import (
    count_open,
    environment_in,
    environments_in,
    folders_in_use,
    open_environments_in,
    overdue_environments,
    run_of,
    unended,
)
from app.environments.queries.status import as_status, sealed_token_of, status_by_key, status_of
from app.environments.queries.tasks import (
    latest_version_named,
    task_named,
    tasks_in,
    version_by_id,
    version_named,
    versions_in,
    versions_of,
)

__all__ = [
    "as_status",
    "count_open",
    "environment_in",
    "environments_in",
    "folders_in_use",
    "latest_version_named",
    "open_environments_in",
    "overdue_environments",
    "run_of",
    "sealed_token_of",
    "status_by_key",
    "status_of",
    "task_named",
    "tasks_in",
    "unended",
    "version_by_id",
    "version_named",
    "versions_in",
    "versions_of",
]
