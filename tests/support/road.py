"""Requests that stand somewhere on their road, and what happens in their repositories."""

from datetime import timedelta
from pathlib import Path

from app.accounts.models import User
from app.core.clock import now
from app.core.db import transaction
from app.development import operations as development
from app.engine import instances
from app.engine.instances import InstanceState
from app.engine.repositories import Repository, Signature
from app.previews.models import PreviewStatus
from app.previews.queries import latest_preview
from app.projects import operations as projects
from app.projects.models import Project
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ProductRequest, WorkflowAction
from app.reviews import operations as reviews
from tests.support.people import People

CRITERIA = """Feature: Show opening hours

  Scenario: The hours stand on the start page
    Given the start page is open
    Then the opening hours can be read
"""


def ready_request(
    people: People, *, project: Project | None = None, title: str = "Show opening hours"
) -> ProductRequest:
    """Rae's request, with criteria that were accepted."""
    request = people.request(project, title=title)
    payload = {"gherkinCriteria": CRITERIA, "agentPrompt": f"Make this: {title}."}
    requests.move(request, WorkflowAction.COMPLETE_INTERVIEW, by=people.rae, payload=payload)
    return request


def push(request: ProductRequest, *, by: User, path: str = "hours.html", text: str = "<p>9 to 5</p>") -> str:
    """Commit a file to a request's branch, as a `git push` does, and let it be heard of."""
    return push_to(request.project, request.working_branch, by=by, path=path, text=text)


def push_to(project: Project, branch: str, *, by: User, path: str, text: str) -> str:
    """Commit a file to a branch, as a `git push` does, and let it be heard of."""
    repository = repository_of(project)
    old = repository.head(branch)
    if old is None:
        repository.create_branch(branch, at=str(repository.head(project.default_branch)))
    new = commit(repository, branch, path=path, text=text)
    projects.note_moves(project, [(f"refs/heads/{branch}", old, new)], by=by)
    return new


def commit(repository: Repository, branch: str, *, path: str, text: str) -> str:
    """Commit a file to a branch that nobody hears of."""
    author = Signature("Bob Builder", "bob@example.com")
    return repository.commit_files(branch, {path: text.encode()}, message=f"Change {path}", author=author)


def reviewed_request(
    people: People, *, project: Project | None = None, path: str = "hours.html", text: str = "<p>9 to 5</p>"
) -> ProductRequest:
    """Rae's request, built by Bob and ready to try."""
    request = ready_request(people, project=project)
    development.start(request, by=people.bob, agent="person")
    push(request, by=people.bob, path=path, text=text)
    return request


def shown_request(people: People, **more: object) -> ProductRequest:
    """Rae's request, built by Bob, with a preview whose process is said to run."""
    request = reviewed_request(people, **more)  # type: ignore[arg-type]
    preview = latest_preview(request)
    assert preview is not None
    with transaction():
        instance = instances.want(
            preview.name,
            purpose="preview",
            subject_id=preview.id,
            folder=Path("/nowhere"),
            command="true",
            log_path=preview.log_path,
        )
        instance.state, instance.ready_at, instance.pid = InstanceState.RUNNING, now(), 1
        preview.status, preview.instance_name = PreviewStatus.READY, preview.name
        preview.ready_at, preview.expires_at = now(), now() + timedelta(days=1)
    return request


def accepted_request(people: People, **more: object) -> ProductRequest:
    """Rae's request, built by Bob and accepted by her."""
    request = reviewed_request(people, **more)  # type: ignore[arg-type]
    reviews.approve(request, by=people.rae, commit=str(request.commit_sha))
    return request
