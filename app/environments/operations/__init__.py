"""What is done with tasks and environments."""

from app.environments.operations.bringing_up import bring_up
from app.environments.operations.making import (
    create_environment,
    expire_environments,
    remove_environment,
    take_all_down,
    tear_down,
)
from app.environments.operations.tasks import publish_folder, publish_upload
from app.environments.operations.using import (
    claim_token,
    disagreements,
    execute,
    follow_instance,
    logs_of,
    verify,
)

__all__ = [
    "bring_up",
    "claim_token",
    "create_environment",
    "disagreements",
    "execute",
    "expire_environments",
    "follow_instance",
    "logs_of",
    "publish_folder",
    "publish_upload",
    "remove_environment",
    "take_all_down",
    "tear_down",
    "verify",
]
