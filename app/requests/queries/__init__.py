"""Reads of requests, each for somebody."""

from app.requests.queries.archive import projects_that_tidy_up, untouched_since
from app.requests.queries.attachments import (
    attachment_in,
    attachments_kept,
    attachments_of,
    digests_known,
    handed_in,
)
from app.requests.queries.board import (
    card_in,
    column_of,
    columns_on,
    counts_on,
    first_position,
    listed_on,
    mark_of,
    place_in_column,
)
from app.requests.queries.branches import (
    branches_asked_for,
    live_requests_merged_as,
    merged_requests_not_live,
    open_requests_on_branch,
    open_requests_with_branch,
    requests_merged_as,
)
from app.requests.queries.intake import count_unsorted, intake_by, intake_of
from app.requests.queries.saved_views import view_for, views_for, views_shown_to
from app.requests.queries.search import Glimpse, found_by, found_quickly, glimpses
from app.requests.queries.similar import similar_to
from app.requests.queries.sorting import Sort
from app.requests.queries.steps import step_in, steps_of
from app.requests.queries.story import activity_of, activity_of_type, last_step, recent_activity, story_of
from app.requests.queries.tallies import Tally, tallies_of, tally_of
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
    blockers_visible_to,
    one_called,
    one_visible_to,
    request_numbered,
    request_visible_to,
    requests_on,
    requests_visible_to,
    without_more,
)
from app.requests.queries.votes import vote_by, votes_of
from app.requests.queries.waits import (
    askers_of,
    count_comments,
    duplicates_of,
    waiting_for_request,
    waits_in,
    with_blockers,
)

__all__ = [
    "Filters",
    "Glimpse",
    "Sort",
    "Tally",
    "activity_of",
    "activity_of_type",
    "approvers_of",
    "askers_of",
    "attachment_in",
    "attachments_kept",
    "attachments_of",
    "blockers_visible_to",
    "branches_asked_for",
    "card_in",
    "column_of",
    "columns_on",
    "count_comments",
    "count_unsorted",
    "count_waiting_for",
    "counts_on",
    "digests_known",
    "duplicates_of",
    "first_position",
    "found_by",
    "found_quickly",
    "glimpses",
    "handed_in",
    "intake_by",
    "intake_of",
    "last_step",
    "listed_on",
    "live_requests_merged_as",
    "makers_of",
    "mark_of",
    "merged_requests_not_live",
    "one_called",
    "one_visible_to",
    "open_requests_on_branch",
    "open_requests_with_branch",
    "place_in_column",
    "projects_that_tidy_up",
    "recent_activity",
    "request_numbered",
    "request_visible_to",
    "requested_by",
    "requests_merged_as",
    "requests_on",
    "requests_visible_to",
    "similar_to",
    "starters_of",
    "step_in",
    "steps_of",
    "story_of",
    "tallies_of",
    "tally_of",
    "untouched_since",
    "view_for",
    "views_for",
    "views_shown_to",
    "vote_by",
    "votes_of",
    "waiting_for",
    "waiting_for_request",
    "waiting_to_start",
    "waits_in",
    "with_blockers",
    "without_more",
]
