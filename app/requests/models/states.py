"""Where a request may stand, what moves it, and whose turn it can be."""

from collections.abc import Mapping
from enum import StrEnum


class RequestType(StrEnum):
    """What kind of thing is asked for."""

    FEATURE = "feature"
    ENHANCEMENT = "enhancement"
    BUG = "bug"
    CHORE = "chore"


class RequestPriority(StrEnum):
    """How urgent it is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class RequestStatus(StrEnum):
    """Where a request stands on its road."""

    DRAFT = "draft"
    INTERVIEWING = "interviewing"
    READY = "ready"
    IN_DEVELOPMENT = "in_development"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    PR_OPEN = "pr_open"
    MERGED = "merged"
    CANCELLED = "cancelled"


class Delivery(StrEnum):
    """How far a merged request is on its way to those who use the app."""

    HELD = "held"
    UNDER_WAY = "under_way"
    FAILED = "failed"
    LIVE = "live"


class WorkflowAction(StrEnum):
    """What moves a request, or is recorded of it."""

    START_INTERVIEW = "start_interview"
    COMPLETE_INTERVIEW = "complete_interview"
    ALLOW_DEVELOPMENT = "allow_development"
    START_DEVELOPMENT = "start_development"
    COMPLETE_DEVELOPMENT = "complete_development"
    PREVIEW_READY = "preview_ready"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    CREATE_PR = "create_pr"
    MERGE = "merge"
    CLOSE_PR = "close_pr"
    CANCEL = "cancel"
    REOPEN = "reopen"
    RESET_INTERVIEW = "reset_interview"


class TurnRole(StrEnum):
    """Whose turn it is."""

    REQUESTER = "requester"
    DEVELOPER = "developer"
    APPROVER = "approver"
    SYSTEM = "system"
    NOBODY = "nobody"


class ActivityType(StrEnum):
    """What an entry of the feed is about."""

    STATUS_CHANGE = "status_change"
    COMMENT = "comment"
    ASSIGNMENT = "assignment"
    LABEL = "label"
    INTERVIEW = "interview"
    SPEC = "spec"
    DEVELOPMENT = "development"
    PREVIEW = "preview"
    REVIEW = "review"
    PR = "pr"
    SYSTEM = "system"


S, A = RequestStatus, WorkflowAction
ACTIONS: Mapping[WorkflowAction, Mapping[RequestStatus, RequestStatus]] = {
    A.START_INTERVIEW: {S.DRAFT: S.INTERVIEWING},
    A.COMPLETE_INTERVIEW: {S.DRAFT: S.READY, S.INTERVIEWING: S.READY},
    A.ALLOW_DEVELOPMENT: {S.READY: S.READY},
    A.START_DEVELOPMENT: {S.READY: S.IN_DEVELOPMENT, S.CHANGES_REQUESTED: S.IN_DEVELOPMENT},
    A.COMPLETE_DEVELOPMENT: {S.IN_DEVELOPMENT: S.IN_REVIEW},
    A.PREVIEW_READY: {S.IN_REVIEW: S.IN_REVIEW},
    A.APPROVE: {S.IN_REVIEW: S.IN_REVIEW},
    A.REQUEST_CHANGES: {S.IN_REVIEW: S.CHANGES_REQUESTED, S.PR_OPEN: S.CHANGES_REQUESTED},
    A.CREATE_PR: {S.IN_REVIEW: S.PR_OPEN},
    A.MERGE: {S.PR_OPEN: S.MERGED},
    A.CLOSE_PR: {S.PR_OPEN: S.IN_REVIEW},
    A.CANCEL: {status: S.CANCELLED for status in S if status not in {S.MERGED, S.CANCELLED}},
    A.REOPEN: {S.CANCELLED: S.DRAFT},
    A.RESET_INTERVIEW: {S.READY: S.DRAFT},
}
OPEN: Mapping[RequestStatus, tuple[WorkflowAction, ...]] = {
    status: tuple(action for action, steps in ACTIONS.items() if status in steps) for status in S
}
REQUIRED: Mapping[WorkflowAction, tuple[str, ...]] = {
    A.REQUEST_CHANGES: ("feedback",),
    A.CANCEL: ("reason",),
}
WORDS: Mapping[WorkflowAction, str] = {
    A.START_INTERVIEW: "started the questions",
    A.COMPLETE_INTERVIEW: "accepted how it will be checked",
    A.RESET_INTERVIEW: "went back to the questions",
    A.ALLOW_DEVELOPMENT: "said yes to it",
    A.START_DEVELOPMENT: "started the work",
    A.COMPLETE_DEVELOPMENT: "finished the work",
    A.PREVIEW_READY: "made it ready to try",
    A.APPROVE: "accepted it",
    A.REQUEST_CHANGES: "asked for changes",
    A.CREATE_PR: "opened the merge",
    A.MERGE: "merged it",
    A.CLOSE_PR: "closed the merge without merging",
    A.CANCEL: "dropped it",
    A.REOPEN: "took it up again",
}
"""What somebody did who took a step, as the feed and the inbox tell it."""


def moves_of_requests() -> dict[RequestStatus, frozenset[RequestStatus]]:
    moves: dict[RequestStatus, set[RequestStatus]] = {status: set() for status in S}
    for steps in ACTIONS.values():
        for before, after in steps.items():
            moves[before].add(after)
    moves[S.IN_DEVELOPMENT] |= {S.READY, S.CHANGES_REQUESTED}  # a session that ended badly
    moves[S.INTERVIEWING] |= {S.DRAFT}  # questions begun anew
    return {status: frozenset(targets) for status, targets in moves.items()}
