"""What is done with previews: build one, show it, take it down; everything that ends one ends here."""

from app.previews.operations.branches import (
    build_branch,
    build_branch_again,
    follow_branch_instance,
    make_request_of,
    remove_branch,
    settle_branches,
    show_branch,
    tell_pusher,
)
from app.previews.operations.builds import DAYS_UP, build_preview, rebuild_open, start_preview
from app.previews.operations.counting import count_builds
from app.previews.operations.endings import (
    cancel_preview,
    expire_previews,
    fail,
    remove_preview,
    take_down,
    take_preview_down,
)
from app.previews.operations.looks import check, check_preview
from app.previews.operations.places import place_of
from app.previews.operations.reactions import (
    follow_branch,
    follow_instance,
    follow_request,
    invite_to_try,
    tell_of_failure,
)
from app.previews.operations.shares import Lasting, revoke, share, take_guest, take_link
from app.previews.operations.tending import (
    extend,
    keep_awake,
    keep_within_bounds,
    put_to_sleep,
    rebuild_what_is_missing,
    restart,
)
from app.previews.operations.truth import disagreements

__all__ = [
    "DAYS_UP",
    "Lasting",
    "build_branch",
    "build_branch_again",
    "build_preview",
    "cancel_preview",
    "check",
    "check_preview",
    "count_builds",
    "disagreements",
    "expire_previews",
    "extend",
    "fail",
    "follow_branch",
    "follow_branch_instance",
    "follow_instance",
    "follow_request",
    "invite_to_try",
    "keep_awake",
    "keep_within_bounds",
    "make_request_of",
    "place_of",
    "put_to_sleep",
    "rebuild_open",
    "rebuild_what_is_missing",
    "remove_branch",
    "remove_preview",
    "restart",
    "revoke",
    "settle_branches",
    "share",
    "show_branch",
    "start_preview",
    "take_down",
    "take_guest",
    "take_link",
    "take_preview_down",
    "tell_of_failure",
    "tell_pusher",
]
