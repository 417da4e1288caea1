"""Requests, whose turn each is, and what happened to it."""

from app.requests.models.activity import Activity
from app.requests.models.attachment import Attachment
from app.requests.models.intake_link import IntakeLink
from app.requests.models.request import ProductRequest
from app.requests.models.saved_view import SavedView
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
from app.requests.models.step import RequestStep
from app.requests.models.vote import Vote
from app.requests.models.waits import request_waits

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
    "IntakeLink",
    "ProductRequest",
    "RequestPriority",
    "RequestStatus",
    "RequestStep",
    "RequestType",
    "SavedView",
    "TurnRole",
    "Vote",
    "WorkflowAction",
    "request_waits",
]
