"""Requests, for programs."""

from dataclasses import replace
from uuid import UUID

from app.core.paging import Page, paginate
from app.organizations.queries import person_in
from app.projects.queries import project_visible_to
from app.requests import operations, queries
from app.requests.api.base import blueprint, find_request
from app.requests.schemas import (
    Assignment,
    NewRequest,
    RequestChange,
    RequestOut,
    RequestsQuery,
    SimilarQuery,
)
from app.web.api import endpoint
from app.web.guards import me
from app.web.pages import load_or_404


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/requests",
    operation="List project requests",
    query=RequestsQuery,
    answer=RequestOut,
    many=True,
    errors=(404,),
)
def list_requests(id: UUID, query: RequestsQuery) -> Page[RequestOut]:  # noqa: A002 - the contract's name
    """List a project's requests, without those that were put away: by hand as on its board, or by `sort`."""
    project = load_or_404(project_visible_to(me(), id))
    found = queries.requests_on(project, query.filters_for(me())).options(queries.with_blockers())
    page = paginate(queries.with_labels(found), page=query.page, limit=query.limit)
    tallies = queries.tallies_of([request.id for request in page.items])
    return replace(page, items=[RequestOut.of(request, tallies[request.id]) for request in page.items])


@endpoint(
    blueprint,
    "POST",
    "/projects/<uuid:id>/requests",
    operation="Create request",
    body=NewRequest,
    answer=RequestOut,
    status=201,
    errors=(403, 404),
)
def create_request(id: UUID, body: NewRequest) -> RequestOut:  # noqa: A002 - the contract's name
    """Ask for something on a project's board."""
    project = load_or_404(project_visible_to(me(), id))
    labels = queries.labels_in(project.organization_id, body.label_ids)
    return RequestOut.of(operations.file_request(project, by=me(), labels=labels, **body.what()))


@endpoint(
    blueprint,
    "GET",
    "/projects/<uuid:id>/similar-requests",
    operation="List similar requests (ours)",
    query=SimilarQuery,
    answer=RequestOut,
    many=True,
    errors=(404,),
)
def list_similar_requests(id: UUID, query: SimilarQuery) -> list[RequestOut]:  # noqa: A002 - the path's word
    """Return at most five open requests that share at least half of a title's words, most alike first."""
    project = load_or_404(project_visible_to(me(), id))
    found = queries.similar_to(project, query.title)
    tallies = queries.tallies_of([request.id for request in found])
    return [RequestOut.of(request, tallies[request.id]) for request in found]


@endpoint(
    blueprint,
    "GET",
    "/requests/<uuid:id>",
    operation="Get request details",
    answer=RequestOut,
    tagged=True,
    errors=(404,),
)
def get_request(id: UUID) -> RequestOut:  # noqa: A002 - the contract's name
    """Return a request, where it stands and whose turn it is."""
    return RequestOut.of(find_request(id))


@endpoint(
    blueprint,
    "PUT",
    "/requests/<uuid:id>",
    operation="Update request",
    body=RequestChange,
    answer=RequestOut,
    changes=get_request,
    errors=(403, 404, 409),
)
def update_request(id: UUID, body: RequestChange) -> RequestOut:  # noqa: A002 - the contract's name
    """Change the words of a request; what is missing stays, and once the work began the words do."""
    request = find_request(id)
    wanted = body.label_ids
    labels = queries.labels_in(request.organization_id, wanted) if wanted is not None else None
    operations.edit_request(request, by=me(), labels=labels, **body.what())
    return RequestOut.of(request)


@endpoint(
    blueprint,
    "POST",
    "/requests/<uuid:id>/assign",
    operation="Assign user to request",
    body=Assignment,
    answer=RequestOut,
    errors=(403, 404),
)
def assign_request(id: UUID, body: Assignment) -> RequestOut:  # noqa: A002 - the contract's name
    """Name who works on a request; null for nobody."""
    request = find_request(id)
    person = person_in(request.organization_id, body.user_id) if body.user_id else None
    operations.assign(request, by=me(), to=person)
    return RequestOut.of(request)
