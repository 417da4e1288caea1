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
from app.apps.operations.following import follow_files, follow_version, session_disagreements, settle_sessions
from app.apps.operations.sessions import (
    boot_session,
    follow_session_instance,
    keep_alive,
    open_session,
    remove_session,
    stop_session,
)
from app.apps.operations.truth import disagreements

__all__ = [
    "boot_session",
    "cancel_deploy",
    "catch_up",
    "count_builds",
    "deploy_head",
    "disagreements",
    "follow_branch",
    "follow_files",
    "follow_instance",
    "follow_request",
    "follow_session_instance",
    "follow_version",
    "keep_alive",
    "make_first_app",
    "open_session",
    "place_of",
    "put_back",
    "put_live",
    "remove_deploy",
    "remove_session",
    "rest",
    "session_disagreements",
    "settle_deliveries",
    "settle_sessions",
    "stop_session",
    "tell_of_failure",
]
