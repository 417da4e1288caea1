"""Specs and requests: a story becomes a request, a request becomes a spec, and each knows of the other."""

from app.accounts.models import User
from app.core.db import transaction
from app.core.errors import Conflict, NotAllowed, NotFound
from app.interviews.interviewer import read_outline
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ActivityType, ProductRequest
from app.specs import permissions
from app.specs.models import Spec
from app.specs.renderings import as_plain_markdown
from app.specs.texts import outline_of, text_of


def outset_of(request: ProductRequest) -> tuple[str, str]:
    """Return what a spec of a request is written from: its words and criteria, and what its app shows."""
    repository = repository_of(request.project)
    head = repository.head(request.project.default_branch)
    if head is None:
        return text_of(request), ""
    files = repository.files(head)
    outline = read_outline(files, lambda path: repository.blob(head, path))
    return text_of(request), outline_of(outline, files)


def note_spec(spec: Spec, request: ProductRequest, *, by: User) -> None:
    """Leave in a request's feed that a spec of it is being written."""
    spec.request = request
    requests.record(
        request, ActivityType.SPEC, "asked for a spec of this", by=by, payload={"specId": spec.id}
    )


def ask_for_story(spec: Spec, number: int, *, by: User) -> ProductRequest:
    """File a story as a request on the board of the spec's project."""
    if not permissions.can_ask_for_story(by, spec) or spec.project is None:
        raise NotAllowed("You can look at this spec, not file requests on its board.")
    document = spec.written
    story = document.story(number) if document is not None else None
    if document is None or story is None:
        raise NotFound("There is no such story in this spec.")
    if story.request_number is not None:
        raise Conflict(f"This was asked for already: it is #{story.request_number} on the board.")
    with transaction():
        request = requests.file_request(
            spec.project, by=by, title=story.title[:200], description=as_plain_markdown(story)
        )
        requests.record(
            request,
            ActivityType.SPEC,
            f"took this from the spec “{spec.title}”, {story.id}",
            by=by,
            payload={"specId": spec.id, "storyId": story.id},
        )
        story.request_number = request.number
        spec.document = document.kept()
    return request
