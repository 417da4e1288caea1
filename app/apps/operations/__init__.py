"""What is done with apps: build a version, put a build live, go back, say its environment and its domain."""

from app.apps.operations.builds import build_by_itself, cancel_build, make_build, start_build, sweep_artifacts
from app.apps.operations.counting import count_builds
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
from app.apps.operations.first_app import (
    build_branch,
    catch_up,
    deploy_head,
    follow_branch,
    make_first_app,
    rest,
)
from app.apps.operations.rollback import Changes, build_before, put_back, roll_back, what_changes
from app.apps.operations.truth import disagreements
from app.apps.operations.variables import environment_of, forget_app_variable, set_app_variable

__all__ = [
    "Changes",
    "attach_domain",
    "build_before",
    "build_branch",
    "build_by_itself",
    "cancel_build",
    "cancel_deploy",
    "catch_up",
    "check_again",
    "check_domain",
    "check_domains",
    "count_builds",
    "deploy_build",
    "deploy_head",
    "deploy_latest",
    "detach_domain",
    "disagreements",
    "environment_of",
    "follow_branch",
    "follow_instance",
    "follow_request",
    "forget_app_variable",
    "look_at",
    "make_build",
    "make_first_app",
    "place_of",
    "put_back",
    "put_live",
    "remove_deploy",
    "rest",
    "roll_back",
    "set_app_variable",
    "settle_deliveries",
    "start_build",
    "sweep_artifacts",
    "take_down",
    "tell_of_failure",
    "what_changes",
]
