"""What requests announce."""

from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import User
from app.requests.models import Activity, ProductRequest, RequestStatus, WorkflowAction


@dataclass(frozen=True)
class RequestFiled:
    """Somebody asked for something."""

    request: ProductRequest
    by: User


@dataclass(frozen=True)
class RequestMoved:
    """A request went from one state to another, or an action on it was recorded."""

    request: ProductRequest
    action: WorkflowAction
    before: RequestStatus
    by: User | None
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RequestPutBack:
    """A development session ended badly; the request is where it came from."""

    request: ProductRequest
    reason: str


@dataclass(frozen=True)
class RequestAssigned:
    """Somebody is to work on a request, or nobody any more."""

    request: ProductRequest
    by: User


@dataclass(frozen=True)
class Commented:
    """Somebody said something of a request, or changed what they had said."""

    comment: Activity
    by: User
    mentioned: list[User]
    told: tuple[User, ...] = ()
    is_new: bool = True
