"""What the endpoints of environments share: where they are, how they answer, and errors of their own."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, request

from app.core.errors import DomainError, Invalid, NotFound
from app.core.installation import installation
from app.environments.schemas import Trouble
from app.organizations.models import Organization
from app.organizations.queries import organization_of
from app.projects.models import Project
from app.projects.queries import project_at
from app.web.api import endpoint
from app.web.errors import speak_as
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("environments_api", __name__)
View = TypeVar("View", bound=Callable[..., Any])

ORGANIZATION = "/v1/org/<given:org>"
WORKSPACE = f"{ORGANIZATION}/ws/<given:workspace>"
_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "payload_too_large_error",
    422: "validation_error",
    426: "upgrade_required_error",
    429: "rate_limit_error",
    500: "internal_error",
    502: "bad_gateway_error",
    503: "unavailable_error",
    504: "timeout_error",
}
_ALWAYS = (409, 422, 426, 429, 500, 502, 504)  # what clients of this API are prepared for
_CLIENT = re.compile(r"([A-Za-z][\w.-]*)/(\d+(?:\.\d+)*)")


class UpgradeRequired(DomainError):
    """The client is older than what is answered here."""

    status = 426
    type = "upgrade_required"


def operation(method: str, path: str, *, errors: tuple[int, ...] = (), **more: Any) -> Callable[[View], View]:
    """Declare an operation of this API: bare bodies, and its own errors."""
    return endpoint(
        blueprint,
        method,
        path,
        family="environments",
        enveloped=False,
        trouble=Trouble,
        errors=(*_ALWAYS, *errors),
        **more,
    )


def organization_at(org: str) -> Organization:
    """Load the organization of an address, for one of its members."""
    try:
        return load_or_404(organization_of(me(), slug=org))
    except NotFound:
        raise NotFound(f"Organization not found: {org}") from None


def workspace_at(org: str, workspace: str) -> Project:
    """Load the project that an address calls a workspace, where the caller may see it."""
    organization_at(org)
    try:
        return load_or_404(project_at(me(), org, workspace))
    except NotFound:
        raise NotFound(f"Workspace not found: {org}/{workspace}") from None


@blueprint.before_request
def refuse_old_clients() -> None:
    """Answer no client that is older than the installation says."""
    for name, version in _CLIENT.findall(request.headers.get("User-Agent", "")):
        oldest = installation().oldest_clients.get(name.lower())
        if oldest is not None and tuple(map(int, version.split("."))) < oldest:
            wanted = ".".join(map(str, oldest))
            raise UpgradeRequired(
                f"{name} {version} is too old for this installation. Install {wanted} or newer."
            )


def _speak(status: int, message: str, trouble: DomainError | None) -> tuple[int, dict[str, Any]]:
    """Say an error as clients of this API know it."""
    said: dict[str, Any] = {"code": status, "detail": message, "type": _TYPES.get(status, "error")}
    if isinstance(trouble, Invalid) and trouble.errors:
        said["errors"] = trouble.errors
        first = trouble.errors[0]
        if first["msg"] not in message:  # there are clients that show the detail alone
            place = "".join(f"{part}: " for part in first["loc"][1:])
            said["detail"] = f"{message} {place}{first['msg']}"
    return status, said


speak_as(blueprint.name, _speak)
