"""Taking main into a request's branch, so that what is tried is what will be live."""

from app.accounts.models import User
from app.core.db import transaction
from app.core.errors import Conflict, NotAllowed, NotFound
from app.projects.operations import note_moves, signature_of
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ActivityType, ProductRequest
from app.reviews import permissions


def take_main_in(request: ProductRequest, *, by: User) -> str:
    """Merge main into a request's branch; what is made of it is tried and accepted anew."""
    if not permissions.can_merge(by, request):
        raise NotAllowed("Only a developer can take the main version in.")
    if not permissions.is_judged_now(request):
        raise Conflict("Main is taken in while it can be tried. Now the branch itself is worked on.")
    project, branch = request.project, request.working_branch
    repository = repository_of(project)
    before, main = repository.head(branch), repository.head(project.default_branch)
    if before is None or main is None:
        raise NotFound("Its branch is not there any more. Push it again.")
    message = f"Take {project.default_branch} into {branch}"
    commit = repository.merge(branch, main, message=message, author=signature_of(by))
    if commit == before:
        raise Conflict(f"It has all of {project.default_branch} already.", code="up_to_date")
    with transaction():
        words = "took the main version in, to be tried with it"
        requests.record(request, ActivityType.DEVELOPMENT, words, by=by, payload={"commitSha": commit})
        note_moves(project, [(f"refs/heads/{branch}", before, commit)], by=by)
    return commit
