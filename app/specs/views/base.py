"""What the pages of specs share: the spec that they are about, and what is shown of it."""

from typing import Any

from flask import Blueprint
from markupsafe import Markup

from app.core.db import session
from app.specs import panel, permissions, queries, renderings
from app.specs.models import Spec
from app.web.guards import me
from app.web.pages import load_or_404

blueprint = Blueprint("specs", __name__)

SPEC = "/<organization>/specs/<object_id:spec_id>"


def find_spec(organization: str, spec_id: str) -> Spec:
    """Load the spec at an address, where the caller may see it."""
    return load_or_404(queries.spec_at(me(), organization, spec_id))


def spec_context(spec: Spec) -> dict[str, Any]:
    """Return what the fragment of a spec shows, while it is written and afterwards."""
    state = queries.as_status(queries.status_of(spec.id))
    if spec.is_open:
        session.refresh(spec)  # after its state: what that calls written is there
    document = spec.written
    shown: dict[str, Any] = {
        "spec": spec,
        "state": state,
        "document": document,
        "steps": panel.steps_of(spec, state),
        "may_work": permissions.can_work_on_spec(me(), spec),
        "may_ask": permissions.can_ask_for_story(me(), spec),
    }
    if document is not None:
        shown["markdown"] = state["humanSpecMarkdown"]
        shown["architecture"] = _drawn(
            renderings.architecture_svg(document, title=panel.architecture_title())
        )
        shown["user_flow"] = _drawn(renderings.user_flow_svg(document, title=panel.flow_title()))
    return shown


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn by us, its labels escaped
