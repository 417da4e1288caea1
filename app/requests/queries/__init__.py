"""Reads of requests, each for somebody."""

from app.requests.queries.attachments import (
    attachment_in,
    attachments_kept,
    attachments_of,
    digests_known,
    handed_in,
)
from app.requests.queries.board import card_in, columns_on, counts_on, first_position, listed_on, mark_of
from app.requests.queries.branches import (
    branches_asked_for,
    live_requests_merged_as,
    merged_requests_not_live,
    open_requests_on_branch,
    open_requests_with_branch,
    requests_merged_as,
)
from app.requests.queries.counting import all_requests_of, bytes_attached, count_filed, is_at_work
from app.requests.queries.story import activity_of, activity_of_type, last_step, recent_activity, story_of
from app.requests.queries.turns import (
    approvers_of,
    count_waiting_for,
    makers_of,
    requested_by,
    starters_of,
    waiting_for,
    waiting_to_start,
)
from app.requests.queries.visible import (
    Filters,
    found_by,
    found_quickly,
    request_numbered,
    request_visible_to,
    requests_on,
    requests_visible_to,
    without_more,
)

__all__ = [
    "Filters",
    "activity_of",
    "activity_of_type",
    "all_requests_of",
    "approvers_of",
    "attachment_in",
    "attachments_kept",
    "attachments_of",
    "branches_asked_for",
    "bytes_attached",
    "card_in",
    "columns_on",
    "count_filed",
    "count_waiting_for",
    "counts_on",
    "digests_known",
    "first_position",
    "found_by",
    "found_quickly",
    "handed_in",
    "is_at_work",
    "last_step",
    "listed_on",
    "live_requests_merged_as",
    "makers_of",
    "mark_of",
    "merged_requests_not_live",
    "open_requests_on_branch",
    "open_requests_with_branch",
    "recent_activity",
    "request_numbered",
    "request_visible_to",
    "requested_by",
    "requests_merged_as",
    "requests_on",
    "requests_visible_to",
    "starters_of",
    "story_of",
    "waiting_for",
    "waiting_to_start",
    "without_more",
]
