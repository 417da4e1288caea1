"""The specs of an organization or a project, and a new one."""

from typing import Any

from flask import Response, request

from app.core.paging import paginate
from app.organizations.models import Organization
from app.organizations.queries import organization_of
from app.projects.models import Project
from app.projects.queries import project_at
from app.requests.models import ProductRequest
from app.requests.queries import request_numbered
from app.specs import operations, permissions, queries
from app.specs.models import CREDITS, SpecKind
from app.specs.schemas import MOST_ADDRESSES, AskForSpec
from app.specs.texts import NAMES
from app.specs.views.base import blueprint
from app.web.guards import me, takes_files
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form
from app.web.uploads import one_upload

_POLL_MS = 3000
_LONGEST_NUMBER = 9
_PROJECT = "/<organization>/<project>/specs"


@blueprint.get("/<organization>/specs")
def list_all(organization: str) -> Response:
    """List every spec of an organization, those that programs asked for as well."""
    return _list(load_or_404(organization_of(me(), slug=organization)), None)


@blueprint.get(_PROJECT)
def list_specs(organization: str, project: str) -> Response:
    """List the specs of a project."""
    place = load_or_404(project_at(me(), organization, project))
    return _list(place.organization, place)


def _list(organization: Organization, project: Project | None) -> Response:
    page = request.args.get("page", 1, type=int)
    found = paginate(queries.specs_of(me(), organization=organization, project=project), page=page)
    return render(
        "specs/list.html",
        fragment="specs/_list.html",
        organization=organization,
        project=project,
        address=f"{project.path if project else '/' + organization.slug}/specs",
        found=found,
        states={each["_id"]: each for each in queries.statuses_of(found.items)},
        poll_ms=_POLL_MS if any(spec.is_open for spec in found.items) else None,
        may_ask=permissions.can_ask_for_spec(me(), organization, project),
    )


@blueprint.get(f"{_PROJECT}/new")
def new_spec(organization: str, project: str) -> Response:
    """Ask what the spec is to be about; `?request=` names the request that it is of."""
    place = load_or_404(project_at(me(), organization, project))
    return _new(place, None, wanted=_wanted(place, request.args.get("request")))


@blueprint.post(_PROJECT)
@takes_files
def ask_for_spec(organization: str, project: str) -> Response:
    """Have a spec written, and show how far it is."""
    place, form = load_or_404(project_at(me(), organization, project)), Form(AskForSpec)
    wanted = _wanted(place, form.values.get("request"))
    spec = form.submit(
        lambda sent: operations.ask_for_spec(
            place.organization,
            by=me(),
            project=place,
            request=wanted,
            kind=sent.kind,
            text=sent.input,
            context=sent.current_context,
            doc_urls=sent.doc_urls.split(),
            upload=one_upload("file"),
        )
    )
    if spec is None:
        return _new(place, form, wanted=wanted, status=422)
    return done(spec.path)


def _wanted(place: Project, written: str | None) -> ProductRequest | None:
    """Load the request that an address or a form names by its number."""
    if not written:
        return None
    is_number = written.isdecimal() and len(written) <= _LONGEST_NUMBER
    return load_or_404(request_numbered(me(), place, int(written) if is_number else 0))


def _new(
    place: Project, form: Form[AskForSpec] | None, *, wanted: ProductRequest | None, status: int = 200
) -> Response:
    text, there = operations.outset_of(wanted) if wanted is not None and form is None else ("", "")
    context: dict[str, Any] = {
        "wanted": wanted,
        "text": text,
        "there": there,
        "project": place,
        "form": form,
        "kinds": list(SpecKind),
        "file_names": NAMES,
        "most_addresses": MOST_ADDRESSES,
        "may_ask": permissions.can_ask_for_spec(me(), place.organization, place),
        "remaining": operations.credits_remaining(place.organization),
        "unlimited": operations.UNLIMITED,
        "credits": CREDITS,
    }
    return render("specs/new.html", status=status, **context)
