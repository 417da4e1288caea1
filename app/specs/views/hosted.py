"""The document behind a link: Markdown for programs, a page for people, for whoever has the link."""

from flask import Response, request

from app.core.errors import NotFound
from app.specs import queries, renderings
from app.specs.models import Spec, SpecBundle
from app.specs.panel import architecture_title
from app.specs.schemas import SpecTrouble
from app.specs.views.base import blueprint
from app.specs.views.pages import document_of
from app.web.api import endpoint
from app.web.guards import public
from app.web.pages import load_or_404, render

_CODE = "/s/<given:code>"


@endpoint(
    blueprint,
    "GET",
    _CODE,
    operation="Get a hosted spec document",
    family="specs",
    prefix="",
    public=True,
    answer=str,
    content_type="text/markdown",
    enveloped=False,
    trouble=SpecTrouble,
    errors=(404,),
)
def show_hosted(code: str) -> Response:
    """Give the document that a link leads to, a page of it to browsers; pages that were read are a zip."""
    file = queries.hosted_file(code)
    if file is not None:
        return _unlisted(Response(file.text, mimetype="text/plain"))
    bundle = queries.hosted_bundle(code)
    if bundle is not None:
        return _zip(bundle)
    document = document_of(_hosted(code))
    if request.accept_mimetypes.best_match(["text/markdown", "text/html"]) == "text/html":
        words = renderings.for_people(document)
        return _unlisted(render("specs/hosted.html", document=document, words=words, code=code))
    return _unlisted(Response(renderings.for_people(document), mimetype="text/markdown"))


@blueprint.get(f"{_CODE}/<any('spec.md', 'agent.md', 'architecture.svg', 'pages.md'):rendering>")
@public
def show_hosted_rendering(code: str, rendering: str) -> Response:
    """Give the document as Markdown, as a coding agent reads it, or drawn; or the pages that were read."""
    if rendering == "pages.md":
        return _pages(code)
    document = document_of(_hosted(code))
    if rendering == "architecture.svg":
        drawn = renderings.architecture_svg(document, title=architecture_title())
        return _unlisted(Response(drawn, mimetype="image/svg+xml"))
    write = renderings.for_agents if rendering == "agent.md" else renderings.for_people
    return _unlisted(Response(write(document), mimetype="text/markdown"))


def _zip(bundle: SpecBundle) -> Response:
    response = Response(renderings.pages_as_zip(bundle.pages), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{bundle.platform}.zip"'
    return _unlisted(response)


def _pages(code: str) -> Response:
    bundle = queries.hosted_bundle(code)
    if bundle is None:
        raise NotFound("No pages were read under this link.")
    return _unlisted(Response(renderings.pages_as_markdown(bundle.pages), mimetype="text/markdown"))


def _hosted(code: str) -> Spec:
    spec = load_or_404(queries.hosted(code))
    if spec.written is None:
        raise NotFound("This spec is not written yet. Ask again in a moment.")
    return spec


def _unlisted(response: Response) -> Response:
    """Keep it out of the lists of search engines, and let the link not travel on."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
