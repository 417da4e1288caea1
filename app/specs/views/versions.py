"""The versions of a document, and what changed between two."""

from flask import Response, request

from app.specs import panel, queries
from app.specs.document import Document
from app.specs.models import Spec
from app.specs.views.base import SPEC, blueprint, find_spec
from app.web.pages import load_or_404, render


@blueprint.get(f"{SPEC}/versions")
def show_versions(organization: str, spec_id: str) -> Response:
    """List the versions of a document, and compare one with another; without a choice, the newest two."""
    spec = find_spec(organization, spec_id)
    versions = queries.versions_of(spec)
    newest = versions[0].number if versions else 0
    after = request.args.get("after", newest, type=int)
    before = request.args.get("before", after - 1, type=int)
    lines = panel.comparison(_document(spec, before), _document(spec, after)) if before > 0 else []
    return render(
        "specs/versions.html", spec=spec, versions=versions, lines=lines, before=before, after=after
    )


def _document(spec: Spec, number: int) -> Document:
    return Document.read(load_or_404(queries.version_of(spec, number)).document)
