"""What happened to a request and what people said of it, as one feed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.accounts.models import User
from app.desk import words
from app.requests.mentions import marks_of
from app.requests.models import Activity, ActivityType, Attachment, Delivery, ProductRequest, WorkflowAction
from app.requests.permissions import can_change_comment, can_remove_comment
from app.requests.pins import line_of, pins_of
from app.requests.queries import Tally, attachments_of, mentioned_in, reactions_to, story_of
from app.reviews.queries import words_of

SHOWN = 40
MOST_EARLIER = 250
_SAID = ("feedback", "reason")
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
    comment: Activity | None
    strong: re.Pattern[str] | None
    reactions: list[Tally]
    may_change: bool
    may_remove: bool


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The end of a request's story, or all of it."""

    entries: list[Entry]
    has_more: bool
    earlier: int


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What belongs to the comments of a feed: files, whom they speak to, and how people reacted."""

    user: User | None = None
    files: Sequence[Attachment] = ()
    mentioned: Mapping[UUID, Sequence[User]] = field(default_factory=dict)
    reactions: Mapping[UUID | None, list[Tally]] = field(default_factory=dict)


def feed_of(request: ProductRequest, *, user: User, earlier: int = 0, whole: bool = False) -> Feed:
    """Return what happened to a request, oldest first: the last entries, earlier ones too, or all."""
    most = SHOWN * (1 + min(max(earlier, 0), MOST_EARLIER))
    found = story_of(request, None if whole else most + 1)
    shown = found if whole else found[:most]
    talk = Talk(
        user=user,
        files=attachments_of(request),
        mentioned=mentioned_in([each.id for each in shown if each.type is ActivityType.COMMENT]),
        reactions=reactions_to(request),
    )
    plain = words.is_plain_to(user, request)
    entries = list(entries_of(reversed(shown), plain=plain, remarks=words_of(_remarks(shown)), talk=talk))
    return Feed(entries=entries, has_more=len(found) > len(shown), earlier=earlier)


def _remarks(activities: Iterable[Activity]) -> list[UUID]:
    """Return which comments on lines are spoken of."""
    return [UUID(each.payload["commentId"]) for each in activities if each.payload.get("commentId")]


def entries_of(
    activities: Iterable[Activity],
    *,
    plain: bool,
    remarks: Mapping[str, str] = MappingProxyType({}),
    talk: Talk | None = None,
) -> Iterable[Entry]:
    """Write activities as lines, with what came with each; in plain words there are no commits."""
    talk = talk or Talk()
    for activity in activities:
        icon, tone = _look(activity)
        is_comment = activity.type is ActivityType.COMMENT and activity.removed_at is None
        yield Entry(
            id=activity.id,
            is_comment=is_comment,
            who=_who(activity),
            moment=activity.created_at,
            text=_in_plain_words(activity) if plain else _text(activity),
            said=remarks.get(str(activity.payload.get("commentId"))) or _said(activity.payload, plain=plain),
            icon=icon,
            tone=tone,
            commit=None if plain else str(activity.payload.get("commitSha") or "")[:10] or None,
            pins=[line_of(pin) for pin in pins_of(activity.payload)],
            page=activity.payload.get("page") if activity.payload.get("asked") else None,
            url=activity.payload.get("url") if activity.payload.get("commentId") else None,
            files=[each for each in talk.files if each.activity_id == activity.id],
            comment=activity if is_comment else None,
            strong=marks_of(talk.mentioned.get(activity.id, ())),
            reactions=talk.reactions.get(activity.id, []),
            may_change=is_comment and talk.user is not None and can_change_comment(talk.user, activity),
            may_remove=is_comment and talk.user is not None and can_remove_comment(talk.user, activity),
        )


def _look(activity: Activity) -> tuple[str, str]:
    if activity.removed_at is not None:
        return "message-square", "neutral"
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


def _text(activity: Activity) -> str:
    """Return what is told; of words that were taken back only that there were some."""
    if activity.removed_at is None:
        return activity.text
    by_themselves = activity.payload.get("removedBy") == str(activity.actor_id)
    return str(
        _("said something and took it back") if by_themselves else _("said something; an admin removed it")
    )


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
    return _text(activity)
