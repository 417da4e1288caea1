"""Pictures and files: taken with a form, given to a request or to what was said of it, taken away."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete

from app.accounts.models import User
from app.core import files
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Fault, Invalid, NotAllowed
from app.core.files import Upload, clean_name
from app.core.installation import installation
from app.organizations.operations import LimitReached, leave_room_for_bytes
from app.projects.models import Project
from app.requests import permissions, queries
from app.requests.models import Activity, ActivityType, Attachment, ProductRequest
from app.requests.operations.feed import record

MOST_AT_ONCE = 20
PATIENCE = timedelta(days=1)
_MEGABYTE = 1024 * 1024


def take_in(project: Project, uploads: Sequence[Upload], *, by: User) -> tuple[list[Attachment], list[str]]:
    """Keep what was sent, for a request to come; returns what holds, and a sentence on each that does not."""
    if uploads and not permissions.can_hand_in(by, project):
        raise NotAllowed("You can look at this board, not send files to it.")
    good, faults = _sorted(uploads)
    if good and not project.is_sample:
        try:
            leave_room_for_bytes(project.organization, sum(files.length_of(each.stream) for each in good))
        except LimitReached as trouble:
            good, faults = [], [*faults, trouble.message]
    attachments = [_kept(project, upload, by=by) for upload in good]
    with transaction():
        session.add_all(attachments)
    return attachments, faults


def _sorted(uploads: Sequence[Upload]) -> tuple[list[Upload], list[str]]:
    most = installation().file_limit_mb
    good: list[Upload] = []
    faults: list[str] = []
    for upload in uploads:
        name, length = clean_name(upload.name), files.length_of(upload.stream)
        if length > most * _MEGABYTE:
            faults.append(f"{name} has {files.size_in_words(length)}; a file may have {most} MB.")
        elif length == 0:
            faults.append(f"{name} is empty.")
        elif len(good) == MOST_AT_ONCE:
            faults.append(f"{name} is one too many: send {MOST_AT_ONCE} files at a time.")
        else:
            good.append(upload)
    return good, faults


def _kept(project: Project, upload: Upload, *, by: User) -> Attachment:
    kind = files.kind_of(upload.stream)
    size = files.length_of(upload.stream)
    return Attachment(
        project_id=project.id,
        uploader=by,
        name=clean_name(upload.name),
        content_type=kind.content_type,
        size=size,
        digest=files.keep(upload.stream),
        width=kind.width,
        height=kind.height,
        created_at=now(),  # at once, so that they stay in the order in which they were sent
    )


def attach(
    request: ProductRequest, uploads: Sequence[Upload], *, by: User, to: Activity | None = None
) -> list[Attachment]:
    """Add pictures and files to a request, or to something that was said of it; all of them or none."""
    attachments, faults = take_in(request.project, uploads, by=by)
    if faults:
        raise refusal(faults)
    if to is None:
        add_files(request, attachments, by=by)
    else:
        give(request, attachments, by=by, to=to)
    return attachments


def give(
    request: ProductRequest, attachments: Collection[Attachment], *, by: User, to: Activity | None = None
) -> None:
    """Let what was taken in belong to a request, or to something that was said of it."""
    if not attachments:
        return
    if not permissions.can_comment(by, request):
        raise NotAllowed("You can look at this request, not add files to it.")
    most = installation().files_limit_mb
    there = queries.attachments_of(request)
    if sum(each.size for each in [*there, *attachments]) > most * _MEGABYTE:
        raise refusal([f"The files of one request may have {most} MB together. Leave some out."])
    with transaction():
        for attachment in attachments:
            attachment.request, attachment.activity_id = request, to.id if to is not None else None
        changed(str(request.id))


def refusal(faults: Sequence[str]) -> Invalid:
    """Return the error that says of each file why it was not taken."""
    told: list[Fault] = [{"loc": ["body", "files"], "msg": fault, "type": "file"} for fault in faults]
    return Invalid(" ".join(faults), errors=told)


def add_files(request: ProductRequest, attachments: Collection[Attachment], *, by: User) -> None:
    """Add what was taken in to what a request is about."""
    if not attachments:
        raise Invalid.field("files", "Choose a picture or a file first.", type="missing")
    with transaction():
        give(request, attachments, by=by)
        names = ", ".join(attachment.name for attachment in attachments)
        record(request, ActivityType.SYSTEM, f"added {names}", by=by)


def remove_file(attachment: Attachment, *, by: User) -> None:
    """Take a picture or file away."""
    if not permissions.can_remove(by, attachment):
        raise NotAllowed("Only who added this file, or an admin, can take it away.")
    with transaction():
        if attachment.request is not None:
            record(attachment.request, ActivityType.SYSTEM, f"took {attachment.name} away", by=by)
        session.delete(attachment)


def disagreements() -> list[str]:
    """Say which pictures and files are told of, but not there."""
    return [
        f"File {each.id}, {each.name}, should lie at {each.place}, and does not."
        for each in queries.attachments_kept()
        if not each.place.is_file()
    ]


def sweep_files() -> int:
    """Forget what was handed in with forms that nobody sent again, and remove what belongs to nothing."""
    with transaction():
        session.execute(
            delete(Attachment).where(
                Attachment.request_id.is_(None), Attachment.created_at < now() - PATIENCE
            )
        )
    return files.sweep(queries.digests_known)
