"""Apps themselves, for programs."""

from typing import Any

from flask import request

from app.accounts.queries import key_of_secret
from app.apps import operations, queries
from app.apps.api.base import declare, find_app
from app.apps.models import App
from app.apps.schemas.apps import AppChange, AppList, AppOut, AppsQuery, NewApp, UploadedApp
from app.apps.schemas.listing import Success
from app.core.errors import Invalid
from app.engine.archives import unpack
from app.projects.queries import project_visible_to
from app.web.guards import bearer, me, works_at_rest
from app.web.pages import load_or_404
from app.web.uploads import one_upload


def _form() -> dict[str, str]:
    return request.form.to_dict()


@declare("GET", "/apps", operation="List apps", query=AppsQuery, answer=AppList, errors=(400,))
def list_apps(query: AppsQuery) -> dict[str, Any]:
    """List the apps that you may see, newest first unless `orderBy` says otherwise."""
    part = queries.apps_listed_for(me(), **query.model_dump())
    return {"data": part.rows, "page_info": part.page_info}


@declare(
    "POST", "/apps", operation="Create app", body=NewApp, answer=AppOut, status=201, errors=(403, 404, 409)
)
def create_app(body: NewApp) -> App:
    """Make an app with a repository of its own: empty, or (ours) from a starter or the project's history."""
    project = load_or_404(project_visible_to(me(), body.workspace_id))
    return operations.create_app(project, by=me(), api_key_id=_key_id(), **body.what())


@declare(
    "POST",
    "/apps/import",
    operation="Create app from a zip or tar (ours)",
    body=UploadedApp,
    sent=_form,
    files="archive",
    answer=AppOut,
    status=201,
    errors=(403, 404, 409, 413),
)
def import_app(body: UploadedApp) -> App:
    """Make an app from an archive in the field `archive` of `multipart/form-data`."""
    project = load_or_404(project_visible_to(me(), body.workspace_id))
    sent = one_upload("archive")
    if sent is None:
        raise Invalid.field("archive", "Send a zip or tar in the field `archive`.", type="missing")
    return operations.create_app(
        project, by=me(), api_key_id=_key_id(), files=unpack(sent.stream), **body.what()
    )


@declare("GET", "/apps/<prefixed('app'):id>", operation="Get app", answer=AppOut, errors=(404,))
def get_app(id: str) -> App:  # noqa: A002 - the contract's name
    """Return an app; a deleted one says when it is purged."""
    return find_app(id)


@declare(
    "PATCH",
    "/apps/<prefixed('app'):id>",
    operation="Update app",
    body=AppChange,
    answer=AppOut,
    errors=(403, 404, 409),
)
def update_app(id: str, body: AppChange) -> App:  # noqa: A002
    """Change an app; what is missing stays, `config` is replaced whole."""
    app = find_app(id)
    operations.edit_app(app, by=me(), **body.what())
    return app


@declare(
    "DELETE",
    "/apps/<prefixed('app'):id>",
    operation="Soft-delete app",
    answer=Success,
    errors=(403, 404, 409),
)
@works_at_rest
def delete_app(id: str) -> Success:  # noqa: A002
    """Delete an app so that it can be taken back until `purgeAt`; `config.retentionTier` says how long."""
    operations.delete_app(find_app(id), by=me())
    return Success()


@declare(
    "POST",
    "/apps/<prefixed('app'):id>/restore",
    operation="Restore a soft-deleted app",
    answer=AppOut,
    errors=(403, 404),
)
@works_at_rest
def restore_app(id: str) -> App:  # noqa: A002
    """Take a deleted app back with all its versions; deploy it to have it live again."""
    app = find_app(id)
    operations.restore_app(app, by=me())
    return app


@declare(
    "DELETE",
    "/apps/<prefixed('app'):id>/purge",
    operation="Permanently delete a soft-deleted app",
    answer=Success,
    errors=(403, 404, 409),
)
@works_at_rest
def purge_app(id: str) -> Success:  # noqa: A002
    """Remove a deleted app for good, with its repository."""
    operations.purge_app(find_app(id), by=me())
    return Success()


def _key_id() -> Any:
    """Return which key asks, where it is one."""
    secret = bearer()
    key = key_of_secret(secret) if secret is not None and secret.startswith("gr_") else None
    return key.id if key is not None else None
