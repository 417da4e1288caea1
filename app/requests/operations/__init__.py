"""What is done with requests: file, edit, assign, move along the road, record what happened."""

from app.requests.operations.approvals import (
    allow_development,
    follow_member,
    follow_policy,
    why_not_allowed,
)
from app.requests.operations.attachments import (
    add_files,
    attach,
    disagreements,
    give,
    refusal,
    remove_file,
    sweep_files,
    take_in,
)
from app.requests.operations.branches import note_commit, tell_pusher
from app.requests.operations.comments import change_comment, comment, remove_comment
from app.requests.operations.delivery import note_failed, note_held, note_live, note_under_way
from app.requests.operations.feed import keep_edits, record
from app.requests.operations.filing import (
    adopt_branch,
    arrange,
    assign,
    drop,
    edit_request,
    file_request,
    reopen,
)
from app.requests.operations.labels import (
    add_label,
    change_label,
    create_label,
    delete_label,
    label_request,
    remove_label,
)
from app.requests.operations.reactions import react
from app.requests.operations.road import move, must_be_open, put_back, request_of
from app.requests.operations.turns import hand_to
from app.requests.operations.watching import watch

__all__ = [
    "add_files",
    "add_label",
    "adopt_branch",
    "allow_development",
    "arrange",
    "assign",
    "attach",
    "change_comment",
    "change_label",
    "comment",
    "create_label",
    "delete_label",
    "disagreements",
    "drop",
    "edit_request",
    "file_request",
    "follow_member",
    "follow_policy",
    "give",
    "hand_to",
    "keep_edits",
    "label_request",
    "move",
    "must_be_open",
    "note_commit",
    "note_failed",
    "note_held",
    "note_live",
    "note_under_way",
    "put_back",
    "react",
    "record",
    "refusal",
    "remove_comment",
    "remove_file",
    "remove_label",
    "reopen",
    "request_of",
    "sweep_files",
    "take_in",
    "tell_pusher",
    "watch",
    "why_not_allowed",
]
