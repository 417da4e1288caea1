"""What every route answers to whom: one row a route, and no route without a row.

The numbers are HTTP statuses, in the order nobody (not signed in), stranger (of another organization), viewer,
requester (who asked for the request at hand), developer, admin (of the organization). Where a route is for the
admin of the whole installation, `operator` says what that one gets.

`stage` is where the request stands, `body` is what is sent: enough for whoever may do it to succeed.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.architecture.world import CREDENTIALS, World, task_archive
from tests.support.people import PASSWORD
from tests.support.pictures import PICTURE, drawing
from tests.support.road import CRITERIA

Body = dict[str, Any] | Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Decision:
    """What one route answers."""

    statuses: tuple[int, int, int, int, int, int]
    stage: str = "reviewed"
    body: Body = field(default_factory=dict)
    query: str | Callable[[World], str] = ""
    rest: str = ""
    operator: int | None = None


def row(*statuses: int, **more: Any) -> Decision:
    """Write a row of the table."""
    assert len(statuses) == 6, statuses
    return Decision(statuses, **more)


OPEN = (200, 200, 200, 200, 200, 200)
SEEN = (302, 404, 200, 200, 200, 200)  # a page of members
OWN = (302, 200, 200, 200, 200, 200)  # a page about whoever asks
READ = (401, 404, 200, 200, 200, 200)  # the same for programs
OWN_READ = (401, 200, 200, 200, 200, 200)
NOBODY_S = (404, 404, 404, 404, 404)  # something that exists for the admin of the installation alone

_ORGANIZATION = "/<organization>"
_PROJECT = "/<organization>/<project>"
_APP = "/<organization>/<project>/apps/<prefixed('app'):app_id>"
_API_APP = "/api/apps/<prefixed('app'):id>"
_EDITOR = f"{_APP}/versions/<prefixed('appver'):version_id>/edit"
_REQUEST = "/<organization>/<project>/requests/<int:number>"
_API = "/api/requests/<uuid:id>"
_OVERSEEN = "/admin/organizations/<uuid:organization_id>"
_API_OVERSEEN = "/api/admin/organizations/<uuid:id>"

_VARIABLE = {"name": "MODE", "value": "demo", "secret": "false", "audience": "preview"}
_FILE = {"path": "index.html", "content": "<h1>Hours</h1>"}
_WISH = {"title": "More light", "name": "Gil Guest"}
_FIRST = {"name": "Fay First", "email": "fay@example.com", "password": PASSWORD, "organization": "First"}


def _default_version(world: World) -> dict[str, Any]:
    """Name the version of the app that goes live, in both ways of writing it."""
    version = world.served.default_version_id
    return {"app_version_id": version, "appVersionId": version}


def _built(world: World) -> dict[str, Any]:
    return {"build": world.built.number, "buildId": world.built.id}


def _named_variable(world: World) -> dict[str, Any]:
    return {"name": world.app_variable.name}


def _host_name(world: World) -> dict[str, Any]:
    return {"hostname": f"{world.place.slug}.example.org"}


def _attached(world: World) -> dict[str, Any]:
    return {"hostname": world.domain.hostname}


def _new_person(world: World) -> dict[str, str]:
    return {"name": "Nia New", "email": f"nia{world.serial}@example.com", "password": PASSWORD}


def _criteria(_: World) -> dict[str, str]:
    return {"gherkin_criteria": CRITERIA, "agent_prompt": "Show the hours."}


def _tip(world: World) -> dict[str, str]:
    return {"commit": str(world.here.commit_sha)}


def _picture(_: World) -> dict[str, Any]:
    return {"files": (io.BytesIO(PICTURE), "door.png")}


def _version(world: World) -> dict[str, Any]:
    return {"appVersionId": world.edited.app_version_id}


def _other(world: World) -> dict[str, str]:
    return {"other": f"#{world.other.number}"}


def _other_id(world: World) -> dict[str, str]:
    return {"requestId": str(world.other.id)}


def _logo(_: World) -> dict[str, Any]:
    return {"logo": (io.BytesIO(drawing()), "logo.png")}


def _archive(world: World) -> dict[str, Any]:
    return {"archive": (io.BytesIO(world.archive), "acme.zip")}


def _branch(world: World) -> dict[str, str]:
    return {"branch": world.unasked, "title": "Something nobody asked for"}


def _branch_query(world: World) -> str:
    return f"branch={world.unasked}"


def _organization(world: World) -> str:
    return str(world.people.organization.id)


_SPEC = "/<organization>/specs/<object_id:spec_id>"
_STORY = f"{_SPEC}/stories/<int:number>"
_CODE = "/s/<given:code>"
_IDEA = {"input": "Guests can book a table.", "async": True}
_TOLD = {"title": "Book", "role": "guest", "want": "book", "benefit": "eat", "size": "M", "mark": "doing"}


def _new_label(world: World) -> dict[str, str]:
    return {"name": f"checkout {world.serial}", "color": "#1f8f5f"}


def _labelled(world: World) -> dict[str, str]:
    return {"label_id": str(world.tag.id), "on": "true"}


_REACTION = {"kind": "heart", "reacted": "true"}
_EDIT = {"0.kind": "text", "0.from": "Old words", "0.to": "New words"}

DOORS = {
    #                                         nobody stranger viewer requester developer admin
    "GET /": row(*OWN),
    "GET /sign-in": row(200, 303, 303, 303, 303, 303),
    "POST /sign-in": row(303, 303, 303, 303, 303, 303, body=CREDENTIALS),
    "POST /sign-out": row(303, 303, 303, 303, 303, 303),
    "GET /welcome/<secret>": row(*OPEN),
    # It holds once: whoever comes second finds nothing.
    "POST /welcome/<secret>": row(303, 404, 404, 404, 404, 404, body=_FIRST),
    "GET /invitations/<secret>": row(*OPEN),
    "POST /invitations/<secret>": row(303, 303, 303, 303, 303, 303, body=_new_person),
    "POST /invitations/<secret>/acceptance": row(401, 303, 409, 409, 409, 409),  # members belong already
    "GET /join/<secret>": row(*OPEN),
    "POST /join/<secret>": row(303, 303, 303, 303, 303, 303, body=_new_person),
    "POST /join/<secret>/acceptance": row(401, 303, 409, 409, 409, 409),
    "GET /profile": row(*OWN),
    "POST /profile": row(401, 303, 303, 303, 303, 303, body={"name": "Somebody", "theme": "dark"}),
    "POST /profile/password": row(401, 303, 303, 303, 303, 303, body={"current": PASSWORD, "new": PASSWORD}),
    # It is there where mail is set up; tests/accounts/test_forget_password.py goes through it there.
    "GET /forgotten-password": row(404, 404, 404, 404, 404, 404),
    "POST /forgotten-password": row(404, 404, 404, 404, 404, 404, body={"email": "rae@example.com"}),
    "GET /reset-password/<secret>": row(*OPEN),
    "POST /reset-password/<secret>": row(303, 303, 303, 303, 303, 303, body={"password": PASSWORD}),
    "POST /profile/email": row(
        401, 303, 422, 422, 422, 422, body={"email": "new@example.com", "current_password": PASSWORD}
    ),
    "GET /profile/sessions": row(*OWN),
    "POST /profile/sessions/<uuid:sign_in_id>/removal": row(401, 404, 404, 303, 404, 404),
    "POST /profile/sessions/removal": row(401, 303, 303, 303, 303, 303),
    "GET /profile/keys": row(*OWN),
    "POST /profile/keys": row(401, 201, 201, 201, 201, 201, body={"name": "laptop", "scopes": "read"}),
    "POST /profile/keys/<uuid:key_id>/revocation": row(401, 404, 404, 303, 404, 404),
    "POST /profile/keys/<uuid:key_id>/removal": row(401, 404, 404, 303, 404, 404),
    "GET /profile/notifications": row(*OWN),
    "POST /profile/notifications": row(401, 303, 303, 303, 303, 303, body={"wanted": "live"}),
    "GET /inbox": row(*OWN),
    "GET /inbox/<uuid:notification_id>": row(302, 404, 404, 303, 404, 404),
    "POST /inbox/<uuid:notification_id>/reading": row(401, 404, 404, 303, 404, 404),
    "POST /inbox/reading": row(401, 303, 303, 303, 303, 303),
    "GET /intake/<secret>": row(*OPEN),
    "POST /intake/<secret>": row(303, 303, 303, 303, 303, 303, body=_WISH),
    "GET /intake/<secret>/thanks": row(*OPEN),
    "GET /search": row(*OWN),
    "GET /palette": row(*OWN),
    "GET /open-preview": row(302, 404, 302, 302, 302, 302, query=lambda world: f"label={world.label}&path=/"),
}

KIT = {
    #                                         nobody stranger viewer requester developer admin
    "GET /static/<path:filename>": row(*OPEN),
    "GET /favicon.ico": row(*OPEN),
    "GET /healthz": row(*OPEN),
    "GET /readyz": row(503, 503, 503, 503, 503, 503),  # the suite runs no worker and no gateway
    "GET /metrics": row(*OPEN),
    "GET /api/openapi.json": row(*OPEN),
    "GET /api/docs": row(*OPEN),
    "GET /design": row(*OPEN),
    "GET /design/plain": row(*OPEN),
    "GET /design/errors/<int:status>": row(*OPEN),
}

INSTALLATION = {
    #                                         nobody stranger viewer requester developer admin
    "GET /admin/reach": row(302, 403, 403, 403, 403, 403, operator=200),
    # In the suite the environment decides, so that the form comes back with that.
    "POST /admin/reach": row(401, 403, 403, 403, 403, 403, operator=422, body={"audience": "computer"}),
    "GET /admin/failures": row(302, 403, 403, 403, 403, 403, operator=200),
    "GET /admin/deliveries": row(302, 403, 403, 403, 403, 403, operator=200),
    "GET /admin/deliveries/<uuid:delivery_id>": row(302, 404, 404, 404, 404, 404, operator=200),
    "POST /admin/deliveries/<uuid:delivery_id>/redelivery": row(401, 404, 404, 404, 404, 404, operator=303),
    "POST /admin/reach/checks": row(
        401, 403, 403, 403, 403, 403, operator=200, body={"audience": "computer"}
    ),
    "GET /admin": row(302, 403, 403, 403, 403, 403, operator=200),
    "GET /admin/audit": row(302, 403, 403, 403, 403, 403, operator=200),
    "GET /admin/audit.csv": row(302, 403, 403, 403, 403, 403, operator=200),
    "GET /admin/audit.ndjson": row(302, 403, 403, 403, 403, 403, operator=200),
    "GET /admin/mail": row(302, 403, 403, 403, 403, 403, operator=200),
    "POST /admin/mail/trial": row(401, 403, 403, 403, 403, 403, operator=409),  # none is set up there
    "GET /admin/users": row(302, 403, 403, 403, 403, 403, operator=200),
    "POST /admin/users": row(
        401, 403, 403, 403, 403, 403, operator=201, body=lambda world: {"organization_id": _organization(world)}
    ),
    "POST /admin/users/changes": row(
        401, 403, 403, 403, 403, 403, operator=303,
        body=lambda world: {"userIds": str(world.guest.id), "active": "false"},
    ),
    "GET /admin/users/<uuid:user_id>": row(302, *NOBODY_S, operator=200),
    "POST /admin/users/<uuid:user_id>": row(401, *NOBODY_S, operator=303, body={"name": "Gus"}),
    "POST /admin/users/<uuid:user_id>/reset-link": row(401, *NOBODY_S, operator=201),
    "POST /admin/users/<uuid:user_id>/removal": row(401, *NOBODY_S, operator=303),
    "GET /admin/projects": row(302, 403, 403, 403, 403, 403, operator=200),
    "GET /admin/projects/<uuid:project_id>": row(302, *NOBODY_S, operator=200),
    "POST /admin/projects/<uuid:project_id>": row(401, *NOBODY_S, operator=303, body={"name": "Shop"}),
    "POST /admin/projects/<uuid:project_id>/removal": row(
        401, *NOBODY_S, operator=303, body=lambda world: {"confirmation": world.place.slug}
    ),
    "GET /admin/connections": row(302, 403, 403, 403, 403, 403, operator=200),
    "POST /admin/connections": row(
        401, 403, 403, 403, 403, 403, operator=303, body={"name": "Our host", "provider": "custom"}
    ),
    "GET /admin/connections/<uuid:connection_id>": row(302, *NOBODY_S, operator=200),
    "POST /admin/connections/<uuid:connection_id>": row(401, *NOBODY_S, operator=303, body={"name": "Host"}),
    "POST /admin/connections/<uuid:connection_id>/removal": row(401, *NOBODY_S, operator=303),
    "POST /admin/connections/<uuid:connection_id>/projects": row(
        401, *NOBODY_S, operator=303, body=lambda world: {"project_id": str(world.place.id)}
    ),
    "POST /admin/connections/<uuid:connection_id>/projects/<uuid:project_id>/removal": row(
        401, *NOBODY_S, operator=303
    ),
    "GET /admin/language-model": row(302, 403, 403, 403, 403, 403, operator=200),
    "POST /admin/language-model": row(
        401, 403, 403, 403, 403, 403, operator=303, body={"base_url": "http://localhost:1/v1", "model": "m"}
    ),
    "POST /admin/language-model/test": row(401, 403, 403, 403, 403, 403, operator=422),
    "POST /admin/language-model/switch": row(
        401, 403, 403, 403, 403, 403, operator=422, body={"is_on": "true"}
    ),
    "POST /admin/language-model/removal": row(401, 403, 403, 403, 403, 403, operator=303),
    "GET /admin/running": row(302, 403, 403, 403, 403, 403, operator=200),
    "POST /admin/running/<uuid:run_id>/cancellation": row(401, *NOBODY_S, operator=303, stage="reviewed"),
    "GET /admin/organizations": row(302, 403, 403, 403, 403, 403, operator=200),
    "POST /admin/organizations": row(401, 403, 403, 403, 403, 403, operator=303, body={"name": "Third"}),
    f"GET {_OVERSEEN}": row(302, 404, 403, 403, 403, 403, operator=200),
    f"POST {_OVERSEEN}": row(401, 404, 403, 403, 403, 403, operator=303, body={"name": "Acme"}),
    f"POST {_OVERSEEN}/limits": row(401, 404, 403, 403, 403, 403, operator=303),
    f"POST {_OVERSEEN}/deletion": row(401, 404, 403, 403, 403, 403, operator=303, body={"name": "Acme"}),
}  # fmt: skip

ORGANIZATIONS = {
    #                                         nobody stranger viewer requester developer admin
    f"GET {_ORGANIZATION}": row(*SEEN),
    "GET /admin/organizations/import": row(302, 403, 403, 403, 403, 403, operator=200),
    "POST /admin/organizations/import": row(
        401, 403, 403, 403, 403, 403, operator=303, stage="draft", body=_archive
    ),
    f"GET {_ORGANIZATION}/settings/exports": row(302, 404, 403, 403, 403, 200),
    f"POST {_ORGANIZATION}/settings/exports": row(401, 404, 403, 403, 403, 303),
    f"POST {_ORGANIZATION}/settings/exports/<uuid:export_id>/cancellation": row(401, 404, 403, 403, 403, 303),
    f"GET {_ORGANIZATION}/settings/exports/<uuid:export_id>/archive": row(
        302, 404, 403, 403, 403, 200, stage="draft"
    ),
    f"GET {_ORGANIZATION}/settings/audit": row(302, 404, 403, 403, 403, 200),
    f"GET {_ORGANIZATION}/settings/audit.csv": row(302, 404, 403, 403, 403, 200),
    f"GET {_ORGANIZATION}/settings/audit.ndjson": row(302, 404, 403, 403, 403, 200),
    f"GET {_ORGANIZATION}/members": row(*SEEN),
    f"POST {_ORGANIZATION}/members/<uuid:user_id>/role": row(
        401, 404, 403, 403, 403, 303, body={"role": "developer"}
    ),
    f"POST {_ORGANIZATION}/members/<uuid:user_id>/removal": row(401, 404, 403, 403, 403, 303),
    f"POST {_ORGANIZATION}/members/<uuid:user_id>/reset-link": row(401, 404, 403, 403, 403, 201),
    f"POST {_ORGANIZATION}/invitations": row(401, 404, 403, 403, 403, 201, body={"role": "viewer"}),
    f"POST {_ORGANIZATION}/invitations/<uuid:invitation_id>/link": row(401, 404, 403, 403, 403, 200),
    f"POST {_ORGANIZATION}/invitations/<uuid:invitation_id>/revocation": row(401, 404, 403, 403, 403, 303),
    f"GET {_ORGANIZATION}/labels": row(*SEEN),
    f"POST {_ORGANIZATION}/labels": row(401, 404, 403, 403, 403, 303, body=_new_label),
    f"POST {_ORGANIZATION}/labels/<uuid:label_id>": row(401, 404, 403, 403, 403, 303, body=_new_label),
    f"POST {_ORGANIZATION}/labels/<uuid:label_id>/removal": row(401, 404, 403, 403, 403, 303),
    f"POST {_ORGANIZATION}/join-links": row(401, 404, 403, 403, 403, 201),
    f"POST {_ORGANIZATION}/join-links/<uuid:link_id>/end": row(401, 404, 403, 403, 403, 303),
    f"GET {_ORGANIZATION}/settings": row(302, 404, 403, 403, 403, 200),
    f"POST {_ORGANIZATION}/settings": row(401, 404, 403, 403, 403, 303, body={"name": "Acme"}),
    f"POST {_ORGANIZATION}/settings/limits": row(401, 404, 403, 403, 403, 303),
    f"POST {_ORGANIZATION}/settings/logo": row(401, 404, 403, 403, 403, 303, body=_logo),
    f"POST {_ORGANIZATION}/settings/logo/removal": row(401, 404, 403, 403, 403, 303),
    f"GET {_ORGANIZATION}/logo": row(302, 404, 404, 404, 404, 404),  # there is none
    f"GET {_ORGANIZATION}/usage": row(*SEEN),
    f"GET {_ORGANIZATION}/demo": row(302, 404, 403, 403, 403, 200),
    f"POST {_ORGANIZATION}/demo": row(401, 404, 403, 403, 403, 303),
    f"POST {_ORGANIZATION}/demo/removal": row(401, 404, 403, 403, 403, 404),  # there is none to remove
    f"GET {_ORGANIZATION}/begin": row(302, 404, 403, 403, 403, 200),
    f"POST {_ORGANIZATION}/begin": row(401, 404, 403, 403, 403, 201, body={"name": "Shop"}),
    f"GET {_ORGANIZATION}/projects/new": row(302, 404, 403, 403, 403, 200),
    f"POST {_ORGANIZATION}/projects/new": row(
        401, 404, 403, 403, 403, 303, body={"name": "Shop", "starter": "empty"}
    ),
}

PROJECTS = {
    #                                         nobody stranger viewer requester developer admin
    f"GET {_PROJECT}": row(*SEEN),
    f"GET {_PROJECT}/settings": row(302, 404, 403, 403, 403, 200),
    f"POST {_PROJECT}/settings": row(401, 404, 403, 403, 403, 303, body={"name": "Website"}),
    f"POST {_PROJECT}/settings/members": row(401, 404, 403, 403, 403, 303),
    f"POST {_PROJECT}/settings/previews": row(
        401, 404, 403, 403, 403, 303, body={"most_previews": "2", "output": "site"}
    ),
    f"POST {_PROJECT}/settings/previews/reset": row(401, 404, 403, 403, 403, 303),
    f"POST {_PROJECT}/settings/config": row(401, 404, 403, 403, 403, 303),
    f"GET {_PROJECT}/branches": row(*SEEN),
    f"POST {_PROJECT}/branches/preview": row(401, 404, 403, 403, 303, 303, body=_branch),
    f"POST {_PROJECT}/branches/request": row(401, 404, 403, 403, 303, 303, body=_branch),
    f"GET {_PROJECT}/branches/log": row(302, 404, 200, 200, 200, 200, query=_branch_query),
    f"POST {_PROJECT}/previews/rebuild": row(401, 404, 403, 403, 403, 303),
    f"POST {_PROJECT}/settings/variables": row(401, 404, 403, 403, 403, 303, body=_VARIABLE),
    f"POST {_PROJECT}/settings/variables/<uuid:variable_id>/removal": row(401, 404, 403, 403, 403, 303),
    f"POST {_PROJECT}/settings/agent": row(401, 404, 403, 403, 403, 303, body={"preset": "aider"}),
    f"POST {_PROJECT}/settings/agent/trial": row(401, 404, 403, 403, 403, 422),
    f"POST {_PROJECT}/settings/going-live": row(401, 404, 403, 403, 403, 303),
    f"GET {_PROJECT}.git": row(302, 302, 302, 302, 302, 302),
    f"GET {_PROJECT}.git/<path:rest>": row(401, 404, 200, 200, 200, 200, query="service=git-upload-pack"),
    f"POST {_PROJECT}.git/<path:rest>": row(401, 404, 403, 403, 200, 200, rest="git-receive-pack"),
    f"GET {_APP}.git": row(302, 302, 302, 302, 302, 302),
    f"GET {_APP}.git/<path:rest>": row(401, 404, 200, 200, 200, 200, query="service=git-upload-pack"),
    f"POST {_APP}.git/<path:rest>": row(401, 404, 403, 403, 200, 200, rest="git-receive-pack"),
    f"GET {_EDITOR}": row(302, 404, 403, 403, 200, 200),
    f"POST {_EDITOR}": row(401, 404, 403, 403, 403, 303, body=_FILE),
    f"GET {_EDITOR}/folder": row(302, 404, 403, 403, 200, 200),
    f"GET {_EDITOR}/search": row(302, 404, 403, 403, 200, 200, query="q=hours"),
    f"POST {_EDITOR}/files": row(401, 404, 403, 403, 403, 303, body={"path": "new.html"}),
    f"POST {_EDITOR}/name": row(
        401, 404, 403, 403, 403, 303, body={"path": "index.html", "new_path": "b.html"}
    ),
    f"POST {_EDITOR}/removal": row(401, 404, 403, 403, 403, 303, body={"path": "index.html"}),
    f"POST {_EDITOR}/uploads": row(401, 404, 403, 403, 403, 303, body=_picture),
    f"GET {_EDITOR}/preview": row(302, 404, 403, 403, 303, 303),
    f"POST {_EDITOR}/preview": row(401, 404, 403, 403, 303, 303),
    f"POST {_EDITOR}/preview/removal": row(401, 404, 403, 403, 303, 303),
    f"GET {_EDITOR}/preview/log": row(302, 404, 403, 403, 404, 404),
    f"GET {_PROJECT}/live": row(*SEEN),
    f"POST {_PROJECT}/live": row(401, 404, 403, 403, 303, 303),
    f"POST {_PROJECT}/live/cancellation": row(401, 404, 403, 403, 303, 303),
    f"GET {_PROJECT}/live/deploys/<prefixed('dpl'):deploy_id>/log": row(*SEEN),
    f"POST {_PROJECT}/live/deploys/<prefixed('dpl'):deploy_id>/return": row(401, 404, 403, 403, 303, 303),
    f"GET {_PROJECT}/live/log": row(*SEEN),
    f"GET {_APP}/builds": row(*SEEN),
    f"POST {_APP}/builds": row(401, 404, 403, 403, 303, 303, body=_default_version),
    f"GET {_APP}/builds/<int:build_number>": row(*SEEN),
    f"POST {_APP}/builds/<int:build_number>/cancellation": row(401, 404, 403, 403, 303, 303),
    f"GET {_APP}/builds/<int:build_number>/log": row(*SEEN),
    f"GET {_APP}/deploys": row(*SEEN),
    f"POST {_APP}/deploys": row(401, 404, 403, 403, 303, 303, body=_built),
    f"POST {_APP}/deploys/cancellation": row(401, 404, 403, 403, 303, 303),
    f"GET {_APP}/deploys/<prefixed('dpl'):deploy_id>/log": row(*SEEN),
    f"GET {_APP}/rollback": row(*SEEN, query=lambda world: f"build={world.built.number}"),
    f"POST {_APP}/rollback": row(401, 404, 403, 403, 303, 303, body=_built),
    f"GET {_APP}/environment": row(302, 404, 403, 403, 403, 200),
    f"POST {_APP}/environment": row(401, 404, 403, 403, 403, 303, body={"name": "MODE", "value": "demo"}),
    f"POST {_APP}/environment/removal": row(401, 404, 403, 403, 403, 303, body=_named_variable),
    f"GET {_APP}/domain": row(*SEEN),
    f"POST {_APP}/domain": row(401, 404, 403, 403, 403, 303, body=_host_name),
    f"POST {_APP}/domain/check": row(401, 404, 403, 403, 403, 303, body=_attached),
    f"POST {_APP}/domain/removal": row(401, 404, 403, 403, 403, 303, body=_attached),
    f"GET {_PROJECT}/views": row(*SEEN),
    f"POST {_PROJECT}/views": row(401, 404, 303, 303, 303, 303, body={"name": "Bugs", "query": "type=bug"}),
    # Bob's own, shared with everybody: his, and the admins'.
    f"POST {_PROJECT}/views/<uuid:view_id>": row(401, 404, 403, 403, 303, 303, body={"name": "All the bugs"}),
    f"POST {_PROJECT}/views/<uuid:view_id>/removal": row(401, 404, 403, 403, 303, 303),
    f"GET {_PROJECT}/intake": row(302, 404, 403, 403, 403, 200),
    f"POST {_PROJECT}/intake": row(401, 404, 403, 403, 403, 201, body={"lasting": "month"}),
    f"POST {_PROJECT}/intake/closure": row(401, 404, 403, 403, 403, 303),
    f"GET {_PROJECT}/requests/new": row(*SEEN),
    f"GET {_PROJECT}/requests/similar": row(302, 404, 303, 303, 303, 303, query="title=More+light"),
    f"POST {_PROJECT}/requests": row(401, 404, 403, 303, 303, 303, body={"title": "More light"}),
}

REQUESTS = {
    #                                         nobody stranger viewer requester developer admin
    f"GET {_REQUEST}": row(*SEEN),
    f"GET {_REQUEST}/work": row(*SEEN),
    f"GET {_REQUEST}/standing": row(302, 404, 303, 303, 303, 303),
    f"GET {_REQUEST}/parts/<any(preview, feed, rail, reactions):part>": row(302, 404, 303, 303, 303, 303),
    f"POST {_REQUEST}/comments": row(401, 404, 403, 303, 303, 303, body={"text": "Nice."}),
    f"GET {_REQUEST}/comments/<uuid:comment_id>": row(302, 404, 303, 303, 303, 303),
    # One's own words; these are Rae's. An admin may remove them.
    f"POST {_REQUEST}/comments/<uuid:comment_id>": row(
        401, 404, 403, 303, 403, 403, body={"text": "In the head, too?"}
    ),
    f"POST {_REQUEST}/comments/<uuid:comment_id>/removal": row(401, 404, 403, 303, 403, 303),
    f"POST {_REQUEST}/comments/<uuid:comment_id>/reactions": row(
        401, 404, 403, 303, 303, 303, body=_REACTION
    ),
    f"GET {_REQUEST}/people": row(*SEEN),
    f"POST {_REQUEST}/reactions": row(401, 404, 403, 303, 303, 303, body=_REACTION),
    f"POST {_REQUEST}/labels": row(401, 404, 403, 303, 303, 303, body=_labelled),
    f"POST {_REQUEST}/watching": row(401, 404, 303, 303, 303, 303, body={"watching": "true"}),
    f"GET {_REQUEST}/files": row(*SEEN),
    f"POST {_REQUEST}/files": row(401, 404, 403, 303, 303, 303, body=_picture),
    f"GET {_REQUEST}/files/<uuid:attachment_id>": row(*SEEN),
    f"POST {_REQUEST}/files/<uuid:attachment_id>/removal": row(401, 404, 403, 303, 403, 303),
    f"POST {_REQUEST}/assignment": row(401, 404, 403, 403, 303, 303),
    f"POST {_REQUEST}/properties": row(401, 404, 403, 303, 303, 303, body={"priority": "high"}),
    f"GET {_REQUEST}/edit": row(*SEEN),
    f"POST {_REQUEST}/edit": row(401, 404, 403, 303, 303, 303, stage="draft", body={"title": "Later hours"}),
    f"POST {_REQUEST}/cancellation": row(401, 404, 403, 303, 303, 303, body={"reason": "Not needed."}),
    f"POST {_REQUEST}/reopening": row(401, 404, 403, 303, 303, 303, stage="cancelled"),
    f"POST {_REQUEST}/yes": row(401, 404, 403, 403, 403, 303, stage="unallowed"),
    f"POST {_REQUEST}/start": row(401, 404, 403, 403, 303, 303, stage="ready"),
    f"POST {_REQUEST}/merge": row(401, 404, 403, 403, 303, 303, stage="accepted"),
    f"POST {_REQUEST}/undoing": row(401, 404, 403, 303, 303, 303, stage="merged"),
    f"POST {_REQUEST}/move": row(401, 404, 403, 303, 303, 303, stage="draft", body={"to": "interviewing"}),
    f"GET {_REQUEST}/moves": row(*SEEN),
    f"POST {_REQUEST}/place": row(401, 404, 403, 403, 303, 303, body={"to": "top"}),
    f"POST {_REQUEST}/steps": row(401, 404, 403, 303, 303, 303, body={"text": "Ask the shop"}),
    f"POST {_REQUEST}/steps/<uuid:step_id>/tick": row(401, 404, 403, 303, 303, 303, body={"done": "true"}),
    f"POST {_REQUEST}/steps/<uuid:step_id>/words": row(401, 404, 403, 303, 303, 303, body={"text": "Ask"}),
    f"POST {_REQUEST}/steps/<uuid:step_id>/place": row(401, 404, 403, 303, 303, 303, body={"position": "0"}),
    f"POST {_REQUEST}/steps/<uuid:step_id>/removal": row(401, 404, 403, 303, 303, 303),
    f"POST {_REQUEST}/votes": row(401, 404, 403, 303, 303, 303),
    f"POST {_REQUEST}/votes/removal": row(401, 404, 403, 303, 303, 303),
    f"POST {_REQUEST}/blockers": row(401, 404, 403, 303, 303, 303, stage="draft", body=_other),
    f"POST {_REQUEST}/blockers/<uuid:blocker_id>/removal": row(401, 404, 403, 303, 303, 303, stage="draft"),
    f"POST {_REQUEST}/duplicate-of": row(401, 404, 403, 303, 303, 303, body=_other),
    f"POST {_REQUEST}/work-item": row(
        401, 404, 403, 303, 303, 303, body={"work_item_url": "https://tracker.example/12"}
    ),
    f"POST {_REQUEST}/archive": row(401, 404, 403, 303, 303, 303, stage="draft"),
    f"POST {_REQUEST}/archive/removal": row(401, 404, 403, 303, 303, 303),
    f"POST {_REQUEST}/adoption": row(401, 404, 403, 403, 303, 303, stage="from_guest"),
    f"GET {_REQUEST}/touch-up": row(*SEEN, stage="draft"),
    f"POST {_REQUEST}/touch-up": row(401, 404, 403, 303, 303, 303, stage="draft", body=_EDIT),
    f"POST {_REQUEST}/touch-up/places": row(401, 404, 200, 200, 200, 200, stage="draft", body=_EDIT),
    f"GET {_REQUEST}/touch-up/pointing": row(302, 404, 403, 303, 303, 303, stage="draft"),  # nothing runs
    f"GET {_REQUEST}/interview": row(*SEEN, stage="interviewing"),
    f"POST {_REQUEST}/interview": row(401, 404, 403, 303, 303, 303, stage="draft"),
    f"POST {_REQUEST}/interview/answers": row(401, 404, 403, 303, 303, 303, stage="interviewing"),
    f"GET {_REQUEST}/interview/criteria": row(*SEEN, stage="interviewing"),
    f"POST {_REQUEST}/interview/criteria": row(
        401, 404, 403, 303, 303, 303, stage="interviewing", body=_criteria
    ),
    f"POST {_REQUEST}/interview/reply": row(401, 404, 403, 303, 303, 303, stage="interviewing"),
    f"POST {_REQUEST}/interview/form": row(401, 404, 403, 409, 409, 409, stage="interviewing"),
    f"POST {_REQUEST}/interview/reset": row(401, 404, 403, 303, 303, 303, stage="interviewing"),
    f"GET {_REQUEST}/development": row(*SEEN, stage="developing"),
    f"POST {_REQUEST}/development": row(401, 404, 403, 403, 303, 303, stage="ready"),
    f"POST {_REQUEST}/development/cancellation": row(401, 404, 403, 403, 303, 303, stage="developing"),
    f"POST {_REQUEST}/development/completion": row(401, 404, 403, 403, 303, 303, stage="made"),
    f"POST {_REQUEST}/development/reset": row(401, 404, 403, 403, 403, 303, stage="developing"),
    f"GET {_REQUEST}/development/sessions/<uuid:session_id>/log": row(*SEEN),
    f"GET {_REQUEST}/preview": row(*SEEN),
    f"GET {_REQUEST}/preview/checks": row(302, 404, 303, 303, 303, 303),
    f"GET {_REQUEST}/preview/pictures/<uuid:preview_id>/<any(desktop, phone):window>": row(*SEEN),
    f"POST {_REQUEST}/preview": row(401, 404, 403, 303, 303, 303),
    f"POST {_REQUEST}/preview/cancellation": row(401, 404, 403, 403, 303, 303),
    f"POST {_REQUEST}/preview/removal": row(401, 404, 403, 403, 303, 303),
    f"GET {_REQUEST}/preview/log": row(*SEEN),
    f"GET {_REQUEST}/preview/comparison": row(*SEEN, stage="shown"),
    f"POST {_REQUEST}/preview/sleep": row(401, 404, 403, 303, 303, 303, stage="shown"),
    f"POST {_REQUEST}/preview/restart": row(401, 404, 403, 303, 303, 303, stage="shown"),
    f"POST {_REQUEST}/preview/wakefulness": row(
        401, 404, 403, 303, 303, 303, stage="shown", body={"awake": "true"}
    ),
    f"POST {_REQUEST}/preview/extension": row(401, 404, 403, 303, 303, 303, stage="shown"),
    f"POST {_REQUEST}/preview/shares": row(
        401, 404, 403, 201, 201, 201, stage="shown", body={"lasting": "day"}
    ),
    f"POST {_REQUEST}/preview/shares/<uuid:share_id>/revocation": row(
        401, 404, 403, 303, 303, 303, stage="shown"
    ),
    f"GET {_REQUEST}/diff": row(*SEEN),
    f"POST {_REQUEST}/diff/threads": row(
        401, 404, 403, 303, 303, 303, body=lambda world: {"at": world.line, "text": "Why?"}
    ),
    f"POST {_REQUEST}/diff/threads/<uuid:thread_id>/comments": row(
        401, 404, 403, 303, 303, 303, body={"text": "So that it fits."}
    ),
    f"POST {_REQUEST}/diff/threads/<uuid:thread_id>/resolution": row(
        401, 404, 403, 303, 303, 303, body={"resolved": "true"}
    ),
    # One's own words; these are Rae's.
    f"POST {_REQUEST}/diff/comments/<uuid:comment_id>": row(
        401, 404, 403, 303, 403, 403, body={"text": "Why not?"}
    ),
    f"POST {_REQUEST}/diff/comments/<uuid:comment_id>/removal": row(401, 404, 403, 303, 403, 403),
    f"GET {_REQUEST}/accept": row(*SEEN),
    f"POST {_REQUEST}/accept": row(401, 404, 403, 303, 303, 303, body=_tip),
    f"GET {_REQUEST}/change": row(*SEEN),
    f"POST {_REQUEST}/change": row(401, 404, 403, 303, 303, 303, body={"feedback": "Bigger."}),
    f"GET {_REQUEST}/ask": row(*SEEN),
    f"POST {_REQUEST}/ask": row(401, 404, 403, 303, 303, 303, body={"text": "Why?"}),
    f"GET {_REQUEST}/pull-request": row(*SEEN, stage="offered"),
    f"POST {_REQUEST}/pull-request": row(401, 404, 403, 403, 303, 303, stage="accepted"),
    f"POST {_REQUEST}/pull-request/merge": row(401, 404, 403, 403, 303, 303, stage="offered"),
    f"POST {_REQUEST}/pull-request/main": row(401, 404, 403, 403, 303, 303, stage="behind"),
    f"POST {_REQUEST}/pull-request/closure": row(401, 404, 403, 403, 303, 303, stage="offered"),
}

SPECS = {
    #                                         nobody stranger viewer requester developer admin
    f"GET {_ORGANIZATION}/specs": row(*SEEN),
    f"GET {_PROJECT}/specs": row(*SEEN),
    f"GET {_PROJECT}/specs/new": row(*SEEN),
    f"POST {_PROJECT}/specs": row(401, 404, 403, 303, 303, 303, body={"input": "Guests can book a table."}),
    f"GET {_SPEC}": row(*SEEN),
    f"POST {_SPEC}/cancellation": row(401, 404, 403, 303, 303, 303),
    f"POST {_SPEC}/repetition": row(401, 404, 403, 303, 303, 303),
    f"GET {_SPEC}/files/<any('spec.md', 'agent.md', 'spec.json'):rendering>": row(*SEEN),
    f"GET {_SPEC}/versions": row(*SEEN),
    f"GET {_STORY}": row(*SEEN),
    f"POST {_STORY}": row(401, 404, 403, 303, 303, 303, body=_TOLD),
    f"POST {_STORY}/criteria/<int:position>": row(401, 404, 403, 303, 303, 303, body={"mark": "done"}),
    f"POST {_STORY}/request": row(401, 404, 403, 303, 303, 303),
    f"GET {_CODE}": row(*OPEN),
    f"GET {_CODE}/<any('spec.md', 'agent.md', 'architecture.svg', 'pages.md'):rendering>": row(*OPEN),
}

API_OF_SPECS = {
    #                                         nobody stranger viewer requester developer admin
    f"{method} {prefix}{path}": decision
    for prefix in ("", "/api")
    for (method, path), decision in {
        ("POST", "/fast-spec"): row(401, 200, 403, 200, 200, 200, body=_IDEA),
        ("POST", "/deep-spec"): row(401, 200, 403, 200, 200, 200, body=_IDEA),
        ("GET", "/spec-status/<given:spec_id>"): row(*READ),
        ("GET", "/list-specs"): row(*OWN_READ),
        ("GET", "/find-specs"): row(*OWN_READ, query="query=table"),
        ("GET", "/credits-balance"): row(*OWN_READ),
    }.items()
} | {
    "POST /api/spec-status/<given:spec_id>/cancel": row(401, 404, 403, 200, 200, 200),
    "POST /api/spec-status/<given:spec_id>/retry": row(401, 404, 403, 200, 200, 200),
}

_TASKS = "/api/v1/org/<given:org>/tasks"
_TASK = f"{_TASKS}/<given:name>"
_WORKSPACE = "/api/v1/org/<given:org>/ws/<given:workspace>"
_ENVIRONMENTS = f"{_WORKSPACE}/environments"
_ENVIRONMENT = f"{_ENVIRONMENTS}/<uuid:id>"
_task_names = count(1)


def _task(_: World) -> dict[str, Any]:
    return {"file": (task_archive(f"sent-{next(_task_names)}"), "task.tar")}


def _of_task(world: World) -> dict[str, Any]:
    return {"task_ref": world.task.ref}


_PLACES = "/<organization>/<project>/environments"
_PLACE = f"{_PLACES}/<uuid:environment_id>"


def _chosen(world: World) -> dict[str, str]:
    return {"version_id": str(world.task.id)}


PAGES_OF_ENVIRONMENTS = {
    #                                         nobody stranger viewer requester developer admin
    f"GET {_PLACES}": row(*SEEN),
    f"POST {_PLACES}": row(401, 404, 403, 403, 303, 303, body=_chosen),
    f"POST {_PLACES}/tasks": row(401, 404, 403, 403, 303, 303, body=_task),
    f"POST {_PLACES}/tasks/<uuid:task_id>/removal": row(401, 404, 403, 403, 303, 303),
    f"GET {_PLACE}": row(*SEEN),
    f"GET {_PLACE}/log": row(*SEEN),
    f"POST {_PLACE}/commands": row(401, 404, 403, 403, 200, 200, body={"command": "true"}),
    f"POST {_PLACE}/verification": row(401, 404, 403, 403, 303, 303, body={"flag": "found"}),
    f"POST {_PLACE}/removal": row(401, 404, 403, 403, 303, 303),
}

API_OF_ENVIRONMENTS = {
    #                                         nobody stranger viewer requester developer admin
    "GET /api/v1/user": row(*OWN_READ),
    "GET /api/v1/org/<given:org>": row(*READ),
    "GET /api/v1/org/<given:org>/ws": row(*READ),
    f"GET {_WORKSPACE}": row(*READ),
    f"GET {_TASKS}": row(*READ),
    f"POST {_TASKS}": row(401, 404, 403, 403, 201, 201, body=_task),
    f"GET {_TASK}": row(*READ),
    f"DELETE {_TASK}": row(401, 404, 403, 403, 204, 204),
    f"GET {_TASK}/versions": row(*READ),
    f"GET {_TASK}/instruction": row(*READ),
    f"GET {_TASK}/<given:version>": row(*READ),
    f"GET {_TASK}/<given:version>/instruction": row(*READ),
    f"GET {_ENVIRONMENTS}": row(*READ),
    f"POST {_ENVIRONMENTS}": row(401, 404, 403, 403, 201, 201, body=_of_task),
    f"GET {_ENVIRONMENT}": row(*READ),
    f"GET {_ENVIRONMENT}/status": row(*READ),
    # The token that it asks for is the environment's own, which nobody here sends.
    f"POST {_ENVIRONMENT}/execute": row(401, 404, 401, 401, 401, 401, body={"command": "true"}),
    f"GET {_ENVIRONMENT}/logs": row(*READ),
    f"POST {_ENVIRONMENT}/verification": row(401, 404, 403, 403, 200, 200, body={"flag": "found"}),
    f"DELETE {_ENVIRONMENT}": row(401, 404, 403, 403, 204, 204),
}

API_OF_PEOPLE = {
    #                                         nobody stranger viewer requester developer admin
    "POST /api/auth/token": row(*OPEN, body=CREDENTIALS),
    "GET /api/users/me": row(*OWN_READ),
    "PUT /api/users/me": row(*OWN_READ, body={"name": "Somebody"}),
    "GET /api/profile": row(*OWN_READ),
    "PATCH /api/profile": row(*OWN_READ, body={"name": "Somebody"}),
    "GET /api/sessions": row(*OWN_READ),
    "DELETE /api/sessions": row(401, 204, 204, 204, 204, 204),
    "DELETE /api/sessions/<uuid:sign_in_id>": row(401, 404, 404, 204, 404, 404),
    "GET /api/api-keys": row(*OWN_READ),
    "POST /api/api-keys": row(401, 201, 201, 201, 201, 201, body={"name": "laptop", "scopes": ["read"]}),
    "GET /api/api-keys/<uuid:id>": row(401, 404, 404, 200, 404, 404),
    "DELETE /api/api-keys/<uuid:id>": row(401, 404, 404, 200, 404, 404),
    "POST /api/api-keys/<uuid:id>/revoke": row(401, 404, 404, 200, 404, 404),
    "GET /api/notifications": row(*OWN_READ),
    "GET /api/notification-choices": row(*OWN_READ),
    "GET /api/builds": row(*OWN_READ),
    "GET /api/deploys": row(*OWN_READ),
    "POST /api/builds": row(401, 404, 403, 403, 201, 201, body=_default_version),
    "GET /api/builds/<prefixed('bld'):id>": row(*READ),
    "GET /api/builds/<prefixed('bld'):id>/log": row(*READ),
    "POST /api/builds/<prefixed('bld'):id>/cancel": row(401, 404, 403, 403, 200, 200),
    "POST /api/deploys": row(
        401, 404, 403, 403, 201, 201, body=lambda world: {"buildId": world.built.id}
    ),
    "GET /api/deploys/<prefixed('dpl'):id>": row(*READ),
    "GET /api/deploys/<prefixed('dpl'):id>/log": row(*READ),
    "POST /api/deploys/<prefixed('dpl'):id>/cancel": row(401, 404, 403, 403, 200, 200),
    f"POST {_API_APP}/deploy": row(401, 404, 403, 403, 201, 201, body=_built),
    f"POST {_API_APP}/builds/<prefixed('bld'):build_id>/deploy": row(401, 404, 403, 403, 201, 201),
    f"GET {_API_APP}/rollback": row(*READ, query=lambda world: f"buildId={world.built.id}"),
    f"POST {_API_APP}/rollback": row(401, 404, 403, 403, 201, 201, body=_built),
    f"GET {_API_APP}/env": row(401, 404, 403, 403, 403, 200),
    f"PUT {_API_APP}/env": row(401, 404, 403, 403, 403, 200, body={"name": "MODE", "value": "demo"}),
    f"DELETE {_API_APP}/env": row(
        401, 404, 403, 403, 403, 200, query=lambda world: f"name={world.app_variable.name}"
    ),
    f"GET {_API_APP}/domain": row(*READ),
    f"PUT {_API_APP}/domain": row(401, 404, 403, 403, 403, 200, body=_host_name),
    f"DELETE {_API_APP}/domain": row(401, 404, 403, 403, 403, 200, body=_attached),
    f"POST {_API_APP}/domain/check": row(401, 404, 403, 403, 403, 200, body=_attached),
    "GET /api/domains/ask": row(*OPEN, query=lambda world: f"domain={world.domain.hostname}"),
    "PUT /api/notification-choices": row(*OWN_READ, body={"wanted": ["live"]}),
    "PUT /api/notifications/read-all": row(*OWN_READ),
    "PUT /api/notifications/<uuid:id>/read": row(401, 404, 404, 200, 404, 404),
    "GET /api/organizations": row(*OWN_READ),
    "GET /api/organizations/<uuid:id>": row(*READ),
    "PUT /api/organizations/<uuid:id>": row(401, 404, 403, 403, 403, 200, body={"name": "Acme"}),
    "GET /api/organizations/<uuid:id>/usage": row(*READ),
    "GET /api/organizations/<uuid:id>/users": row(*READ),
    "POST /api/organizations/<uuid:id>/users/<uuid:user_id>/reset-link": row(401, 404, 403, 403, 403, 201),
    "POST /api/admin/users/<uuid:user_id>/reset-link": row(401, 404, 404, 404, 404, 404, operator=201),
    "GET /api/organizations/<uuid:id>/labels": row(*READ),
    "POST /api/organizations/<uuid:id>/labels": row(401, 404, 403, 403, 403, 201, body=_new_label),
    "GET /api/organizations/<uuid:id>/labels/<uuid:label_id>": row(*READ),
    "PATCH /api/organizations/<uuid:id>/labels/<uuid:label_id>": row(
        401, 404, 403, 403, 403, 200, body={"description": "What the office needs"}
    ),
    "DELETE /api/organizations/<uuid:id>/labels/<uuid:label_id>": row(401, 404, 403, 403, 403, 204),
    "PUT /api/organizations/<uuid:id>/users/<uuid:user_id>": row(
        401, 404, 403, 403, 403, 200, body={"role": "developer"}
    ),
    "DELETE /api/organizations/<uuid:id>/users/<uuid:user_id>": row(401, 404, 403, 403, 403, 204),
    "GET /api/organizations/<uuid:id>/invitations": row(*READ),
    "POST /api/organizations/<uuid:id>/invitations": row(401, 404, 403, 403, 403, 201),
    "POST /api/organizations/<uuid:id>/invitations/batch": row(
        401, 404, 403, 403, 403, 201, body={"emails": ["nia@example.com", "nora@example.com"]}
    ),
    "GET /api/organizations/<uuid:id>/exports": row(401, 404, 403, 403, 403, 200),
    "POST /api/organizations/<uuid:id>/exports": row(401, 404, 403, 403, 403, 202),
    "GET /api/organizations/<uuid:id>/exports/<uuid:export_id>": row(401, 404, 403, 403, 403, 200),
    "GET /api/organizations/<uuid:id>/exports/<uuid:export_id>/archive": row(
        401, 404, 403, 403, 403, 200, stage="draft"
    ),
    "POST /api/organizations/<uuid:id>/exports/<uuid:export_id>/cancel": row(401, 404, 403, 403, 403, 200),
    "GET /api/admin/imports": row(401, 403, 403, 403, 403, 403, operator=200, stage="draft"),
    "POST /api/admin/imports": row(401, 403, 403, 403, 403, 403, operator=202, stage="draft", body=_archive),
    "GET /api/admin/imports/<uuid:id>": row(401, *NOBODY_S, operator=200, stage="draft"),
    "GET /api/organizations/<uuid:id>/join-links": row(401, 404, 403, 403, 403, 200),
    "POST /api/organizations/<uuid:id>/join-links": row(401, 404, 403, 403, 403, 201),
    "DELETE /api/organizations/<uuid:id>/join-links/<uuid:link_id>": row(401, 404, 403, 403, 403, 200),
    "GET /api/join-links/token/<token>": row(*OPEN),
    "POST /api/join-links/token/<token>/accept": row(200, 200, 409, 409, 409, 409, body=_new_person),
    "DELETE /api/invitations/<uuid:id>": row(401, 404, 403, 403, 403, 200),
    "POST /api/invitations/<uuid:id>/resend": row(401, 404, 403, 403, 403, 200),
    "GET /api/invitations/token/<token>": row(*OPEN),
    "POST /api/invitations/token/<token>/accept": row(200, 200, 409, 409, 409, 409, body=_new_person),
    # A key belongs to one organization, even the operator's; theirs is an access token.
    "POST /api/app-preview-sessions": row(401, 404, 403, 403, 201, 201, body=_version),
    "GET /api/apps/preview/<prefixed('appprv'):session_id>": row(*READ),
    "DELETE /api/apps/preview/<prefixed('appprv'):session_id>": row(401, 404, 403, 403, 200, 200),
    "POST /api/apps/preview/<prefixed('appprv'):session_id>/keepalive": row(401, 404, 403, 403, 200, 200),
    "GET /api/admin/deliveries": row(401, 403, 403, 403, 403, 403, operator=403),
    "GET /api/admin/deliveries/<uuid:delivery_id>": row(401, 404, 404, 404, 404, 404, operator=404),
    "POST /api/admin/deliveries/<uuid:delivery_id>/redelivery": row(
        401, 404, 404, 404, 404, 404, operator=404
    ),
    # Whoever knows the sender's secret comes in; in the suite none is set, and then there is no such door.
    "POST /api/webhooks/github": row(404, 404, 404, 404, 404, 404),
    "POST /api/webhooks/vercel": row(404, 404, 404, 404, 404, 404),
    "POST /api/webhooks/cursor": row(404, 404, 404, 404, 404, 404),
    "GET /api/cron/poll-agents": row(404, 404, 404, 404, 404, 404),
    "GET /api/admin/language-model": row(401, 403, 403, 403, 403, 403, operator=403),
    "PUT /api/admin/language-model": row(401, 403, 403, 403, 403, 403, operator=403, body={"model": "m"}),
    "DELETE /api/admin/language-model": row(401, 403, 403, 403, 403, 403, operator=403),
    "POST /api/admin/language-model/test": row(401, 403, 403, 403, 403, 403, operator=403),
    "POST /api/admin/users": row(
        401, 403, 403, 403, 403, 403, operator=201, body=lambda world: {"organizationId": _organization(world)}
    ),
    "GET /api/admin/users": row(401, 403, 403, 403, 403, 403, operator=200),
    "PATCH /api/admin/users": row(
        401, 403, 403, 403, 403, 403, operator=200,
        body=lambda world: {"userIds": [str(world.guest.id)], "active": False},
    ),
    "GET /api/admin/users/<uuid:id>": row(401, *NOBODY_S, operator=200),
    "PUT /api/admin/users/<uuid:id>": row(401, *NOBODY_S, operator=200, body={"name": "Gus"}),
    "DELETE /api/admin/users/<uuid:id>": row(401, *NOBODY_S, operator=204),
    "GET /api/admin/projects": row(401, 403, 403, 403, 403, 403, operator=200),
    "GET /api/admin/projects/<uuid:id>": row(401, *NOBODY_S, operator=200),
    "PUT /api/admin/projects/<uuid:id>": row(401, *NOBODY_S, operator=200, body={"name": "Shop"}),
    "DELETE /api/admin/projects/<uuid:id>": row(401, *NOBODY_S, operator=204),
    "GET /api/admin/projects/<uuid:id>/connections": row(401, *NOBODY_S, operator=200),
    "GET /api/admin/organizations/<uuid:id>/connections": row(401, *NOBODY_S, operator=200),
    "GET /api/admin/connections": row(401, 403, 403, 403, 403, 403, operator=200),
    "POST /api/admin/connections": row(
        401, 403, 403, 403, 403, 403, operator=201, body={"name": "Our host", "provider": "custom"}
    ),
    "GET /api/admin/connections/<uuid:id>": row(401, *NOBODY_S, operator=200),
    "PATCH /api/admin/connections/<uuid:id>": row(401, *NOBODY_S, operator=200, body={"name": "Host"}),
    "DELETE /api/admin/connections/<uuid:id>": row(401, *NOBODY_S, operator=204),
    "GET /api/admin/connections/<uuid:id>/projects": row(401, *NOBODY_S, operator=200),
    "POST /api/admin/connections/<uuid:id>/projects": row(
        401, *NOBODY_S, operator=201, body=lambda world: {"projectId": str(world.place.id)}
    ),
    "DELETE /api/admin/connections/<uuid:id>/projects/<uuid:project_id>": row(
        401, *NOBODY_S, operator=204
    ),
    "GET /api/admin/letters": row(401, 403, 403, 403, 403, 403, operator=403),
    "POST /api/admin/letters": row(401, 403, 403, 403, 403, 403, operator=403),
    "GET /api/admin/config": row(401, 403, 403, 403, 403, 403, operator=200),
    "GET /api/admin/stats": row(401, 403, 403, 403, 403, 403, operator=200),
    "GET /api/admin/organizations": row(401, 403, 403, 403, 403, 403, operator=200),
    "POST /api/admin/organizations": row(401, 403, 403, 403, 403, 403, operator=201, body={"name": "Third"}),
    f"GET {_API_OVERSEEN}": row(401, 404, 403, 403, 403, 403, operator=200),
    f"PUT {_API_OVERSEEN}": row(401, 404, 403, 403, 403, 403, operator=200, body={"name": "Acme"}),
    f"DELETE {_API_OVERSEEN}": row(401, 404, 403, 403, 403, 403, operator=200),
    f"POST {_API_OVERSEEN}/logo": row(401, 404, 403, 403, 403, 403, operator=200, body=_logo),
    f"DELETE {_API_OVERSEEN}/logo": row(401, 404, 403, 403, 403, 403, operator=200),
    "POST /api/admin/projects": row(
        401, 403, 403, 403, 403, 403, operator=201,
        body=lambda world: {"name": "Shop", "organizationId": _organization(world)},
    ),
}  # fmt: skip

API_OF_EDITORS = {
    # It is asked by programs alone; what each tool allows is the operation's own answer.
    "POST /mcp": row(401, 200, 200, 200, 200, 200, body={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
    "GET /mcp": row(405, 405, 405, 405, 405, 405),
    "DELETE /mcp": row(405, 405, 405, 405, 405, 405),
}

API_OF_REQUESTS = {
    #                                         nobody stranger viewer requester developer admin
    "GET /api/projects": row(*OWN_READ),
    "GET /api/projects/<uuid:id>": row(*READ),
    "PUT /api/projects/<uuid:id>": row(401, 404, 403, 403, 403, 200, body={"name": "Website"}),
    "GET /api/projects/<uuid:id>/config": row(*READ),
    "POST /api/admin/projects/<uuid:id>/config/sync": row(401, 404, 403, 403, 403, 200, operator=200),
    "GET /api/projects/<uuid:id>/branches": row(*READ),
    "POST /api/projects/<uuid:id>/branches": row(401, 404, 403, 403, 201, 201, body=_branch),
    "GET /api/projects/<uuid:id>/preview-settings": row(401, 404, 403, 403, 403, 200),
    "PUT /api/projects/<uuid:id>/preview-settings": row(
        401, 404, 403, 403, 403, 200, body={"subfolder": "site"}
    ),
    "GET /api/projects/<uuid:id>/variables": row(401, 404, 403, 403, 403, 200),
    "PUT /api/projects/<uuid:id>/variables": row(401, 404, 403, 403, 403, 200, body=_VARIABLE),
    "DELETE /api/projects/<uuid:id>/variables/<uuid:variable_id>": row(401, 404, 403, 403, 403, 204),
    "GET /api/projects/<uuid:id>/requests": row(*READ),
    "GET /api/projects/<uuid:id>/similar-requests": row(*READ, query="title=More+light"),
    "POST /api/projects/<uuid:id>/requests": row(401, 404, 403, 201, 201, 201, body={"title": "More light"}),
    "GET /api/projects/<uuid:id>/views": row(*READ),
    "POST /api/projects/<uuid:id>/views": row(
        401, 404, 201, 201, 201, 201, body={"name": "Bugs", "query": "type=bug"}
    ),
    "PUT /api/projects/<uuid:id>/views/<uuid:view_id>": row(
        401, 404, 403, 403, 200, 200, body={"name": "All the bugs"}
    ),
    "DELETE /api/projects/<uuid:id>/views/<uuid:view_id>": row(401, 404, 403, 403, 204, 204),
    "GET /api/projects/<uuid:id>/intake": row(401, 404, 403, 403, 403, 200),
    "POST /api/projects/<uuid:id>/intake": row(401, 404, 403, 403, 403, 201),
    "DELETE /api/projects/<uuid:id>/intake": row(401, 404, 403, 403, 403, 204),
    f"GET {_API}": row(*READ),
    f"PUT {_API}": row(401, 404, 403, 200, 200, 200, stage="draft", body={"title": "Later hours"}),
    f"GET {_API}/activity": row(*READ),
    f"POST {_API}/activity": row(401, 404, 403, 201, 201, 201, body={"text": "Nice."}),
    f"GET {_API}/comments": row(*READ),
    f"POST {_API}/comments": row(401, 404, 403, 201, 201, 201, body={"content": "Nice."}),
    f"GET {_API}/comments/<uuid:comment_id>": row(*READ),
    f"PATCH {_API}/comments/<uuid:comment_id>": row(401, 404, 403, 200, 403, 403, body={"content": "Nicer."}),
    f"DELETE {_API}/comments/<uuid:comment_id>": row(401, 404, 403, 204, 403, 204),
    f"PUT {_API}/comments/<uuid:comment_id>/reactions": row(
        401, 404, 403, 200, 200, 200, body={"kind": "eyes", "reacted": True}
    ),
    f"GET {_API}/reactions": row(*READ),
    f"PUT {_API}/reactions": row(401, 404, 403, 200, 200, 200, body={"kind": "eyes", "reacted": True}),
    f"GET {_API}/watchers": row(*READ),
    f"PUT {_API}/watching": row(401, 404, 200, 200, 200, 200, body={"watching": True}),
    f"GET {_API}/labels": row(*READ),
    f"POST {_API}/labels": row(
        401, 404, 403, 201, 201, 201, body=lambda world: {"labelId": str(world.tag.id)}
    ),
    f"PUT {_API}/labels": row(
        401, 404, 403, 200, 200, 200, body=lambda world: {"labelIds": [str(world.tag.id)]}
    ),
    f"DELETE {_API}/labels/<uuid:label_id>": row(401, 404, 403, 204, 204, 204),
    f"GET {_API}/attachments": row(*READ),
    f"POST {_API}/attachments": row(401, 404, 403, 201, 201, 201, body=_picture),
    f"DELETE {_API}/attachments/<uuid:attachment_id>": row(401, 404, 403, 204, 403, 204),
    f"POST {_API}/assign": row(401, 404, 403, 403, 200, 200, body={"userId": None}),
    f"GET {_API}/steps": row(*READ),
    f"POST {_API}/steps": row(401, 404, 403, 201, 201, 201, body={"text": "Ask the shop"}),
    f"PUT {_API}/steps/<uuid:step_id>": row(401, 404, 403, 200, 200, 200, body={"done": True}),
    f"DELETE {_API}/steps/<uuid:step_id>": row(401, 404, 403, 204, 204, 204),
    f"GET {_API}/votes": row(*READ),
    f"PUT {_API}/vote": row(401, 404, 403, 200, 200, 200),
    f"DELETE {_API}/vote": row(401, 404, 403, 200, 200, 200),
    f"GET {_API}/blockers": row(*READ),
    f"POST {_API}/blockers": row(401, 404, 403, 200, 200, 200, stage="draft", body=_other_id),
    f"DELETE {_API}/blockers/<uuid:blocker_id>": row(401, 404, 403, 200, 200, 200, stage="draft"),
    f"PUT {_API}/duplicate-of": row(401, 404, 403, 200, 200, 200, body=_other_id),
    f"PUT {_API}/position": row(401, 404, 403, 403, 200, 200, body={"to": "top"}),
    f"PUT {_API}/archived": row(401, 404, 403, 200, 200, 200, stage="draft", body={"archived": True}),
    f"POST {_API}/adoption": row(401, 404, 403, 403, 200, 200, stage="from_guest"),
    f"GET {_API}/available-transitions": row(*READ),
    f"POST {_API}/transition": row(
        401, 404, 403, 200, 200, 200, stage="draft", body={"action": "start_interview"}
    ),
    f"GET {_API}/interview": row(*READ),
    f"POST {_API}/interview/message": row(
        401, 404, 403, 200, 200, 200, stage="interviewing", body={"answers": {}}
    ),
    f"POST {_API}/interview/complete": row(
        401,
        404,
        403,
        200,
        200,
        200,
        stage="interviewing",
        body={"gherkinCriteria": CRITERIA, "agentPrompt": "Do it."},
    ),
    f"GET {_API}/interview/stream": row(*READ),
    f"POST {_API}/interview/form": row(401, 404, 403, 409, 409, 409, stage="interviewing"),
    f"DELETE {_API}/interview/reset": row(401, 404, 403, 200, 200, 200, stage="interviewing"),
    f"POST {_API}/development/start": row(401, 404, 403, 403, 201, 201, stage="ready"),
    f"POST {_API}/development/cancel": row(401, 404, 403, 403, 200, 200, stage="developing"),
    f"GET {_API}/development/status": row(*READ),
    f"GET {_API}/development/stream": row(*READ),
    f"POST {_API}/development/sync": row(401, 404, 403, 403, 200, 200, stage="developing"),
    f"POST {_API}/development/reset": row(401, 404, 403, 403, 403, 200, stage="developing"),
    f"POST {_API}/preview": row(401, 404, 403, 201, 201, 201),
    f"GET {_API}/preview": row(*READ),
    f"DELETE {_API}/preview": row(401, 404, 403, 403, 204, 204),
    f"POST {_API}/preview/cancel": row(401, 404, 403, 403, 200, 200),
    f"GET {_API}/preview/status": row(*READ),
    f"GET {_API}/preview/log": row(*READ),
    f"GET {_API}/preview/rounds": row(*READ),
    f"GET {_API}/preview/shares": row(401, 404, 403, 200, 200, 200, stage="shown"),
    f"POST {_API}/preview/shares": row(401, 404, 403, 201, 201, 201, stage="shown", body={"lasting": "hour"}),
    f"DELETE {_API}/preview/shares/<uuid:share_id>": row(401, 404, 403, 204, 204, 204, stage="shown"),
    f"POST {_API}/preview/sleep": row(401, 404, 403, 200, 200, 200, stage="shown"),
    f"POST {_API}/preview/restart": row(401, 404, 403, 200, 200, 200, stage="shown"),
    f"PUT {_API}/preview/awake": row(401, 404, 403, 200, 200, 200, stage="shown", body={"awake": True}),
    f"POST {_API}/preview/extension": row(401, 404, 403, 200, 200, 200, stage="shown"),
    f"POST {_API}/undo": row(401, 404, 403, 201, 201, 201, stage="merged"),
    f"GET {_API}/diff": row(*READ),
    f"GET {_API}/threads": row(*READ),
    f"POST {_API}/threads": row(
        401, 404, 403, 201, 201, 201, body={"path": "hours.html", "firstLine": 1, "text": "Why?"}
    ),
    f"PUT {_API}/threads/<uuid:thread_id>": row(401, 404, 403, 200, 200, 200, body={"resolved": True}),
    f"POST {_API}/threads/<uuid:thread_id>/comments": row(
        401, 404, 403, 201, 201, 201, body={"text": "So that it fits."}
    ),
    f"PUT {_API}/thread-comments/<uuid:comment_id>": row(
        401, 404, 403, 200, 403, 403, body={"text": "Why not?"}
    ),
    f"DELETE {_API}/thread-comments/<uuid:comment_id>": row(401, 404, 403, 204, 403, 403),
    f"POST {_API}/pr": row(401, 404, 403, 403, 201, 201, stage="accepted"),
    f"GET {_API}/pr/status": row(*READ, stage="offered"),
}

_VERSION = "/api/app-versions/<prefixed('appver'):id>"


def _workspace(world: World) -> dict[str, str]:
    return {"workspaceId": str(world.place.id), "name": "Shop"}


def _old_shop(world: World) -> dict[str, Any]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.html", "Hi")
    packed.seek(0)
    return {**_workspace(world), "archive": (packed, "shop.zip")}


_VERSION_PAGE = f"{_APP}/versions/<prefixed('appver'):version_id>"

APPS = {
    #                                         nobody stranger viewer requester developer admin
    f"GET {_PROJECT}/apps": row(*SEEN),
    f"GET {_PROJECT}/apps/new": row(302, 404, 403, 403, 200, 200),
    f"POST {_PROJECT}/apps/new": row(401, 404, 403, 403, 303, 303, body={"name": "Shop"}),
    f"GET {_APP}": row(302, 404, 302, 302, 302, 302),
    f"GET {_APP}/settings": row(*SEEN),
    f"POST {_APP}/settings": row(
        401, 404, 403, 403, 303, 303, body=lambda world: {"name": "Shop", "handle": world.app.handle}
    ),
    f"POST {_APP}/deletion": row(401, 404, 403, 403, 303, 303),
    f"POST {_APP}/restoration": row(401, 404, 403, 403, 303, 303),
    f"POST {_APP}/removal": row(401, 404, 403, 403, 403, 303),
    f"GET {_APP}/versions": row(*SEEN),
    f"POST {_APP}/versions": row(401, 404, 403, 403, 303, 303, body={"name": "Dark"}),
    f"GET {_VERSION_PAGE}": row(*SEEN),
    f"GET {_VERSION_PAGE}/archive": row(*SEEN),
    f"POST {_VERSION_PAGE}/name": row(401, 404, 403, 403, 303, 303, body={"name": "Darker"}),
    f"POST {_VERSION_PAGE}/deletion": row(401, 404, 403, 403, 303, 303),
    f"POST {_VERSION_PAGE}/restoration": row(401, 404, 403, 403, 303, 303),
    f"POST {_VERSION_PAGE}/removal": row(401, 404, 403, 403, 303, 303),
}

APPS_API = {
    #                                         nobody stranger viewer requester developer admin
    "GET /api/apps": row(*OWN_READ),
    "POST /api/apps": row(401, 404, 403, 403, 201, 201, body=_workspace),
    "POST /api/apps/import": row(401, 404, 403, 403, 201, 201, body=_old_shop),
    f"GET {_API_APP}": row(*READ),
    f"PATCH {_API_APP}": row(401, 404, 403, 403, 200, 200, body={"name": "Shop"}),
    f"DELETE {_API_APP}": row(401, 404, 403, 403, 200, 200),
    f"POST {_API_APP}/restore": row(401, 404, 403, 403, 200, 200),
    f"DELETE {_API_APP}/purge": row(401, 404, 403, 403, 403, 200),
    "GET /api/app-versions": row(*READ, query=lambda world: f"app_id={world.app.id}"),
    "POST /api/app-versions": row(
        401, 404, 403, 403, 201, 201, body=lambda world: {"appId": world.app.id, "name": "Next"}
    ),
    f"GET {_VERSION}": row(*READ),
    f"PATCH {_VERSION}": row(401, 404, 403, 403, 200, 200, body={"name": "Next"}),
    f"DELETE {_VERSION}": row(401, 404, 403, 403, 200, 200),
    f"POST {_VERSION}/restore": row(401, 404, 403, 403, 200, 200),
    f"DELETE {_VERSION}/purge": row(401, 404, 403, 403, 200, 200),
    f"GET {_VERSION}/commits": row(*READ),
    f"GET {_VERSION}/compare": row(*READ),
    f"GET {_VERSION}/archive": row(*READ),
    f"GET {_VERSION}/files": row(*READ),
    f"POST {_VERSION}/files": row(401, 404, 403, 403, 201, 201, body={"path": "new.txt", "content": "Hi"}),
    f"PATCH {_VERSION}/files": row(
        401, 404, 403, 403, 200, 200, body={"path": "index.html", "content": "Hi"}
    ),
    f"DELETE {_VERSION}/files": row(401, 404, 403, 403, 200, 200, query="path=about.html"),
    f"GET {_VERSION}/files/read": row(*READ, query="path=index.html"),
    f"GET {_VERSION}/files/search": row(*READ, query="query=hours"),
    f"POST {_VERSION}/files/upload": row(401, 404, 403, 403, 201, 201, body=_picture),
}

DECISIONS: dict[str, Decision] = {
    **DOORS,
    **KIT,
    **INSTALLATION,
    **ORGANIZATIONS,
    **PROJECTS,
    **REQUESTS,
    **APPS,
    **APPS_API,
    **SPECS,
    **API_OF_SPECS,
    **PAGES_OF_ENVIRONMENTS,
    **API_OF_ENVIRONMENTS,
    **API_OF_PEOPLE,
    **API_OF_EDITORS,
    **API_OF_REQUESTS,
}

# Routes that nobody in particular may use, each with the reason.
PUBLIC = {
    "GET /sign-in": "the door",
    "POST /sign-in": "the door",
    "POST /sign-out": "also for whose session has ended already",
    "GET /welcome/<secret>": "the secret is the right; it comes from the terminal",
    "POST /welcome/<secret>": "the secret is the right",
    "GET /forgotten-password": "the door, for who cannot come in",
    "POST /forgotten-password": "the door; whoever has the mailbox gets the link",
    "GET /reset-password/<secret>": "the secret is the right; an admin gave it",
    "POST /reset-password/<secret>": "the secret is the right",
    "GET /invitations/<secret>": "the secret is the right; it says who invites to what",
    "POST /invitations/<secret>": "the secret is the right",
    "GET /intake/<secret>": "the secret is the right; it names the project, and nothing else of it",
    "POST /intake/<secret>": "the secret is the right; what comes is a draft that a developer sorts out",
    "GET /intake/<secret>/thanks": "the secret is the right",
    "GET /join/<secret>": "the secret is the right; it says where it leads",
    "POST /join/<secret>": "the secret is the right",
    "GET /api/domains/ask": "for the front proxy; the DNS tells everybody which names lead here",
    "GET /static/<path:filename>": "our own files",
    "GET /favicon.ico": "our own file",
    "GET /healthz": "for a supervisor",
    "GET /readyz": "for a supervisor",
    "GET /metrics": "for Prometheus; it names kinds of work, never whose",
    "GET /api/openapi.json": "what the API takes is no secret",
    "GET /api/docs": "what the API takes is no secret",
    "GET /design": "shows components with made-up samples",
    "GET /design/plain": "shows components with made-up samples",
    "GET /design/errors/<int:status>": "shows how an error looks",
    f"GET {_PROJECT}.git": "leads whoever opens a clone address in a browser to the board, which asks",
    f"GET {_APP}.git": "leads whoever opens a clone address in a browser to the versions, which ask",
    "POST /api/auth/token": "the door for programs",
    "POST /api/webhooks/github": "its signature is the right",
    "POST /api/webhooks/vercel": "its signature is the right",
    "POST /api/webhooks/cursor": "its signature is the right",
    "GET /api/cron/poll-agents": "its secret is the right",
    "GET /mcp": "says to everybody alike that it does not stream",
    "DELETE /mcp": "says to everybody alike that it keeps no sessions",
    f"GET {_CODE}": "the code is the right",
    f"GET {_CODE}/<any('spec.md', 'agent.md', 'architecture.svg', 'pages.md'):rendering>": "the code is the right",
    "GET /api/invitations/token/<token>": "the secret is the right",
    "GET /api/join-links/token/<token>": "the secret is the right",
    "POST /api/join-links/token/<token>/accept": "the secret is the right",
    "POST /api/invitations/token/<token>/accept": "the secret is the right",
}
