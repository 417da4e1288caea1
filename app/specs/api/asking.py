"""Ask for specs, cancel them, have them written again."""

from typing import Any

from flask import Response, request

from app.projects.models import Project
from app.projects.queries import project_visible_to
from app.requests.queries import request_visible_to
from app.specs import operations, queries
from app.specs.api.base import answer, blueprint, both, spec_of
from app.specs.models import SpecKind
from app.specs.schemas import Credits, NewSpec, SpecAnswer, SpecState, SpecTrouble
from app.web.api import endpoint, json_body
from app.web.guards import me
from app.web.pages import load_or_404
from app.web.uploads import one_upload

_FILE = "file"


def _sent() -> Any:
    """Read a body that is JSON, or a form with a file."""
    if request.mimetype not in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return json_body()
    sent: dict[str, Any] = request.form.to_dict()
    if "docURLs" in sent:
        sent["docURLs"] = request.form.getlist("docURLs")
    return sent


def _ask(kind: SpecKind, body: NewSpec) -> Response:
    wanted = load_or_404(request_visible_to(me(), body.request_id)) if body.request_id else None
    spec = operations.ask_for_spec(
        operations.organization_for(me()),
        by=me(),
        kind=kind,
        project=wanted.project if wanted is not None else _project(body),
        request=wanted,
        text=body.input,
        context=body.current_context,
        doc_urls=body.doc_urls,
        output_format=body.output_format,
        upload=one_upload(_FILE),
    )
    if body.is_async:
        return answer({"specId": spec.id, "status": "pending"})
    operations.wait_for(spec)
    return answer(queries.as_status(queries.status_of(spec.id)))


def _project(body: NewSpec) -> Project | None:
    return load_or_404(project_visible_to(me(), body.project_id)) if body.project_id else None


_SHAPES: dict[str, Any] = {"body": NewSpec, "answer": SpecAnswer, "sent": _sent, "files": _FILE}


@both("POST", "/fast-spec", operation="Generate a fast spec", errors=(402, 429, 504), **_SHAPES)
def ask_for_fast_spec(body: NewSpec) -> Response:
    """Have stories and criteria written. With `async` the answer is `specId`, else the finished spec."""
    return _ask(SpecKind.FAST, body)


@both("POST", "/deep-spec", operation="Generate a deep spec", errors=(402, 429, 504), **_SHAPES)
def ask_for_deep_spec(body: NewSpec) -> Response:
    """Have stories, criteria and subtasks written. With `async` the answer is `specId`, else the whole."""
    return _ask(SpecKind.DEEP, body)


@both(
    "GET",
    "/credits-balance",
    operation="Get the remaining spec allowance",
    answer=Credits,
)
def show_credits() -> dict[str, Any]:
    """Say what is left of the organization's allowance in this month."""
    remaining = operations.credits_remaining(operations.organization_for(me()))
    return {"success": True, "credits_remaining": remaining}


@endpoint(
    blueprint,
    "POST",
    "/spec-status/<given:spec_id>/cancel",
    operation="Cancel a spec (ours)",
    family="specs",
    answer=SpecState,
    enveloped=False,
    trouble=SpecTrouble,
    errors=(409,),
)
def cancel_spec(spec_id: str) -> Response:
    """Stop the writing; the spec is then `failed` with the `errorMessage` "Cancelled"."""
    spec = spec_of(spec_id)
    operations.cancel_spec(spec, by=me())
    return answer(queries.as_status(queries.status_of(spec.id)))


@endpoint(
    blueprint,
    "POST",
    "/spec-status/<given:spec_id>/retry",
    operation="Retry a failed or cancelled spec (ours)",
    family="specs",
    answer=SpecState,
    enveloped=False,
    trouble=SpecTrouble,
    errors=(409,),
)
def retry_spec(spec_id: str) -> Response:
    """Go on from the first part that is not written yet; it takes nothing of the allowance."""
    spec = spec_of(spec_id)
    operations.retry_spec(spec, by=me())
    return answer(queries.as_status(queries.status_of(spec.id)))
