"""What is done with previews: build one, show it, take it down; everything that ends one ends here."""

from app.previews.operations.builds import DAYS_UP, build_preview, start_preview
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
from app.previews.operations.truth import disagreements

__all__ = [
    "DAYS_UP",
    "build_preview",
    "cancel_preview",
    "check",
    "check_preview",
    "disagreements",
    "expire_previews",
    "fail",
    "follow_branch",
    "follow_instance",
    "follow_request",
    "invite_to_try",
    "place_of",
    "remove_preview",
    "start_preview",
    "take_down",
    "take_preview_down",
    "tell_of_failure",
]
