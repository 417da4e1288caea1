"""The editor of a version: its files, one of them open, and what they look like running beside it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Response, g, request
from flask_babel import gettext as _

from app.apps import operations, queries
from app.apps.models import AppVersion, SessionStatus
from app.apps.operations.files import Saved
from app.apps.permissions import can_work_on, can_write_to
from app.apps.queries.files import BlobAt
from app.apps.schemas.editor import FilePlace, FileText, MovedFile, NewFile, Uploaded
from app.apps.schemas.sessions import SessionOut
from app.apps.views.base import blueprint
from app.apps.views.parts import APP, find_app
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Stale
from app.core.ids import token
from app.web.guards import me, takes_files
from app.web.log_files import answer_log
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form
from app.web.uploads import uploads

_EDIT = f"{APP}/versions/<prefixed('appver'):version_id>/edit"
_SLOW_RELOAD = 1500  # milliseconds that a server takes to start again by itself


def _version(organization: str, project: str, app_id: str, version_id: str) -> AppVersion:
    """Load the version at an address, for somebody who may work on it."""
    found = load_or_404(queries.version_at(find_app(organization, project, app_id), version_id))
    if found.is_deleted or found.app.is_deleted:
        raise NotFound(_("What is deleted is not edited. Take it back first."))
    if not can_work_on(me(), found.app):
        raise NotAllowed(_("Only developers and admins edit apps and run what they edit."))
    return found


def _shown(version: AppVersion, path: str, **more: Any) -> dict[str, Any]:
    """Return what the list of files shows, opened as far as the file at hand."""
    above = path.split("/")[:-1]
    opened = ["/".join(above[:length]) for length in range(len(above) + 1)]
    folder = request.args.get("folder", "")
    opened += ["/".join(folder.split("/")[:length]) for length in range(1, folder.count("/") + 2) if folder]
    return {
        "version": version,
        "app_": version.app,
        "project_": version.app.project,
        "edit": f"{version.path}/edit",
        "path": path,
        "inside": {each: queries.files_in(version, each) for each in opened},
        "may_write": can_write_to(me(), version),
        **more,
    }


def _page(version: AppVersion, path: str, *, status: int = 200, **more: Any) -> Response:
    g.style_nonce = token(16)
    file = queries.file_at(version, path) if path else None
    return render(
        "apps/editor/page.html",
        status=status,
        **_shown(version, path, file=file, found=None, nonce=g.style_nonce, line=request.args.get("line", ""))
        | _previewed(version)
        | more,
    )


@blueprint.get(_EDIT)
def edit(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Show the editor, with the file that the address names."""
    version = _version(organization, project, app_id, version_id)
    return _page(version, request.args.get("path", ""))


