"""What each operation of apps is asked: so that it works, and so that it cannot; a stranger asks the same."""

import io
import zipfile
from typing import Any

from sqlalchemy import select

from app.apps import queries
from app.apps.models import App, AppVersion, BuildStatus, Deploy, DeployStatus, SessionStatus
from app.core.db import session
from tests.apps.walk import HOST, Here, Row


def _zip(here: Here) -> dict[str, Any]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.html", "<h1>Hi</h1>")
    packed.seek(0)
    return {"workspaceId": str(here.project.id), "name": "Old shop", "archive": (packed, "shop.zip")}


def _files(_here: Here) -> dict[str, Any]:
    return {"files": [(io.BytesIO(b"one"), "one.txt")]}


def _ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer.json["data"]]


def _text(here: Here, path: str) -> str | None:
    return queries.file_at(here.main, path).text if path in _paths(here) else None


def _paths(here: Here) -> list[str]:
    return queries.repository_of_app(here.shop).files("main")


def _newest(here: Here) -> Deploy:
    return queries.newest_deploys(here.shop, most=1)[0]


_APP, _VERSION = "/apps/{here.shop.id}", "/app-versions/{here.main.id}"
_FORK, _OLD, _FILES = "/app-versions/{here.fork.id}", "/app-versions/{here.given_up.id}", f"{_VERSION}/files"
_BUILD, _DEPLOY = "/builds/{here.build.id}", "/deploys/{here.live.id}"
_SESSION, _NO_SESSION = "/apps/preview/{here.opened.id}", "/apps/preview/appprv_nothing"
_NO_APP, _NO_VERSION, _EMPTY = "/apps/app_nothing", "/app-versions/appver_nothing", "/apps/{here.empty.id}"
_OF_PROJECT = {"workspaceId": "{here.project.id}"}
_MAIN = {"appVersionId": "{here.main.id}"}

