"""The stories of a spec: changed, ticked, and asked for on the board."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.specs import operations, permissions
from app.specs.document import Mark, Size, Story
from app.specs.models import Spec
from app.specs.schemas import EditedStory, MarkedCriterion
from app.specs.views.base import SPEC, blueprint, find_spec
from app.specs.views.pages import document_of
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import Form

_STORY = f"{SPEC}/stories/<int:number>"


@blueprint.get(_STORY)
def show_story(organization: str, spec_id: str, number: int) -> Response:
    """Show a story in a form, to be changed by who may."""
    return _story_page(find_spec(organization, spec_id), number, None)


@blueprint.post(_STORY)
def edit_story(organization: str, spec_id: str, number: int) -> Response:
    """Change a story; every rendering follows."""
    spec, form = find_spec(organization, spec_id), Form(EditedStory)
    form.submit(
        lambda sent: operations.edit_story(
            spec,
            number,
            by=me(),
            title=sent.title,
            role=sent.role,
            want=sent.want,
            benefit=sent.benefit,
            size=sent.size,
            mark=sent.mark,
            reason=sent.reason,
            criteria=sent.criteria.splitlines(),
            version=sent.version,
        )
    )
    if form.errors:
        return _story_page(spec, number, form, status=422)
    return done(f"{spec.path}#us-{number}")


@blueprint.post(f"{_STORY}/criteria/<int:position>")
def mark_criterion(organization: str, spec_id: str, number: int, position: int) -> Response:
    """Say how far a criterion is."""
    spec = find_spec(organization, spec_id)
    sent = Form(MarkedCriterion).valid
    operations.mark_criterion(spec, number, position, by=me(), mark=sent.mark, reason=sent.reason)
    return _shown(spec, number)


@blueprint.post(f"{_STORY}/request")
def ask_for_story(organization: str, spec_id: str, number: int) -> Response:
    """File a story as a request, and go to it."""
    spec = find_spec(organization, spec_id)
    return done(operations.ask_for_story(spec, number, by=me()).path)


def _shown(spec: Spec, number: int) -> Response:
    context = {
        "spec": spec,
        "story": _story(spec, number),
        "may_work": permissions.can_work_on_spec(me(), spec),
        "may_ask": permissions.can_ask_for_story(me(), spec),
    }
    return done(f"{spec.path}#us-{number}", fragment="specs/_story.html", **context)


def _story(spec: Spec, number: int) -> Story:
    story = document_of(spec).story(number)
    if story is None:
        raise NotFound("There is no such story in this spec.")
    return story


def _story_page(spec: Spec, number: int, form: Form[EditedStory] | None, *, status: int = 200) -> Response:
    context: dict[str, Any] = {
        "spec": spec,
        "story": _story(spec, number),
        "form": form,
        "mark_choices": [
            (Mark.TODO, _("To do")),
            (Mark.DOING, _("In progress")),
            (Mark.DONE, _("Done")),
            (Mark.SKIPPED, _("Left out")),
        ],
        "size_choices": [(size, size.value) for size in Size],
        "may_work": permissions.can_work_on_spec(me(), spec),
    }
    return render("specs/story.html", status=status, **context)
