"""Requests, whose turn each is, and what happened to it."""

from app.requests.models.activity import Activity
from app.requests.models.attachment import Attachment
from app.requests.models.request import ProductRequest
from app.requests.models.searched import COMMENT, REQUEST, SEARCHED
from app.requests.models.states import (
    ACTIONS,
    REQUIRED,
    ActivityType,
    Delivery,
    RequestPriority,
    RequestStatus,
    RequestType,
    TurnRole,
    WorkflowAction,
)

__all__ = [
    "ACTIONS",
    "COMMENT",
    "REQUEST",
    "REQUIRED",
    "SEARCHED",
    "Activity",
    "ActivityType",
    "Attachment",
    "Delivery",
    "ProductRequest",
    "RequestPriority",
    "RequestStatus",
    "RequestType",
    "TurnRole",
    "WorkflowAction",
]
