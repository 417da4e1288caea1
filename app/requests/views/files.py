"""The pictures and files of a request: what comes with a form, and how each is given out."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response, request, send_file

from app.core.errors import Gone
from app.projects.models import Project
from app.projects.queries import project_at
from app.requests import operations, permissions, queries
from app.requests.models import Attachment, ProductRequest
from app.requests.views.base import blueprint
from app.web.guards import me, takes_files
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form, Schema
from app.web.uploads import uploads

AGAIN = "kept"
_FILES = "/<organization>/<project>/requests/<int:number>/files"


class HandedIn:
    """The files of a form: what holds is kept at once, so that a form that is refused loses none of them."""

    def __init__(self, project: Project) -> None:
        again = queries.handed_in(project, me(), list(_ids(request.form.getlist(AGAIN))))
        fresh, self.faults = operations.take_in(project, uploads(), by=me())
        self.kept: list[Attachment] = [*again, *fresh]

    def all(self) -> list[Attachment]:
        """Return all of them, or say which could not be taken."""
        if self.faults:
            raise operations.refusal(self.faults)
        return self.kept


def _ids(sent: list[str]) -> Iterator[UUID]:
    for each in sent:
        try:
            yield UUID(each)
        except ValueError:
            continue


def _request(organization: str, project: str, number: int) -> ProductRequest:
    found = load_or_404(project_at(me(), organization, project))
    return load_or_404(queries.request_numbered(me(), found, number))


@blueprint.get(_FILES)
def show_files(organization: str, project: str, number: int) -> Response:
    """Show a request's pictures and files."""
    return _show(_request(organization, project, number))


@blueprint.post(_FILES)
@takes_files
def add_files(organization: str, project: str, number: int) -> Response:
    """Add pictures and files to what a request is about."""
    wanted = _request(organization, project, number)
    form, sent = Form(Schema), HandedIn(wanted.project)
    form.submit(lambda _: operations.add_files(wanted, sent.all(), by=me()))
    if form.errors:
        return _show(wanted, status=422, files_form=form, kept=sent.kept)
    return done(wanted.path, fragment="requests/_files.html", **files_context(wanted))


@blueprint.post(f"{_FILES}/<uuid:attachment_id>/removal")
def remove_file(organization: str, project: str, number: int, attachment_id: UUID) -> Response:
    """Take a picture or file away."""
    wanted = _request(organization, project, number)
    operations.remove_file(load_or_404(queries.attachment_in(wanted, attachment_id)), by=me())
    return done(wanted.path, fragment="requests/_files.html", **files_context(wanted))


def files_context(wanted: ProductRequest) -> dict[str, Any]:
    """Return what `requests/_files.html` shows: all that came with the request itself, not with a comment."""
    attachments = [each for each in queries.attachments_of(wanted) if each.activity_id is None]
    return {
        "request_": wanted,
        "attachments": attachments,
        "removable": {each.id for each in attachments if permissions.can_remove(me(), each)},
        "may_add": permissions.can_comment(me(), wanted) and not wanted.is_over,
    }


def _show(wanted: ProductRequest, *, status: int = 200, **form: Any) -> Response:
    context = {**files_context(wanted), **form}
    return render("requests/files.html", fragment="requests/_files.html", status=status, **context)


@blueprint.get(f"{_FILES}/<uuid:attachment_id>")
def give_file(organization: str, project: str, number: int, attachment_id: UUID) -> Response:
    """Give a file's bytes: a picture to be looked at, anything else to be saved; nothing in it runs here."""
    wanted = _request(organization, project, number)
    attachment = load_or_404(queries.attachment_in(wanted, attachment_id))
    if not attachment.place.is_file():
        raise Gone(f"{attachment.name} is no longer kept here. Ask for it to be sent again.")
    answer = send_file(
        attachment.place,
        mimetype=attachment.content_type if attachment.is_picture else "application/octet-stream",
        as_attachment=not attachment.is_picture,
        download_name=attachment.name,
        etag=attachment.digest,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
