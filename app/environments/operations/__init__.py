"""What is done with tasks and environments."""

from app.environments.operations.bringing_up import bring_up
from app.environments.operations.following import follow_command
from app.environments.operations.making import (
    create_environment,
    expire_environments,
    keep_warm,
    remove_environment,
    remove_left_over,
    take_all_down,
    tear_down,
)
from app.environments.operations.removing import erase_logs, erase_tasks, remove_task
from app.environments.operations.tasks import publish_folder, publish_upload
from app.environments.operations.using import (
    StillAsleep,
    claim_token,
    disagreements,
    execute,
    follow_instance,
    logs_of,
    verify,
)

__all__ = [
    "StillAsleep",
    "bring_up",
    "claim_token",
    "create_environment",
    "disagreements",
    "erase_logs",
    "erase_tasks",
    "execute",
    "expire_environments",
    "follow_command",
    "follow_instance",
    "keep_warm",
    "logs_of",
    "publish_folder",
    "publish_upload",
    "remove_environment",
    "remove_left_over",
    "remove_task",
    "take_all_down",
    "tear_down",
    "verify",
]
