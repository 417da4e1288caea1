"""Publish a version of a task: from an archive, or from what a project's repository holds."""

from app.accounts.models import User
from app.core import audit
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.files import Upload
from app.core.ids import uuid7
from app.engine.repositories import FileKind, Repository, Signature
from app.environments import definition, permissions, queries
from app.environments.archives import MOST_BYTES, MOST_FILES, Files, unpack
from app.environments.definition import Definition
from app.environments.models import Task, TaskVersion
from app.organizations.models import Organization
from app.projects.models import Project
from app.projects.queries import repository_of

_BRANCH = "main"
_AUTHOR = Signature("Greenroom", "greenroom@localhost")


def publish_upload(organization: Organization, *, by: User, upload: Upload | None) -> TaskVersion:
    """Publish what lies in a tar or a zip."""
    _must_be_allowed(organization, by)
    if upload is None:
        raise Invalid.field("file", "Send the task's folder as a tar or a zip.", type="missing")
    return _publish(organization, unpack(upload.stream, top=definition.NAME), by=by, source=upload.name)


def publish_folder(
    organization: Organization, *, by: User, project: Project, ref: str = "", folder: str = ""
) -> TaskVersion:
    """Publish what lies in a folder of a project's repository, at a ref."""
    _must_be_allowed(organization, by)
    repository = repository_of(project)
    try:
        commit = repository.resolve(ref or project.default_branch)
    except NotFound:
        raise Invalid.field(
            "ref", f"{project.name} has nothing called {ref or project.default_branch}."
        ) from None
    files = _files_at(repository, commit, folder.strip("/"))
    return _publish(organization, files, by=by, source=f"{project.slug}@{commit[:10]}")


def _must_be_allowed(organization: Organization, by: User) -> None:
    if not permissions.can_publish(by, organization):
        raise NotAllowed(f"Only developers and admins of {organization.name} publish tasks.")


def _files_at(repository: Repository, commit: str, folder: str) -> Files:
    start = f"{folder}/" if folder else ""
    paths = [path for path in repository.files(commit) if path.startswith(start)]
    kinds = {path: repository.kind(commit, path) for path in paths}
    if len(paths) > MOST_FILES:
        raise Invalid.field("path", f"A task holds at most {MOST_FILES} files.")
    contents, size = {}, 0
    for path in paths:
        if kinds[path] == "link":
            raise Invalid.field("path", f"{path} is a link; a task holds plain files.")
        contents[path.removeprefix(start)] = content = repository.blob(commit, path)
        size += len(content)
        if size > MOST_BYTES:
            raise Invalid.field("path", f"A task holds at most {MOST_BYTES // 1024 // 1024} MiB.")
    return Files(
        contents, frozenset(path.removeprefix(start) for path in paths if kinds[path] == "executable")
    )


def _publish(organization: Organization, files: Files, *, by: User, source: str) -> TaskVersion:
    said = definition.read(files.contents)
    task = _task(organization, said.name)
    taken = session.scalars(queries.version_named(organization, said.name, said.version)).first()
    if taken is not None:
        raise Conflict(
            f"{said.name}@{said.version} already exists, and a version never changes. "
            "Raise `version` in task.yaml and publish again."
        )
    commit = _commit(task, said, files)
    with transaction():
        made = TaskVersion(
            id=uuid7(),
            task=task,
            task_id=task.id,
            version=said.version,
            said=said.model_dump(mode="json"),
            commit_sha=commit,
            source=source[:300],
            published_by=by,
            **_precedence(said.version),
        )
        session.add(made)
        audit.record(
            "task.published",
            by=by,
            subject=f"{said.name}@{said.version}",
            subject_id=made.id,
            organization_id=organization.id,
        )
    return made


def _task(organization: Organization, name: str) -> Task:
    with transaction():
        task = queries.task_named(organization.id, name)
        if task is None:
            task = Task(organization=organization, organization_id=organization.id, name=name)
            session.add(task)
    return task


def _commit(task: Task, said: Definition, files: Files) -> str:
    """Lay the files of a version down as a commit that the next one follows."""
    if not task.repository_path.exists():
        Repository.create(task.repository_path, default_branch=_BRANCH)
    repository = task.repository
    before = repository.head(_BRANCH)
    gone = dict.fromkeys(repository.files(before)) if before else {}
    kinds: dict[str, FileKind] = {
        path: "executable" if path in files.executable else "file" for path in files.contents
    }
    return repository.commit_files(
        _BRANCH,
        {**gone, **files.contents},
        message=f"{said.name} {said.version}",
        author=_AUTHOR,
        parent=before,
        kinds=kinds,
    )


def _precedence(version: str) -> dict[str, int | bool]:
    """Return what versions are put in order by."""
    numbers, _, prerelease = version.partition("-")
    major, minor, patch = map(int, numbers.split("."))
    return {"major": major, "minor": minor, "patch": patch, "is_prerelease": bool(prerelease)}
