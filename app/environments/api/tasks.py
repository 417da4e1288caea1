"""Publish tasks and read them."""

from typing import Any

from flask import request

from app.core.errors import NotFound
from app.core.paging import slice_of
from app.environments import operations, queries
from app.environments.api.base import ORGANIZATION, operation, organization_at, workspace_at
from app.environments.models import TaskVersion
from app.environments.schemas import InstructionOut, NewTask, TaskList, TaskOut, TasksQuery
from app.web.api import json_body
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.uploads import one_upload

_TASKS = f"{ORGANIZATION}/tasks"
_TASK = f"{_TASKS}/<given:name>"
_FILE = "file"


def _sent() -> Any:
    """Read a body that is JSON, or a form with an archive."""
    return request.form.to_dict() if request.mimetype == "multipart/form-data" else json_body()


@operation(
    "POST",
    _TASKS,
    operation="Publish a task version",
    body=NewTask,
    answer=TaskOut,
    status=201,
    sent=_sent,
    files=_FILE,
    errors=(409, 413),
)
def publish_task(org: str, body: NewTask) -> TaskOut:
    """Publish a folder with a task.yaml: an archive as `file`, or `project`, `ref` and `path`.

    A version never changes: the same one twice is 409. What does not hold is said with its line.
    """
    organization = organization_at(org)
    if body.project:
        project = workspace_at(org, body.project)
        made = operations.publish_folder(
            organization, by=me(), project=project, ref=body.ref, folder=body.path
        )
    else:
        made = operations.publish_upload(organization, by=me(), upload=one_upload(_FILE))
    return TaskOut.of(made)


@operation("GET", _TASKS, operation="List tasks", query=TasksQuery, answer=TaskList)
def list_tasks(org: str, query: TasksQuery) -> dict[str, Any]:
    """List the tasks of an organization by name, each in its latest version."""
    found = queries.tasks_in(organization_at(org))
    return _listed(*slice_of(found, limit=query.limit, skip=query.skip), query)


@operation("GET", _TASK, operation="Get the latest version of a task", answer=TaskOut)
def get_task(org: str, name: str) -> TaskOut:
    """Return a task in its latest version; one with a suffix such as -rc1 only where there is no other."""
    return TaskOut.of(version_of(org, name))


@operation("GET", f"{_TASK}/versions", operation="List versions of a task", query=TasksQuery, answer=TaskList)
def list_versions(org: str, name: str, query: TasksQuery) -> dict[str, Any]:
    """List the versions of a task, newest first."""
    latest = version_of(org, name)
    found = queries.versions_of(latest.task.organization, name)
    return _listed(*slice_of(found, limit=query.limit, skip=query.skip), query)


@operation("GET", f"{_TASK}/<given:version>", operation="Get a task version", answer=TaskOut)
def get_taskversion_of(org: str, name: str, version: str) -> TaskOut:
    """Return one version of a task."""
    return TaskOut.of(version_of(org, name, version))


@operation(
    "GET",
    f"{_TASK}/<given:version>/instruction",
    operation="Get the instruction of a task version",
    answer=InstructionOut,
)
def get_instruction(org: str, name: str, version: str) -> InstructionOut:
    """Return the instruction as a template: `{{ web_url }}` and the like are filled in by the client."""
    return _instruction_of(version_of(org, name, version))


@operation(
    "GET",
    f"{_TASK}/instruction",
    operation="Get the instruction of a task (ours)",
    answer=InstructionOut,
)
def get_latest_instruction(org: str, name: str) -> InstructionOut:
    """Return the instruction of a task's latest version, as a template."""
    return _instruction_of(version_of(org, name))


def _instruction_of(found: TaskVersion) -> InstructionOut:
    return InstructionOut(task_ref=found.ref, version=found.version, instruction=found.definition.instruction)


@operation("DELETE", _TASK, operation="Delete a task (ours)", status=204)
def delete_task(org: str, name: str) -> None:
    """Remove a task with all its versions; 409 while there are environments of it."""
    operations.remove_task(version_of(org, name).task, by=me())


def version_of(org: str, name: str, version: str | None = None) -> TaskVersion:
    """Load a version of a task, the latest where none is named."""
    organization = organization_at(org)
    try:
        if version is None or version == "latest":
            return load_or_404(queries.latest_version_named(organization, name))
        return load_or_404(queries.version_named(organization, name, version))
    except NotFound:
        asked = name if version is None else f"{name}@{version}"
        raise NotFound(f"Task not found: {org}/{asked}") from None


def _listed(found: list[TaskVersion], total: int, query: TasksQuery) -> dict[str, Any]:
    return {"tasks": [TaskOut.of(each) for each in found], **query.place(total)}
