"""What is done with apps: made, worked on in versions and files, put live, and an earlier one put back."""

from app.apps.operations.apps import (
    create_app,
    delete_app,
    edit_app,
    purge_app,
    purge_what_is_over,
    restore_app,
)
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
from app.apps.operations.files import (
    create_file,
    delete_file,
    follow_push,
    note_moved,
    update_file,
    upload_files,
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
from app.apps.operations.versions import (
    delete_version,
    fork_version,
    name_version,
    purge_version,
    restore_version,
)

__all__ = [
    "boot_session",
    "cancel_deploy",
    "catch_up",
    "count_builds",
    "create_app",
    "create_file",
    "delete_app",
    "delete_file",
    "delete_version",
    "deploy_head",
    "disagreements",
    "edit_app",
    "follow_branch",
    "follow_files",
    "follow_instance",
    "follow_push",
    "follow_request",
    "follow_session_instance",
    "follow_version",
    "fork_version",
    "keep_alive",
    "make_first_app",
    "name_version",
    "note_moved",
    "open_session",
    "place_of",
    "purge_app",
    "purge_version",
    "purge_what_is_over",
    "put_back",
    "put_live",
    "remove_deploy",
    "remove_session",
    "rest",
    "restore_app",
    "restore_version",
    "session_disagreements",
    "settle_deliveries",
    "settle_sessions",
    "stop_session",
    "tell_of_failure",
    "update_file",
    "upload_files",
]
