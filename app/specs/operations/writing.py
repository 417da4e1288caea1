"""Write a spec part by part; a part that is written is kept, whatever becomes of the worker."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.jobs import job
from app.core.ledger import Run, RunState
from app.integrations.language_model import Patience
from app.language_models.operations import model_for
from app.language_models.queries import chosen_model
from app.projects.models import Project
from app.projects.queries import repository_of
from app.specs import permissions
from app.specs.document import Document, Page, Technology
from app.specs.models import Spec, SpecKind, SpecStatus, SpecVersion
from app.specs.operations.looking_up import read_pages_for
from app.specs.writer import PARTS, Brief, ByModel, Writer, sources_of, writers
from app.specs.writer.repository import technologies_in

CANCELLED = "Cancelled"
_SAID = {
    "summary": "Generating summary...",
    "stories": "Generating User Stories...",
    "people": "Generating personas...",
    "technology": "Generating architecture...",
    "risks": "Generating risks...",
}


def begin_writing(spec: Spec) -> Run:
    """Have a spec written: by the language model where there is one, else from the text's own sentences."""
    return (write_spec_by_model if chosen_model() else write_spec).later(spec.id)


@job(queue="quick", deadline=300, attempts=3)
def write_spec(spec_id: str) -> None:
    """Write the parts of a spec that are not written yet, then its document."""
    _write(spec_id, lambda _: next(iter(writers().values())))


@job(queue="agent", deadline=3600, attempts=3)
def write_spec_by_model(spec_id: str) -> None:
    """Have a language model write the parts of a spec that are not written yet, then make its document."""
    _write(spec_id, _model_for)


def _write(spec_id: str, writer_for: Callable[[Spec], Writer]) -> None:
    run = ledger.current()
    with transaction():
        spec = session.get(Spec, spec_id, populate_existing=True)
        if spec is None or not spec.is_open:
            return
        if spec.status is SpecStatus.PENDING:
            spec.move_to(SpecStatus.PROCESSING)
            spec.started_at = now()
        changed(spec.id)
    pages = read_pages_for(spec, run)
    brief, writer = _brief(spec, pages), writer_for(spec)
    for place, part in enumerate(PARTS):
        if part in spec.parts:
            continue
        let_go()
        run.report(phase=part, progress=place * 100 // len(PARTS), message=_SAID[part])
        said = writer.write(part, brief, _so_far(spec))
        with transaction():
            run.settle()
            spec.parts = {**spec.parts, part: said}
    document = Document.read(_so_far(spec))
    document.sources = sources_of(pages, document.stories)
    with transaction():
        run.settle()
        spec.document, spec.title = document.kept(), document.title[:200]
        session.add(SpecVersion(spec_id=spec.id, number=1, document=spec.document, note="Written"))
        spec.move_to(SpecStatus.COMPLETED)
        spec.ended_at = now()
        changed(spec.id)


def _model_for(spec: Spec) -> Writer:
    """Return the installation's language model; what it uses is counted as the organization's."""
    return ByModel(model_for(spec.organization_id), _patience())


def _patience() -> Patience:
    """Let a run say how much is written and until when it waits, and end where it is cancelled."""
    run = ledger.current()

    def wait(until: datetime | None) -> None:
        if until is not None:
            run.report(message=f"The language model is busy. It is asked again at {until:%H:%M:%S} UTC.")

    return Patience(
        heard=lambda count: run.report(message=f"{count} characters of this part are written"),
        waits_until=wait,
        is_over=lambda: run.is_cancelled,
    )


def _so_far(spec: Spec) -> dict[str, Any]:
    """Return the fields of the document that are written."""
    return {name: value for part in PARTS for name, value in spec.parts.get(part, {}).items()}


def _brief(spec: Spec, pages: Sequence[Page]) -> Brief:
    file = spec.file
    return Brief(
        text="\n\n".join(filter(None, [spec.input, file.text if file is not None else ""])),
        context=spec.context,
        is_deep=spec.kind is SpecKind.DEEP,
        stack=tuple(_stack(spec.project)) if spec.project is not None else (),
        pages=tuple(pages),
    )


def _stack(project: Project) -> list[Technology]:
    """Return what the project's repository says that it is built with."""
    repository = repository_of(project)
    head = repository.head(project.default_branch)
    if head is None:
        return []
    return technologies_in(repository.files(head), lambda path: repository.blob(head, path))


@ledger.when_ended("specs.write_spec")
@ledger.when_ended("specs.write_spec_by_model")
def note_end(run: Run) -> None:
    """Write that a spec will not be there, and why."""
    spec = session.get(Spec, run.subject_id, populate_existing=True)
    if spec is None or not spec.is_open:
        return
    reason = " ".join(filter(None, [run.error_message, run.error_suggestion]))
    spec.error_message = CANCELLED if run.state is RunState.CANCELLED else reason
    spec.move_to(SpecStatus.FAILED)
    spec.ended_at = now()


def cancel_spec(spec: Spec, *, by: User) -> None:
    """Stop the writing; what waits ends at once, what is at work within a moment."""
    if not permissions.can_work_on_spec(by, spec):
        raise NotAllowed("Only who asked for this spec, or a developer, can cancel it.")
    with transaction():
        run = session.get(Run, spec.run_id) if spec.run_id is not None else None
        if run is None or not spec.is_open:
            raise Conflict("This spec is not being written, so there is nothing to cancel.")
        ledger.cancel(run)
    session.refresh(spec)


def retry_spec(spec: Spec, *, by: User) -> None:
    """Go on with a spec that failed or was cancelled, from the first missing part; it costs nothing."""
    if not permissions.can_work_on_spec(by, spec):
        raise NotAllowed("Only who asked for this spec, or a developer, can have it written again.")
    with transaction():
        session.refresh(spec)
        if spec.status is not SpecStatus.FAILED:
            raise Conflict("Only a spec that failed or was cancelled can be written again.")
        spec.move_to(SpecStatus.PENDING)
        spec.error_message = spec.started_at = spec.ended_at = None
        session.flush()  # its run comes after it
        before = session.get(Run, spec.run_id) if spec.run_id is not None else None
        run = begin_writing(spec)
        if before is not None and before.kind != run.kind:
            spec.parts = {}  # one writer writes all of it, so that its first line is true
        spec.run_id = run.id
