"""What is done with requests: file, edit, assign, move along the road, record what happened."""

from app.requests.operations.branches import note_commit, tell_pusher
from app.requests.operations.feed import comment, record
from app.requests.operations.filing import arrange, assign, drop, edit_request, file_request, reopen
from app.requests.operations.road import move, must_be_open, put_back, request_of
from app.requests.operations.turns import hand_to

__all__ = [
    "arrange",
    "assign",
    "comment",
    "drop",
    "edit_request",
    "file_request",
    "hand_to",
    "move",
    "must_be_open",
    "note_commit",
    "put_back",
    "record",
    "reopen",
    "request_of",
    "tell_pusher",
]
