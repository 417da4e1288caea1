"""Ask for a spec: what it is to be written from, within the organization's allowance."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.accounts.models import User
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, TooMany
from app.core.files import Upload
from app.core.gherkin import one_line
from app.core.ids import token
from app.core.installation import installation
from app.core.secrets import digest
from app.language_models.queries import chosen_model
from app.organizations.models import Organization, memberships_of
from app.projects.models import Project
from app.requests.models import ProductRequest
from app.specs import permissions, queries
from app.specs.models import CREDITS, OutputFormat, Spec, SpecFile, SpecKind
from app.specs.operations.requesting import note_spec, outset_of
from app.specs.operations.writing import begin_writing
from app.specs.texts import ReadFile, read_file

LONGEST_INPUT = 100_000
MOST_WAITING, MOST_WAITING_FOR_MODEL = 500, 50
"""Specs of an organization that may be open at a time: what is written in the hour that a run may wait."""
UNLIMITED = 1_000_000
NO_INPUT = "Please provide a valid input string describing your spec"


class MissingContext(DomainError):
    """Whoever asks belongs to several organizations, or to none."""

    type = "missing_context"

    def __init__(self) -> None:
        super().__init__("Unable to determine user or organization from API key")


class InsufficientCredits(DomainError):
    """The organization's allowance of the month is used up."""

    status = 402
    type = "INSUFFICIENT_CREDITS"

    def __init__(self, kind: SpecKind, remaining: int) -> None:
        needed, name = CREDITS[kind], "Fast" if kind is SpecKind.FAST else "Deep"
        super().__init__(
            f"{name} Spec requires {needed} credits. You have {remaining} remaining, and new ones next month."
        )
        self.facts: Mapping[str, Any] = MappingProxyType(
            {"creditsRequired": needed, "creditsAvailable": remaining}
        )


class QueueFull(TooMany):
    """As many specs of an organization wait as may wait at a time."""

    type = "QUEUE_FULL"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} specs wait to be written already. Ask again when one of them is done.")
        self.retry_after = 10


def organization_for(user: User) -> Organization:
    """Return the organization that a program asks for: its key's, or the person's only one."""
    mine = [membership.organization for membership in memberships_of(user)]
    if len(mine) != 1:
        raise MissingContext
    return mine[0]


def credits_remaining(organization: Organization) -> int:
    """Return what is left of an organization's allowance in this month."""
    allowance = installation().spec_credits
    if not allowance:
        return UNLIMITED
    month = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return max(0, allowance - queries.credits_used(organization.id, month))


def ask_for_spec(
    organization: Organization,
    *,
    by: User,
    kind: SpecKind,
    text: str,
    project: Project | None = None,
    request: ProductRequest | None = None,
    context: str = "",
    doc_urls: Sequence[str] = (),
    output_format: OutputFormat = OutputFormat.URL,
    upload: Upload | None = None,
) -> Spec:
    """Have a spec written from a text, a file, or both; of a request, else from what it says itself."""
    if not permissions.can_ask_for_spec(by, organization, project):
        raise NotAllowed("You can look at specs here, not ask for one. An admin can change that.")
    file = read_file(upload) if upload is not None else None
    if request is not None and not text and file is None:
        said, there = outset_of(request)
        text, context = said, context or there
    _check(text, context, file)
    code = token(12)
    with transaction():
        session.refresh(organization, with_for_update=session.get_bind().dialect.name == "postgresql")
        _must_fit(organization, kind)
        spec = Spec(
            organization=organization,
            organization_id=organization.id,
            project=project,
            asked_by=by,
            kind=kind,
            title=_title(text or (file.text if file else "")),
            input=text,
            context=context,
            doc_urls=list(doc_urls),
            output_format=output_format,
            credits=CREDITS[kind],
            code=code,
            code_digest=digest(code),
        )
        session.add(spec)
        session.flush()  # its run refers to it
        if file is not None:
            session.add(_kept(spec, file))
        if request is not None:
            note_spec(spec, request, by=by)
        spec.run_id = begin_writing(spec).id
    return spec


def _check(text: str, context: str, file: ReadFile | None) -> None:
    if not re.search(r"\w", text) and file is None:
        raise Invalid.field("input", NO_INPUT, type="missing")
    for name, value in (("input", text), ("currentContext", context)):
        if len(value) > LONGEST_INPUT:
            raise Invalid.field(name, f"This may have {LONGEST_INPUT} characters.", type="too_long")


def _must_fit(organization: Organization, kind: SpecKind) -> None:
    remaining = credits_remaining(organization)
    if remaining < CREDITS[kind]:
        raise InsufficientCredits(kind, remaining)
    most = MOST_WAITING_FOR_MODEL if chosen_model() is not None else MOST_WAITING
    if queries.open_specs(organization.id) >= most:
        raise QueueFull(most)


def _title(text: str) -> str:
    first = next((line.strip(" #*-\t") for line in text.splitlines() if re.search(r"\w", line)), text)
    return one_line(first, 200)


def _kept(spec: Spec, file: ReadFile) -> SpecFile:
    code = token(12)
    return SpecFile(
        spec_id=spec.id,
        name=file.name,
        content_type=file.content_type,
        text=file.text,
        content=file.content,
        code=code,
        code_digest=digest(code),
    )
