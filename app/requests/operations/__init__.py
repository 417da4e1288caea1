"""What is done with requests: file, edit, assign, move along the road, record what happened."""

from app.requests.operations.approvals import (
    allow_development,
    follow_member,
    follow_policy,
    why_not_allowed,
)
from app.requests.operations.archive import archive, archive_stale, unarchive
from app.requests.operations.arranging import Place, arrange, shift
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
from app.requests.operations.counting import count_filed, weigh_attachments
from app.requests.operations.delivery import note_failed, note_held, note_live, note_under_way
from app.requests.operations.duplicates import merge_into
from app.requests.operations.feed import keep_edits, record
from app.requests.operations.filing import (
    adopt_branch,
    assign,
    drop,
    edit_request,
    file_request,
    reopen,
)
from app.requests.operations.handing_over import hand_over, unassign
from app.requests.operations.intake import Lasting, adopt, close_intake, open_intake, take_wish
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
from app.requests.operations.saved_views import change_view, remove_view, save_view
from app.requests.operations.steps import add_step, change_step, remove_step
from app.requests.operations.turns import hand_to
from app.requests.operations.votes import take_vote_back, vote
from app.requests.operations.waits import (
    called,
    follow_blocker,
    must_not_wait,
    stop_waiting,
    wait_for,
    why_it_waits,
)
from app.requests.operations.watching import watch

__all__ = [
    "Lasting",
    "Place",
    "add_files",
    "add_label",
    "add_step",
    "adopt",
    "adopt_branch",
    "allow_development",
    "archive",
    "archive_stale",
    "arrange",
    "assign",
    "attach",
    "called",
    "change_comment",
    "change_label",
    "change_step",
    "change_view",
    "close_intake",
    "comment",
    "count_filed",
    "create_label",
    "delete_label",
    "disagreements",
    "drop",
    "edit_request",
    "file_request",
    "follow_blocker",
    "follow_member",
    "follow_policy",
    "give",
    "hand_over",
    "hand_to",
    "keep_edits",
    "label_request",
    "merge_into",
    "move",
    "must_be_open",
    "must_not_wait",
    "note_commit",
    "note_failed",
    "note_held",
    "note_live",
    "note_under_way",
    "open_intake",
    "put_back",
    "react",
    "record",
    "refusal",
    "remove_comment",
    "remove_file",
    "remove_label",
    "remove_step",
    "remove_view",
    "reopen",
    "request_of",
    "save_view",
    "shift",
    "stop_waiting",
    "sweep_files",
    "take_in",
    "take_vote_back",
    "take_wish",
    "tell_pusher",
    "unarchive",
    "unassign",
    "vote",
    "wait_for",
    "watch",
    "weigh_attachments",
    "why_it_waits",
    "why_not_allowed",
]