@blueprint.post(_EDIT)
def save(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Save the file that the plain form holds; what somebody else saved meanwhile is shown beside it."""
    version, form = _version(organization, project, app_id, version_id), Form(FileText)
    sides: dict[str, Any] = {}

    def write(sent: FileText) -> None:
        before = queries.file_at(version, sent.path)
        try:
            operations.update_file(
                version,
                by=me(),
                path=sent.path,
                content=_written(sent, before),
                if_match=sent.if_match or None,
            )
        except Stale:
            sides["theirs"] = before
            raise

    form.submit(write)
    path = form.values.get("path", "")
    if form.errors:
        return _page(version, path, status=422, form=form, theirs=sides.get("theirs"))
    return done(_address(version, path))


def _written(sent: FileText, before: BlobAt) -> bytes:
    """Return what was written with the line ends of before: forms send those of the network."""
    plain = sent.content.replace("\r\n", "\n")
    return (plain.replace("\n", "\r\n") if b"\r\n" in before.content else plain).encode()


def _address(version: AppVersion, path: str) -> str:
    return f"{version.path}/edit?path={quote(path)}"


# --- the list of files -----------------------------------------------------------------------------------


@blueprint.get(f"{_EDIT}/folder")
def list_folder(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Show what is in one folder."""
    version, folder = _version(organization, project, app_id, version_id), request.args.get("path", "")
    return render(
        "apps/editor/_folder.html",
        **_shown(version, "", folder=folder) | {"inside": {folder: queries.files_in(version, folder)}},
    )


@blueprint.get(f"{_EDIT}/search")
def search(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Find lines that say something, and files that are called so."""
    version, sought = _version(organization, project, app_id, version_id), request.args.get("q", "").strip()
    found = queries.files_saying(version, sought) if sought else []
    shown: dict[str, Any] = {"found": found, "sought": sought}
    if request.headers.get("HX-Request") == "true":
        return render("apps/editor/_found.html", **_shown(version, "", **shown))
    return _page(version, request.args.get("path", ""), **shown)


@blueprint.post(f"{_EDIT}/files")
def make_file(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Make a file, empty as yet."""
    version, form = _version(organization, project, app_id, version_id), Form(NewFile)
    made = form.submit(
        lambda sent: _inside(lambda: operations.create_file(version, by=me(), path=sent.path, content=b""))
    )
    if made is None:
        return _refused(version, new_form=form)
    return _changed(version, made.path, "file-made", path=made.path)


@blueprint.post(f"{_EDIT}/name")
def move_file(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Give a file another name, or another place."""
    version, form = _version(organization, project, app_id, version_id), Form(MovedFile)
    moved = form.submit(
        lambda sent: _inside(
            lambda: operations.update_file(version, by=me(), path=sent.path, new_path=sent.new_path),
            field="new_path",
        )
    )
    if moved is None:
        return _refused(version, name_form=form)
    return _changed(version, moved.path, "file-moved", path=form.valid.path, to=moved.path)


@blueprint.post(f"{_EDIT}/removal")
def remove_file(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Delete a file."""
    version, form = _version(organization, project, app_id, version_id), Form(FilePlace)
    gone = form.submit(lambda sent: operations.delete_file(version, by=me(), path=sent.path))
    if gone is None:
        return _refused(version, name_form=form)
    return _changed(version, "", "file-gone", path=gone.path)


@blueprint.post(f"{_EDIT}/uploads")
@takes_files
def upload(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Add files from the computer, or write them anew."""
    version, form = _version(organization, project, app_id, version_id), Form(Uploaded)
    files = {each.name: each.stream.read() for each in uploads()}
    added = form.submit(
        lambda sent: _inside(
            lambda: operations.upload_files(version, by=me(), files=files, folder=sent.folder), field="folder"
        )
    )
    if added is None:
        return _refused(version, upload_form=form)
    return _changed(version, request.form.get("shown", ""), "files-changed")


def _inside(act: Callable[[], Saved], *, field: str = "path") -> Saved:
    """Act, and say of a path that leads elsewhere what is wrong with it beside its field."""
    try:
        return act()
    except DomainError as trouble:
        if trouble.code != "outside_path":
            raise
        raise Invalid.field(field, trouble.message) from trouble


def _changed(version: AppVersion, shown: str, what: str, **which: str) -> Response:
    """Answer a change of the files: the list as it is now, with a word to the open editor."""
    answer = done(
        _address(version, shown) if shown else f"{version.path}/edit",
        fragment="apps/editor/_files.html",
        **_shown(version, shown),
    )
    answer.headers["HX-Trigger-After-Swap"] = json.dumps({what: which, "files-changed": {}})
    return answer


def _refused(version: AppVersion, **forms: Form[Any]) -> Response:
    """Show the form again that does not hold, with what was typed."""
    path = request.form.get("path", "") if "new_form" not in forms and "upload_form" not in forms else ""
    if request.headers.get("HX-Request") == "true":
        shown = _shown(version, path, **forms)
        return render("apps/editor/_files.html", status=422, **shown)
    return _page(version, path, status=422, **forms)


# --- the preview beside it -------------------------------------------------------------------------------


def _previewed(version: AppVersion) -> dict[str, Any]:
    found = queries.latest_session_of(version)
    state = SessionOut.of(found, queries.run_of_session(found)) if found is not None else None
    return {"session": found, "state": state, "edit": f"{version.path}/edit", "pause": _pause(state)}


def _pause(state: SessionOut | None) -> int:
    is_static = state is not None and state.metadata.kind == "static"
    return 0 if is_static else _SLOW_RELOAD


@blueprint.get(f"{_EDIT}/preview")
def show_preview(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Show how the preview of a version stands; polls itself while it comes up."""
    return _preview(_version(organization, project, app_id, version_id))


def _preview(version: AppVersion) -> Response:
    return done(f"{version.path}/edit", fragment="apps/editor/_preview.html", **_previewed(version))


@blueprint.post(f"{_EDIT}/preview")
def start_preview(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Run a version while it is edited."""
    version = _version(organization, project, app_id, version_id)
    operations.open_session(version, by=me())
    return _preview(version)


@blueprint.post(f"{_EDIT}/preview/removal")
def stop_preview(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """End what runs of a version."""
    version = _version(organization, project, app_id, version_id)
    found = queries.latest_session_of(version)
    if found is not None:
        operations.stop_session(found, by=me())
    return _preview(version)


@blueprint.get(f"{_EDIT}/preview/log")
def read_preview_log(organization: str, project: str, app_id: str, version_id: str) -> Response:
    """Give the log of a version's preview, from a byte offset on, or whole."""
    found = queries.latest_session_of(_version(organization, project, app_id, version_id))
    if found is None:
        raise NotFound(_("Nothing was run of this version yet, so there is no log."))
    return answer_log(found.log_path, ended=found.status in {SessionStatus.FAILED, SessionStatus.STOPPED})
