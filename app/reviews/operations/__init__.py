"""What is done in a review: accept, ask for changes, offer for merging, merge."""

from app.reviews.operations.merges import settle, settle_merged
from app.reviews.operations.pull_requests import (
    check_pull_request,
    close_pull_request,
    create_pull_request,
    follow_branch,
    follow_request,
    merge,
    open_and_merge,
    release,
    withdraw_outdated,
)
from app.reviews.operations.questions import ask
from app.reviews.operations.taking_in import take_main_in
from app.reviews.operations.threads import (
    LONGEST_COMMENT,
    answer,
    change_comment,
    comment_on_lines,
    resolve,
    take_back,
)
from app.reviews.operations.truth import disagreements
from app.reviews.operations.undoing import undo
from app.reviews.operations.verdicts import LONGEST_FEEDBACK, approve, request_changes

__all__ = [
    "LONGEST_COMMENT",
    "LONGEST_FEEDBACK",
    "answer",
    "approve",
    "ask",
    "change_comment",
    "check_pull_request",
    "close_pull_request",
    "comment_on_lines",
    "create_pull_request",
    "disagreements",
    "follow_branch",
    "follow_request",
    "merge",
    "open_and_merge",
    "release",
    "request_changes",
    "resolve",
    "settle",
    "settle_merged",
    "take_back",
    "take_main_in",
    "undo",
    "withdraw_outdated",
]
