"""Change a document: each change makes a version, and every rendering follows."""

from collections.abc import Sequence

from pydantic import ValidationError

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from app.specs import permissions, queries
from app.specs.document import Criterion, Document, Mark, Size, Story
from app.specs.models import Spec, SpecVersion

MOST_CRITERIA = 50


def edit_story(
    spec: Spec,
    number: int,
    *,
    by: User,
    title: str,
    role: str,
    want: str,
    benefit: str,
    size: Size,
    mark: Mark,
    reason: str = "",
    criteria: Sequence[str],
    version: int | None = None,
) -> None:
    """Change a story; a criterion whose words stay keeps its mark. `version` is what the editor saw."""
    document, story = story_of(spec, number, by=by)
    if version is not None and version != spec.version:
        raise Conflict(
            "Somebody else changed this spec meanwhile. Look at it again; your text is still here."
        )
    _check_reason(mark, reason)
    texts = [text.strip() for text in criteria if text.strip()]
    if len(texts) > MOST_CRITERIA:
        raise Invalid.field("criteria", f"A story may have {MOST_CRITERIA} criteria. Make two of it.")
    known = {each.text: each for each in story.criteria}
    new: dict[str, object] = {
        "title": title,
        "role": role,
        "want": want,
        "benefit": benefit,
        "size": size,
        "mark": mark,
        "reason": reason if mark is Mark.SKIPPED else "",
        "criteria": [known.get(text) or Criterion(text=text) for text in texts],
    }
    _replace(story, new)
    _keep(spec, document, by=by, note=f"Changed {story.id}")


def mark_criterion(spec: Spec, number: int, position: int, *, by: User, mark: Mark, reason: str = "") -> None:
    """Say how far one criterion of a story is; what is left out needs a reason."""
    document, story = story_of(spec, number, by=by)
    if not 1 <= position <= len(story.criteria):
        raise NotFound("There is no such criterion. Load the page again.")
    _check_reason(mark, reason)
    criterion = story.criteria[position - 1]
    criterion.mark, criterion.reason = mark, reason if mark is Mark.SKIPPED else ""
    _keep(spec, document, by=by, note=f"Marked a criterion of {story.id} as {mark.value}")


def story_of(spec: Spec, number: int, *, by: User) -> tuple[Document, Story]:
    """Return a copy of the document and the story in it, for somebody who may change it."""
    if not permissions.can_work_on_spec(by, spec):
        raise NotAllowed("Only who asked for this spec, or a developer, can change it.")
    document = spec.written
    story = document.story(number) if document is not None else None
    if document is None or story is None:
        raise NotFound("There is no such story in this spec.")
    return document, story


def _check_reason(mark: Mark, reason: str) -> None:
    if mark is Mark.SKIPPED and not reason.strip():
        raise Invalid.field("reason", "Say why it is left out.", type="missing")


def _replace(story: Story, new: dict[str, object]) -> None:
    """Take over what is new, once all of it holds."""
    try:
        Story.model_validate({**story.model_dump(), **new, "criteria": []})
    except ValidationError as trouble:
        faults: list[Fault] = [
            {"loc": ["body", *fault["loc"]], "msg": "This is needed.", "type": fault["type"]}
            for fault in trouble.errors(include_url=False)
        ]
        raise Invalid("Some of the story does not hold.", errors=faults) from None
    for name, value in new.items():
        setattr(story, name, value)


def _keep(spec: Spec, document: Document, *, by: User, note: str) -> None:
    with transaction():
        number = queries.newest_version(spec) + 1
        spec.document = Document.read(document.kept()).kept()
        session.add(
            SpecVersion(spec_id=spec.id, number=number, document=spec.document, note=note, made_by=by)
        )
        changed(spec.id)
