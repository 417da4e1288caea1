"""Ask how specs stand, list and find them."""

from typing import Any

from flask import Response

from app.accounts.operations import note_key_use
from app.accounts.queries import is_to_be_noted
from app.core.errors import NotFound
from app.core.paging import slice_of
from app.core.secrets import digest
from app.specs import queries
from app.specs.api.base import answer, both, spec_of
from app.specs.models import Spec
from app.specs.schemas import FindQuery, ListQuery, SpecList, SpecState
from app.web import guards
from app.web.guards import me
from app.web.polling import answer_status


@both("GET", "/spec-status/<given:spec_id>", operation="Get spec status", answer=SpecState)
@guards.guards_itself
def show_status(spec_id: str) -> Response:
    """Return how far a spec is and when to ask again. `?wait=` waits up to 60 s for a change."""
    secret = guards.bearer()
    key = digest(secret) if secret is not None and secret.startswith("gr_") else None
    if key is None:
        guards.demand()
        spec_of(spec_id)

    def read() -> dict[str, Any]:
        if key is None:
            return queries.as_status(queries.status_of(spec_id))
        row = queries.status_by_key(spec_id, key)
        if row is None or "read" not in row.scopes:
            guards.demand()
            raise NotFound("There is no such spec, or it is not yours to see.")
        if is_to_be_noted(row.last_used_at):
            note_key_use(row.key_id)
        return queries.as_status(row)

    return answer_status(read, topic=spec_id, enveloped=False)


@both("GET", "/list-specs", operation="List specs", query=ListQuery, answer=SpecList)
def list_specs(query: ListQuery) -> Response:
    """List the specs that you may see, newest first, without their documents."""
    specs = queries.specs_of(me(), kind=query.endpoint, status=query.status)
    found, total = slice_of(specs, limit=query.limit, skip=query.skip)
    return _listed(found, total, query)


@both(
    "GET",
    "/find-specs",
    operation="Find specs by a pattern on their input",
    again="Find specs",
    query=FindQuery,
    answer=SpecList,
)
def find_specs(query: FindQuery) -> Response:
    """List the specs whose input holds a regular expression, in capitals or not."""
    specs = queries.specs_of(me(), kind=query.endpoint, status=query.status)
    found, total = queries.specs_matching(specs, query.query, limit=query.limit, skip=query.skip)
    return _listed(found, total, query)


def _listed(found: list[Spec], total: int, query: ListQuery) -> Response:
    more = query.skip + len(found) < total
    return answer({"specs": queries.statuses_of(found), "total": total, "hasMore": more})
