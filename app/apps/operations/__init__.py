"""What is done with apps: make a project's first one, put its main branch live, put an earlier one back."""

from app.apps.operations.counting import count_builds
from app.apps.operations.delivery import follow_request, settle_deliveries
from app.apps.operations.deploys import (
    cancel_deploy,
    follow_instance,
    place_of,
    put_live,
    remove_deploy,
    tell_of_failure,
)
from app.apps.operations.first_app import catch_up, deploy_head, follow_branch, make_first_app, put_back, rest
from app.apps.operations.truth import disagreements

__all__ = [
    "cancel_deploy",
    "catch_up",
    "count_builds",
    "deploy_head",
    "disagreements",
    "follow_branch",
    "follow_instance",
    "follow_request",
    "make_first_app",
    "place_of",
    "put_back",
    "put_live",
    "remove_deploy",
    "rest",
    "settle_deliveries",
    "tell_of_failure",
]
