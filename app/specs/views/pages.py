"""A spec's page: how far the writing is, then the document, and what can be done with it."""

from flask import Response, jsonify

from app.core.errors import NotFound
from app.specs import operations, renderings
from app.specs.document import Document
from app.specs.models import Spec
from app.specs.views.base import SPEC, blueprint, find_spec, spec_context
from app.web.guards import me
from app.web.pages import done, render


@blueprint.get(SPEC)
def show_spec(organization: str, spec_id: str) -> Response:
    """Show how far a spec is, or its document."""
    spec = find_spec(organization, spec_id)
    return render("specs/page.html", fragment="specs/_spec.html", **spec_context(spec))


@blueprint.post(f"{SPEC}/cancellation")
def cancel(organization: str, spec_id: str) -> Response:
    """Stop the writing."""
    spec = find_spec(organization, spec_id)
    operations.cancel_spec(spec, by=me())
    return done(spec.path, fragment="specs/_spec.html", **spec_context(spec))


@blueprint.post(f"{SPEC}/repetition")
def retry(organization: str, spec_id: str) -> Response:
    """Go on with the writing."""
    spec = find_spec(organization, spec_id)
    operations.retry_spec(spec, by=me())
    return done(spec.path, fragment="specs/_spec.html", **spec_context(spec))


@blueprint.get(f"{SPEC}/files/<any('spec.md', 'agent.md', 'spec.json'):rendering>")
def give_rendering(organization: str, spec_id: str, rendering: str) -> Response:
    """Give the document as a file: for people, for coding agents, for programs."""
    document = document_of(find_spec(organization, spec_id))
    if rendering == "spec.json":
        response = jsonify(renderings.human_structure(document))
    else:
        write = renderings.for_people if rendering == "spec.md" else renderings.for_agents
        response = Response(write(document), mimetype="text/markdown")
    response.headers["Content-Disposition"] = f'attachment; filename="{rendering}"'
    return response


def document_of(spec: Spec) -> Document:
    """Return the document of a spec, or say that there is none."""
    document = spec.written
    if document is None:
        raise NotFound("This spec has no document yet. Look at its page for how far it is.")
    return document
