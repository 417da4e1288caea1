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
from app.requests.operations.comments import comment
from app.requests.operations.counting import count_filed, weigh_attachments
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
from app.requests.operations.road import move, must_be_open, put_back, request_of
from app.requests.operations.turns import hand_to

__all__ = [
    "add_files",
    "adopt_branch",
    "allow_development",
    "arrange",
    "assign",
    "attach",
    "comment",
    "count_filed",
    "disagreements",
    "drop",
    "edit_request",
    "file_request",
    "follow_member",
    "follow_policy",
    "give",
    "hand_to",
    "keep_edits",
    "move",
    "must_be_open",
    "note_commit",
    "note_failed",
    "note_held",
    "note_live",
    "note_under_way",
    "put_back",
    "record",
    "refusal",
    "remove_file",
    "reopen",
    "request_of",
    "sweep_files",
    "take_in",
    "tell_pusher",
    "weigh_attachments",
    "why_not_allowed",
]
