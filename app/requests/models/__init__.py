"""Requests, whose turn each is, what happened to it and what is said of it."""

from app.requests.models.activity import Activity
from app.requests.models.attachment import Attachment
from app.requests.models.label import Label, RequestLabel, key_of
from app.requests.models.mention import Mention
from app.requests.models.reaction import Reaction, ReactionKind
from app.requests.models.request import ProductRequest
from app.requests.models.states import (
    ACTIONS,
    REQUIRED,
    WORDS,
    ActivityType,
    Delivery,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
    WorkflowAction,
)
from app.requests.models.watch import Watch

__all__ = [
    "ACTIONS",
    "REQUIRED",
    "WORDS",
    "Activity",
    "ActivityType",
    "Attachment",
    "Delivery",
    "Label",
    "Mention",
    "ProductRequest",
    "Reaction",
    "ReactionKind",
    "RequestLabel",
    "RequestPriority",
    "RequestStatus",
    "RequestType",
    "TurnRole",
    "Watch",
    "WorkflowAction",
    "key_of",
]
