"""What happened to a request and what people said of it, as one feed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.accounts.models import User
from app.desk import words
from app.requests.models import Activity, ActivityType, Attachment, Delivery, ProductRequest, WorkflowAction
from app.requests.pins import line_of, pins_of
from app.requests.queries import attachments_of, story_of
from app.reviews.queries import words_of

SHOWN = 40
_SAID = ("feedback", "reason")
_LINKED = frozenset({"commentId", "duplicateId"})
_DRAWN: dict[str, tuple[str, str]] = {
    WorkflowAction.START_INTERVIEW: ("message-circle-question-mark", "waiting"),
    WorkflowAction.COMPLETE_INTERVIEW: ("list-checks", "ready"),
    WorkflowAction.RESET_INTERVIEW: ("rotate-ccw", "neutral"),
    WorkflowAction.ALLOW_DEVELOPMENT: ("thumbs-up", "ready"),
    WorkflowAction.START_DEVELOPMENT: ("hammer", "running"),
    WorkflowAction.COMPLETE_DEVELOPMENT: ("hammer", "ready"),
    WorkflowAction.PREVIEW_READY: ("play", "ready"),
    WorkflowAction.REQUEST_CHANGES: ("undo-2", "waiting"),
    WorkflowAction.APPROVE: ("thumbs-up", "ready"),
    WorkflowAction.CREATE_PR: ("git-pull-request", "running"),
    WorkflowAction.MERGE: ("git-merge", "ready"),
    WorkflowAction.CLOSE_PR: ("git-pull-request", "neutral"),
    WorkflowAction.CANCEL: ("circle-slash", "neutral"),
    WorkflowAction.REOPEN: ("rotate-ccw", "neutral"),
}
_DELIVERED: dict[str, tuple[str, str]] = {
    Delivery.LIVE: ("circle-check", "ready"),
    Delivery.FAILED: ("circle-x", "failed"),
    Delivery.HELD: ("history", "neutral"),
}
_BY_TYPE: dict[ActivityType, tuple[str, str]] = {
    ActivityType.STATUS_CHANGE: ("circle-dot", "neutral"),
    ActivityType.ASSIGNMENT: ("user-check", "neutral"),
    ActivityType.LABEL: ("tag", "neutral"),
    ActivityType.INTERVIEW: ("message-circle-question-mark", "neutral"),
    ActivityType.SPEC: ("file-text", "neutral"),
    ActivityType.DEVELOPMENT: ("hammer", "neutral"),
    ActivityType.PREVIEW: ("monitor", "neutral"),
    ActivityType.REVIEW: ("thumbs-up", "neutral"),
    ActivityType.PR: ("git-pull-request", "neutral"),
    ActivityType.SYSTEM: ("pencil", "neutral"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the feed."""

    id: UUID
    is_comment: bool
    who: str | None
    moment: datetime
    text: str
    said: str | None
    icon: str
    tone: str
    commit: str | None
    pins: list[str]
    page: str | None
    url: str | None
    files: list[Attachment]


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The end of a request's story, or all of it."""

    entries: list[Entry]
    has_more: bool


def feed_of(request: ProductRequest, *, user: User, whole: bool = False) -> Feed:
    """Return what happened to a request, oldest first; the last entries, or all."""
    found = story_of(request, None if whole else SHOWN + 1)
    shown = found if whole else found[:SHOWN]
    files, remarks = attachments_of(request), words_of(_remarks(shown))
    plain = words.is_plain_to(user, request)
    entries = list(entries_of(reversed(shown), plain=plain, files=files, remarks=remarks))
    return Feed(entries=entries, has_more=len(found) > len(shown))


def _remarks(activities: Iterable[Activity]) -> list[UUID]:
    """Return which comments on lines are spoken of."""
    return [UUID(each.payload["commentId"]) for each in activities if each.payload.get("commentId")]


def entries_of(
    activities: Iterable[Activity],
    *,
    plain: bool,
    files: Sequence[Attachment] = (),
    remarks: Mapping[str, str] = MappingProxyType({}),
) -> Iterable[Entry]:
    """Write activities as lines, with what came with each; in plain words there are no commits."""
    for activity in activities:
        icon, tone = _look(activity)
        yield Entry(
            id=activity.id,
            is_comment=activity.type is ActivityType.COMMENT,
            who=_who(activity),
            moment=activity.created_at,
            text=activity.text if not plain else _in_plain_words(activity),
            said=remarks.get(str(activity.payload.get("commentId"))) or _said(activity.payload, plain=plain),
            icon=icon,
            tone=tone,
            commit=None if plain else str(activity.payload.get("commitSha") or "")[:10] or None,
            pins=[line_of(pin) for pin in pins_of(activity.payload)],
            page=activity.payload.get("page") if activity.payload.get("asked") else None,
            url=activity.payload.get("url") if _LINKED & activity.payload.keys() else None,
            files=[each for each in files if each.activity_id == activity.id],
        )


def _look(activity: Activity) -> tuple[str, str]:
    if activity.type is ActivityType.SYSTEM and activity.text == "asked for this":
        return "plus", "neutral"
    if activity.type is ActivityType.DEVELOPMENT and activity.payload.get("reason"):
        return "circle-x", "failed"
    if activity.payload.get("delivery"):
        return _DELIVERED[activity.payload["delivery"]]
    if activity.payload.get("commentId"):
        return "message-square", "neutral"
    return _DRAWN.get(str(activity.payload.get("action")), _BY_TYPE.get(activity.type, ("circle", "neutral")))


def _who(activity: Activity) -> str | None:
    """Return who did it; what the system did by itself carries the house's name where a name is needed."""
    if activity.actor is not None:
        return activity.actor.name
    return "Greenroom" if activity.text[:1].islower() else None


def _said(payload: dict[str, Any], *, plain: bool) -> str | None:
    """Return what was said with a step; why something did not go live is for those who mend it."""
    if payload.get("action") is None and (plain or payload.get("delivery") is None):
        return None
    if payload.get("unticked"):
        return _not_ticked(payload)
    return next((str(payload[name]) for name in _SAID if payload.get(name)), None)


def _not_ticked(payload: dict[str, Any]) -> str:
    """Say what somebody accepted without having ticked it."""
    names = [str(name) for name in payload["unticked"]]
    done = len(payload.get("ticked", []))
    count = _("Ticked %(done)s of %(all)s.", done=done, all=done + len(names))
    return f"{count} {_('Accepted without a tick:')} {'; '.join(names)}"


def _in_plain_words(activity: Activity) -> str:
    """Spare the reason that a machine gave for stopping."""
    if activity.type is ActivityType.DEVELOPMENT and activity.payload.get("reason"):
        return str(_("The work ended without a result; a developer looks after it."))
    return activity.text
