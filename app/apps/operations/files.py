"""Files of a version: each change is one commit by whoever made it, and no worktree is made for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.accounts.models import User
from app.apps import queries
from app.apps.events import VersionDeleted, VersionMoved
from app.apps.models import AppVersion, VersionStatus
from app.apps.permissions import can_write_to
from app.apps.queries.files import LARGEST_FILE, clean_path, read_at
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Stale
from app.core.events import announce
from app.core.installation import installation
from app.engine.repositories import FileKind, Repository
from app.projects import operations as projects
from app.projects.models import Project
from app.projects.operations.projects import signature_of

_ATTEMPTS = 5
Changes = tuple[Mapping[str, bytes | None], Mapping[str, FileKind]]


@dataclass(frozen=True)
class Saved:
    """What a change left behind: the version's new tip, and the id that the file's content goes by."""

    path: str
    commit: str
    blob_id: str | None = None


def create_file(version: AppVersion, *, by: User, path: str, content: bytes) -> Saved:
    """Add a file; 409 where there is one at its path."""
    path = _file_path(path)
    _check_size(path, content)

    def change(repository: Repository, tip: str | None) -> Changes:
        if tip is not None and repository.blob_id(tip, path) is not None:
            raise Conflict(
                f"There is a file {path} already. Change it instead, or choose another name.", code="exists"
            )
        return {path: content}, {}

    return _saved(version, path, _save(version, change, by=by, message=f"Add {path}"))


def update_file(
    version: AppVersion,
    *,
    by: User,
    path: str,
    content: bytes | None = None,
    if_match: str | None = None,
    new_path: str | None = None,
) -> Saved:
    """Write a file anew, move it, or both.

    With `if_match`, the id that its content went by when it was read, nothing is written over what somebody
    else saved since: 409 with both sides.
    """
    path, goal = _file_path(path), _file_path(new_path or path)
    if content is not None:
        _check_size(path, content)
    elif goal == path:
        raise Invalid.field(
            "content", "Say what the file holds from now on, or where it goes.", type="missing"
        )

    def change(repository: Repository, tip: str | None) -> Changes:
        _must_be_there(repository, tip, path)
        if if_match is not None and repository.blob_id(str(tip), path) != if_match.strip('"'):
            raise _stale(repository, str(tip), path, content)
        kind = repository.kind(str(tip), path)
        if kind == "link":
            raise Invalid.field("path", f"{path} is a link. Change what it leads to instead.")
        if goal == path:
            return {path: content}, {}
        if repository.blob_id(str(tip), goal) is not None:
            raise Conflict(f"There is a file {goal} already. Choose another name.", code="exists")
        kept = repository.blob(str(tip), path) if content is None else content
        return {path: None, goal: kept}, {goal: kind or "file"}

    message = f"Change {path}" if goal == path else f"Move {path} to {goal}"
    return _saved(version, goal, _save(version, change, by=by, message=message))


def delete_file(version: AppVersion, *, by: User, path: str) -> Saved:
    """Delete a file, or a folder with all that is in it."""
    path = _file_path(path)

    def change(repository: Repository, tip: str | None) -> Changes:
        if tip is None:
            raise NotFound(f"There is no file {path!r} in this version.")
        gone = [each for each in repository.files(tip) if each == path or each.startswith(f"{path}/")]
        if not gone:
            raise NotFound(f"There is no file {path!r} in this version.")
        return dict.fromkeys(gone), {}

    return Saved(path, _save(version, change, by=by, message=f"Delete {path}"))


def upload_files(version: AppVersion, *, by: User, files: Mapping[str, bytes], folder: str = "") -> Saved:
    """Add files, or write them anew, in one commit."""
    folder = clean_path(folder)
    sent = {_file_path(f"{folder}/{path}" if folder else path): content for path, content in files.items()}
    if not sent:
        raise Invalid.field("files", "Choose at least one file.", type="missing")
    for path, content in sent.items():
        _check_size(path, content)
    named = next(iter(sent)) if len(sent) == 1 else f"{len(sent)} files"
    commit = _save(version, lambda _repository, _tip: (sent, {}), by=by, message=f"Upload {named}")
    return Saved(folder, commit)


def _save(
    version: AppVersion,
    change: Callable[[Repository, str | None], Changes],
    *,
    by: User,
    message: str,
) -> str:
    """Commit what `change` makes of the newest tip; made anew when somebody else was quicker."""
    repository = queries.repository_of_app(version.app)
    for attempt in range(1, _ATTEMPTS + 1):
        before = repository.head(version.branch)
        if not can_write_to(by, version, is_empty=before is None):
            raise NotAllowed(
                f"You may read {version.name}, not save to it. Fork it, and save to a version of your own."
            )
        contents, kinds = change(repository, before)
        try:
            commit = repository.commit_files(
                version.branch, contents, message=message, author=signature_of(by), parent=before, kinds=kinds
            )
        except Conflict as trouble:
            if trouble.code != "branch_moved" or attempt == _ATTEMPTS:
                raise
        else:
            if commit != before:
                note_save(version, before, commit, by=by)
            return commit
    raise AssertionError("every attempt ends above")


def note_save(version: AppVersion, before: str | None, commit: str, *, by: User | None) -> None:
    """Say that a version's files changed; what is the project's own repository is heard there, too."""
    app = version.app
    with transaction():
        if app.is_first and version.branch == app.project.default_branch:
            projects.note_moves(app.project, [(f"refs/heads/{version.branch}", before, commit)], by=by)
        else:
            note_moved(version, commit, by=by)


def note_moved(version: AppVersion, commit: str, *, by: User | None) -> None:
    """Say that the files of a version are others than before."""
    with transaction():
        version.updated_at = now()
        version.status, version.error = VersionStatus.READY, None
        announce(VersionMoved(version, commit, by))


def note_lost(version: AppVersion, *, by: User | None) -> None:
    """Say that a push took a version's branch away, and its files with it, until somebody pushes it anew."""
    whose = by.name if by is not None else "Somebody"
    with transaction():
        version.updated_at = now()
        version.status = VersionStatus.FAILED
        version.error = (
            f"{whose} deleted its branch {version.branch} by a push. Push that branch again to have its "
            "files back, or delete the version."
        )
        announce(VersionDeleted(version))