ROWS: dict[str, Row] = {
    # --- apps
    "GET /api/apps": Row(
        path="/apps?name=shop",
        left=lambda here, answer: _ids(answer) == [here.shop.id],
        bad=('/apps?orderBy=[{{"colour":"asc"}}]', None, 400),
        stranger=200,
    ),
    "POST /api/apps": Row(
        path="/apps",
        body={**_OF_PROJECT, "name": "New"},
        status=201,
        left=lambda _, answer: session.get(App, answer.json["id"]).name == "New",
        bad=("", {**_OF_PROJECT, "name": ""}, 422),
    ),
    "POST /api/apps/import": Row(
        path="/apps/import",
        body=_zip,
        status=201,
        left=lambda _, answer: session.get(App, answer.json["id"]).name == "Old shop",
        bad=("", lambda here: {**_zip(here), "archive": (io.BytesIO(b"no"), "a.zip")}, 422),
    ),
    "GET /api/apps/{id}": Row(
        path=_APP,
        left=lambda here, answer: answer.json["handle"] == here.shop.handle,
        bad=(_NO_APP, None, 404),
    ),
    "PATCH /api/apps/{id}": Row(
        path=_APP,
        body={"description": "All there is"},
        left=lambda here, _: here.shop.description == "All there is",
        bad=("", {"config": {"colour": "red"}}, 422),
    ),
    "DELETE /api/apps/{id}": Row(
        path=_APP,
        left=lambda here, _: here.shop.is_deleted,
        bad=("/apps/{here.first.id}", None, 409),
    ),
    "POST /api/apps/{id}/restore": Row(
        path="/apps/{here.gone.id}/restore",
        left=lambda here, _: not here.gone.is_deleted,
        bad=(f"{_NO_APP}/restore", None, 404),
    ),
    "DELETE /api/apps/{id}/purge": Row(
        path="/apps/{here.gone.id}/purge",
        by="ada",
        left=lambda *_: session.scalars(select(App.name).where(App.name == "Gone")).all() == [],
        bad=(f"{_APP}/purge", None, 409),
    ),
    # --- what is live
    "POST /api/apps/{id}/deploy": Row(
        path="/apps/{here.build.app_id}/deploy",
        status=201,
        left=lambda here, answer: _newest(here).id == answer.json["id"],
        bad=(f"{_EMPTY}/deploy", None, 409),
    ),
    "POST /api/apps/{id}/builds/{buildId}/deploy": Row(
        path=_APP + "/builds/{here.build.id}/deploy",
        status=201,
        left=lambda here, _: _newest(here).build_id == here.build.id,
        bad=(f"{_APP}/builds/bld_nothing/deploy", None, 404),
    ),
    "POST /api/apps/{id}/rollback": Row(
        path="/apps/{here.live.app_id}/rollback",
        body={},
        status=201,
        left=lambda here, _: _newest(here).build_id == here.build.id,
        bad=(f"{_EMPTY}/rollback", {}, 409),
    ),
    "GET /api/apps/{id}/rollback": Row(
        path="/apps/{here.live.app_id}/rollback",
        left=lambda here, answer: answer.json["buildId"] == here.build.id,
        bad=(f"{_EMPTY}/rollback", None, 409),
    ),
    # --- its domain and its environment
    "GET /api/apps/{id}/domain": Row(
        path="/apps/{here.domain.app_id}/domain",
        left=lambda _, answer: answer.json["hostname"] == HOST,
        bad=(f"{_NO_APP}/domain", None, 404),
    ),
    "PUT /api/apps/{id}/domain": Row(
        path=f"{_APP}/domain",
        by="ada",
        body={"hostname": HOST},
        left=lambda here, _: queries.domain_of(here.shop).hostname == HOST,
        bad=("", {"hostname": "*.example.com"}, 422),
    ),
    "DELETE /api/apps/{id}/domain": Row(
        path="/apps/{here.domain.app_id}/domain",
        by="ada",
        left=lambda here, _: queries.domain_of(here.shop) is None,
        bad=(f"{_EMPTY}/domain", None, 409),
    ),
    "POST /api/apps/{id}/domain/check": Row(
        path="/apps/{here.domain.app_id}/domain/check",
        by="ada",
        left=lambda here, _: "apps.check_domain" in here.bell.kinds,
        bad=(f"{_EMPTY}/domain/check", None, 409),
    ),
    "GET /api/domains/ask": Row(
        path="/domains/ask?domain={here.domain.hostname}",
        left=lambda _, answer: answer.json["success"],
        bad=("/domains/ask?domain=other.example.com", None, 404),
        stranger=200,
    ),
    "GET /api/apps/{id}/env": Row(
        path="/apps/{here.variable.app_id}/env",
        by="ada",
        left=lambda _, answer: answer.json["data"] == [{"name": "MODE", "type": "plain", "value": "demo"}],
        bad=(f"{_NO_APP}/env", None, 404),
    ),
    "PUT /api/apps/{id}/env": Row(
        path=f"{_APP}/env",
        by="ada",
        body={"name": "VITE_KEY", "value": "1"},
        left=lambda here, _: queries.variable_named(here.shop, "VITE_KEY").value == "1",
        bad=("", {"name": "1 KEY", "value": "1"}, 422),
    ),
    "DELETE /api/apps/{id}/env": Row(
        path=_APP + "/env?name={here.variable.name}",
        by="ada",
        left=lambda here, _: queries.variables_of(here.shop) == [],
        bad=(f"{_APP}/env?name=NOTHING", None, 404),
    ),
    # --- preview sessions
    "POST /api/app-preview-sessions": Row(
        path="/app-preview-sessions",
        body=_MAIN,
        status=201,
        left=lambda here, answer: queries.open_session_of(here.main).id == answer.json["id"],
        bad=("", {}, 422),
    ),
    "GET /api/apps/preview/{sessionId}": Row(
        path=_SESSION,
        left=lambda _, answer: answer.json["status"] == "hydrating",
        bad=(_NO_SESSION, None, 404),
    ),
    "POST /api/apps/preview/{sessionId}/keepalive": Row(
        path=f"{_SESSION}/keepalive",
        left=lambda here, _: here.opened.last_heartbeat_at > here.opened.created_at,
        bad=(f"{_NO_SESSION}/keepalive", None, 404),
    ),
    "DELETE /api/apps/preview/{sessionId}": Row(
        path=_SESSION,
        left=lambda here, _: here.opened.status is SessionStatus.STOPPED,
        bad=(_NO_SESSION, None, 404),
    ),
    # --- versions
    "GET /api/app-versions": Row(
        path="/app-versions?app_id={here.fork.app_id}",
        left=lambda here, answer: set(_ids(answer)) == {here.fork.id, here.main.id},
        bad=("/app-versions", None, 400),
    ),
    "POST /api/app-versions": Row(
        path="/app-versions",
        body={"appId": "{here.shop.id}", "name": "Light"},
        status=201,
        left=lambda here, answer: session.get(AppVersion, answer.json["id"]).parent_id == here.main.id,
        bad=("", {"appId": "{here.shop.id}", "parentId": "{here.first.default_version_id}"}, 422),
    ),
    "GET /api/app-versions/{id}": Row(
        path=_VERSION,
        left=lambda _, answer: answer.json["branch"] == "main",
        bad=(_NO_VERSION, None, 404),
    ),
    "PATCH /api/app-versions/{id}": Row(
        path=_FORK,
        body={"name": "Darker"},
        left=lambda here, _: here.fork.name == "Darker",
        bad=("", {"name": " "}, 422),
    ),
    "DELETE /api/app-versions/{id}": Row(
        path=_FORK,
        left=lambda here, _: here.fork.is_deleted,
        bad=(_VERSION, None, 409),
    ),
    "POST /api/app-versions/{id}/restore": Row(
        path=f"{_OLD}/restore",
        left=lambda here, _: not here.given_up.is_deleted,
        bad=(f"{_NO_VERSION}/restore", None, 404),
    ),
    "DELETE /api/app-versions/{id}/purge": Row(
        path=f"{_OLD}/purge",
        left=lambda here, _: list(queries.repository_of_app(here.shop).branches()) == ["main"],
        bad=(f"{_VERSION}/purge", None, 409),
    ),
    "GET /api/app-versions/{id}/archive": Row(
        path=f"{_VERSION}/archive",
        left=lambda here, answer: zipfile.ZipFile(io.BytesIO(answer.data)).namelist() == _paths(here),
        bad=(f"{_NO_VERSION}/archive", None, 404),
    ),
    "GET /api/app-versions/{id}/commits": Row(
        path=f"{_VERSION}/commits",
        left=lambda here, answer: answer.json["data"][0]["sha"] == queries.tip_of(here.main),
        bad=(f"{_NO_VERSION}/commits", None, 404),
    ),
    "GET /api/app-versions/{id}/compare": Row(
        path=f"{_FORK}/compare",
        left=lambda _, answer: answer.json["files"] == [],
        bad=(f"{_VERSION}/compare", None, 422),
    ),
    # --- files
    "GET /api/app-versions/{id}/files": Row(
        path=_FILES,
        left=lambda _, answer: "index.html" in [each["path"] for each in answer.json["data"]],
        bad=(f"{_FILES}?path=../etc", None, 400),
    ),
    "POST /api/app-versions/{id}/files": Row(
        path=_FILES,
        body={"path": "new.txt", "content": "new"},
        status=201,
        left=lambda here, _: _text(here, "new.txt") == "new",
        bad=("", {"path": "../new.txt", "content": "new"}, 400),
    ),
    "PATCH /api/app-versions/{id}/files": Row(
        path=_FILES,
        body={"path": "index.html", "content": "new"},
        left=lambda here, _: _text(here, "index.html") == "new",
        bad=("", {"path": "index.html", "content": "new", "ifMatch": "0" * 40}, 409),
    ),
    "DELETE /api/app-versions/{id}/files": Row(
        path=f"{_FILES}?path=about.html",
        left=lambda here, _: "about.html" not in _paths(here),
        bad=(f"{_FILES}?path=missing", None, 404),
    ),
    "GET /api/app-versions/{id}/files/read": Row(
        path=f"{_FILES}/read?path=index.html",
        left=lambda here, answer: answer.json["content"] == _text(here, "index.html"),
        bad=(f"{_FILES}/read?path=/etc/passwd", None, 400),
    ),
    "GET /api/app-versions/{id}/files/search": Row(
        path=f"{_FILES}/search?query=doctype",
        left=lambda _, answer: answer.json["data"][0]["line"] == 1,
        bad=(f"{_FILES}/search?query=", None, 422),
    ),
    "POST /api/app-versions/{id}/files/upload": Row(
        path=f"{_FILES}/upload",
        body=_files,
        status=201,
        left=lambda here, _: _text(here, "one.txt") == "one",
        bad=("", lambda _: {}, 422),
    ),
    # --- builds
    "GET /api/builds": Row(
        path="/builds?app_id={here.build.app_id}",
        left=lambda here, answer: _ids(answer) == [here.build.id],
        bad=('/builds?filter={{"colour":{{"eq":"red"}}}}', None, 400),
        stranger=200,
    ),
    "POST /api/builds": Row(
        path="/builds",
        body=_MAIN,
        status=201,
        left=lambda here, answer: (
            [each.id for each in queries.unended_builds(here.shop)] == [answer.json["id"]]
        ),
        bad=("", {}, 422),
    ),
    "GET /api/builds/{id}": Row(
        path=_BUILD,
        left=lambda _, answer: answer.json["status"] == "completed",
        bad=("/builds/bld_nothing", None, 404),
    ),
    "POST /api/builds/{id}/cancel": Row(
        path="/builds/{here.waiting_build.id}/cancel",
        left=lambda here, _: here.waiting_build.status is BuildStatus.CANCELLED,
        bad=(f"{_BUILD}/cancel", None, 409),
    ),
    "GET /api/builds/{id}/log": Row(
        path=f"{_BUILD}/log",
        left=lambda here, answer: answer.json["text"] == here.build.log_path.read_text(),
        bad=(f"{_BUILD}/log?limit=0", None, 422),
    ),
    # --- deploys
    "GET /api/deploys": Row(
        path="/deploys?entity_id={here.live.app_id}",
        left=lambda here, answer: _ids(answer)[0] == here.live.id,
        bad=("/deploys?after=nonsense", None, 400),
        stranger=200,
    ),
    "POST /api/deploys": Row(
        path="/deploys",
        body={"buildId": "{here.build.id}"},
        status=201,
        left=lambda here, answer: _newest(here).id == answer.json["id"],
        bad=("", {}, 422),
    ),
    "GET /api/deploys/{id}": Row(
        path=_DEPLOY,
        left=lambda _, answer: answer.json["live"],
        bad=("/deploys/dpl_nothing", None, 404),
    ),
    "POST /api/deploys/{id}/cancel": Row(
        path="/deploys/{here.waiting_deploy.id}/cancel",
        left=lambda here, _: here.waiting_deploy.status is DeployStatus.CANCELLED,
        bad=("/deploys/dpl_nothing/cancel", None, 404),
    ),
    "GET /api/deploys/{id}/log": Row(
        path=f"{_DEPLOY}/log",
        left=lambda _, answer: "put live" in answer.json["text"],
        bad=(f"{_DEPLOY}/log?limit=0", None, 422),
    ),
}
