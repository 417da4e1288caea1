"""What is done with apps: made, worked on in versions and files, built, put live and put back."""

from app.apps.operations.apps import (
    create_app,
    delete_app,
    edit_app,
    purge_app,
    purge_what_is_over,
    restore_app,
)
from app.apps.operations.builds import cancel_build, follow_version, make_build, start_build, sweep_artifacts
from app.apps.operations.counting import count_builds, weigh_apps
from app.apps.operations.delivery import follow_request, settle_deliveries
from app.apps.operations.deploys import deploy_build, deploy_latest, place_of, put_live
from app.apps.operations.domains import (
    attach_domain,
    check_again,
    check_domain,
    check_domains,
    detach_domain,
    look_at,
)
from app.apps.operations.endings import (
    cancel_deploy,
    follow_instance,
    remove_deploy,
    take_down,
    tell_of_failure,
)
from app.apps.operations.files import (
    create_file,
    delete_file,
    follow_push,
    note_moved,
    tell_pusher,
    update_file,
    upload_files,
)
from app.apps.operations.first_app import catch_up, deploy_head, follow_branch, make_first_app, rest
from app.apps.operations.following import follow_files, follow_saved, session_disagreements, settle_sessions
from app.apps.operations.pushes import hear_losses, hear_push
from app.apps.operations.rollback import Changes, build_before, put_back, roll_back, what_changes
from app.apps.operations.sessions import (
    boot_session,
    end_session_of,
    end_sessions_of,
    follow_session_instance,
    keep_alive,
    open_session,
    remove_session,
    stop_session,
)
from app.apps.operations.truth import disagreements
from app.apps.operations.variables import environment_of, forget_app_variable, set_app_variable
from app.apps.operations.versions import (
    delete_version,
    fork_version,
    name_version,
    purge_version,
    restore_version,
)

__all__ = [
    "Changes",
    "attach_domain",
    "boot_session",
    "build_before",
    "cancel_build",
    "cancel_deploy",
    "catch_up",
    "check_again",
    "check_domain",
    "check_domains",
    "count_builds",
    "create_app",
    "create_file",
    "delete_app",
    "delete_file",
    "delete_version",
    "deploy_build",
    "deploy_head",
    "deploy_latest",
    "detach_domain",
    "disagreements",
    "edit_app",
    "end_session_of",
    "end_sessions_of",
    "environment_of",
    "follow_branch",
    "follow_files",
    "follow_instance",
    "follow_push",
    "follow_request",
    "follow_saved",
    "follow_session_instance",
    "follow_version",
    "forget_app_variable",
    "fork_version",
    "hear_losses",
    "hear_push",
    "keep_alive",
    "look_at",
    "make_build",
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
    "roll_back",
    "session_disagreements",
    "set_app_variable",
    "settle_deliveries",
    "settle_sessions",
    "start_build",
    "stop_session",
    "sweep_artifacts",
    "take_down",
    "tell_of_failure",
    "tell_pusher",
    "update_file",
    "upload_files",
    "weigh_apps",
    "what_changes",
]