def follow_push(project: Project, branch: str, commit: str | None, *, by: User | None) -> None:
    """Hear that a branch of the project's own repository moved: where it is a version, its files did."""
    app = queries.first_app(project)
    version = queries.version_on(app, branch) if app is not None else None
    if version is not None:
        hear(version, commit, by=by)


def hear(version: AppVersion, commit: str | None, *, by: User | None) -> None:
    """Take what a push made of a version's branch as a save, or as its loss."""
    if commit is not None:
        note_moved(version, commit, by=by)
    else:
        note_lost(version, by=by)


def tell_pusher(project: Project, notes: dict[str, str]) -> None:
    """Say of each branch of the project's own repository that is a version where that is found."""
    app = queries.first_app(project)
    for version in queries.versions_of(app) if app is not None else []:
        if not version.is_default:
            notes[version.branch] = (
                f"Greenroom: {version.name} of {version.app.name}: {installation().url}{version.path}"
            )


def _saved(version: AppVersion, path: str, commit: str) -> Saved:
    return Saved(path, commit, queries.repository_of_app(version.app).blob_id(commit, path))


def _must_be_there(repository: Repository, tip: str | None, path: str) -> None:
    if tip is None or repository.blob_id(tip, path) is None:
        raise NotFound(f"There is no file {path!r} in this version.")


def _stale(repository: Repository, tip: str, path: str, sent: bytes | None) -> Stale:
    current = read_at(repository, tip, path)
    refused = Stale(
        f"{path} was changed by somebody else since you read it. Nothing of theirs was overwritten.",
        code="stale_file",
        suggestion="`current` is how it stands now, `sent` is what you wrote.",
    )
    refused.versions = {
        "current": {"path": path, "content": current.text, "blobId": current.blob_id},
        "sent": {"path": path, "content": None if sent is None else sent.decode("utf-8", "replace")},
    }
    return refused


def _file_path(path: str) -> str:
    clean = clean_path(path)
    if not clean:
        raise DomainError("Name a file inside this app, such as src/main.js.", code="outside_path")
    return clean


def _check_size(path: str, content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise Invalid.field(
            "content", f"{path} has {len(content)} bytes; a file has at most 5 MiB.", type="too_large"
        )
