"""Reads of apps, their versions and their deploys."""

from app.apps.queries.apps import apps_in_use, first_app, first_app_id, repository_of_app
from app.apps.queries.deploys import (
    deploy_of,
    deploys_of,
    deploys_on_the_way,
    folders_in_use,
    last_live,
    latest_deploy,
    live_deploy,
    newest_deploys,
    run_of,
    runs_in,
    unended,
    was_deployed,
)
from app.apps.queries.versions import default_version

__all__ = [
    "apps_in_use",
    "default_version",
    "deploy_of",
    "deploys_of",
    "deploys_on_the_way",
    "first_app",
    "first_app_id",
    "folders_in_use",
    "last_live",
    "latest_deploy",
    "live_deploy",
    "newest_deploys",
    "repository_of_app",
    "run_of",
    "runs_in",
    "unended",
    "was_deployed",
]
