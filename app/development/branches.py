"""The branch of a request: begun at main, looked at, thrown away. Git only, no database."""

from urllib.parse import urlsplit

from app.accounts.models import User
from app.core.errors import Conflict, Invalid, NotFound
from app.core.installation import installation
from app.engine.repositories import Signature
from app.projects.queries import repository_of
from app.requests.models import ProductRequest, RequestStatus


def tip_of(request: ProductRequest) -> str | None:
    """Return where the request's branch stands; None while there is none."""
    return repository_of(request.project).head(request.working_branch)


def prepare(request: ProductRequest, base_branch: str | None = None) -> str:
    """Return the tip of the request's branch; where there is none it begins at main, or at `base_branch`."""
    repository = repository_of(request.project)
    tip = repository.head(request.working_branch)
    if tip is not None:
        return tip
    base = base_branch or request.project.default_branch
    start = repository.head(base)
    if start is None and base_branch not in {None, request.project.default_branch}:
        raise Invalid.field("baseBranch", f"There is no branch {base!r} in this repository.")
    if start is None:
        raise Conflict(
            f"This project's repository is empty, so there is nothing to change yet. Push a first version to "
            f"{base}: git push {request.project.clone_url} HEAD:{base}",
            code="empty_repository",
        )
    try:
        repository.create_branch(request.working_branch, at=start)
    except Conflict:  # somebody pushed it in this moment, or a branch stands where ours needs a folder
        tip = repository.head(request.working_branch)
        if tip is None:
            raise
        return tip
    return start


def has_result(request: ProductRequest, *, since: str, came_from: RequestStatus) -> bool:
    """Tell whether the branch holds something to try: more than main and, in a later round, than before."""
    tip = tip_of(request)
    if tip is None or (came_from is RequestStatus.CHANGES_REQUESTED and tip == since):
        return False
    return is_ahead(request, tip)


def is_ahead(request: ProductRequest, commit: str) -> bool:
    """Tell whether main does not have a commit yet."""
    repository = repository_of(request.project)
    try:
        return not repository.has(request.project.default_branch, commit)
    except NotFound:  # there is no main, so it has nothing
        return True


def throw_away(request: ProductRequest) -> str | None:
    """Delete the branch; returns where it stood, so that it can be found again."""
    tip = tip_of(request)
    repository_of(request.project).delete_branch(request.working_branch)
    return tip


def robot() -> Signature:
    """Return how Greenroom itself signs commits."""
    return Signature("Greenroom", f"greenroom@{urlsplit(installation().url).hostname or 'localhost'}")


def trailer_of(person: User) -> str:
    """Return the line that names a person as a commit's co-author."""
    name = " ".join(person.name.replace("<", "").replace(">", "").split()) or "Somebody"
    return f"Co-authored-by: {name} <{person.email}>"
