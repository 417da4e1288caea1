"""How a spec stands: what a poll asks for is one statement."""

from typing import Any

from sqlalchemy import String, and_, bindparam, exists, or_, select

from app.accounts.models import ApiKey, User
from app.accounts.queries import is_to_be_noted
from app.core.clock import iso, now
from app.core.db import UtcDateTime, session
from app.core.installation import installation
from app.core.ledger import Run
from app.core.one_read import OneRead
from app.organizations.models import Membership, Organization, Role
from app.projects.models import Access, Project, ProjectMember
from app.specs.document import Document
from app.specs.models import OutputFormat, Spec, SpecFile, SpecStatus, hosted_at, path_of
from app.specs.renderings import (
    agent_structure,
    deep_links,
    for_agents,
    for_people,
    graph_structure,
    human_structure,
)

POLL_MS, POLL_PENDING_MS = 1000, 2000
_WORDS = {
    SpecStatus.PENDING: "Initializing...",
    SpecStatus.PROCESSING: "Generating specification...",
    SpecStatus.COMPLETED: "Completed successfully",
    SpecStatus.FAILED: "Failed to generate specification",
}
_columns = (
    Spec.id,
    Spec.kind,
    Spec.input,
    Spec.status,
    Spec.output_format,
    Spec.credits,
    Spec.code,
    Spec.bundle_codes,
    Spec.error_message,
    Spec.created_at,
    Spec.ended_at,
    Organization.slug,
    SpecFile.name.label("file_name"),
    SpecFile.code.label("file_code"),
    Run.message,
    Run.progress,
)
_of_all = (
    select(*_columns)
    .select_from(Spec)
    .join(Organization, Organization.id == Spec.organization_id)
    .outerjoin(SpecFile, SpecFile.spec_id == Spec.id)
    .outerjoin(Run, Run.id == Spec.run_id)
)
_one = _of_all.add_columns(Spec.document).where(Spec.id == bindparam("spec_id", type_=String(24)))
_by_key = (
    _one.add_columns(ApiKey.scopes, ApiKey.last_used_at, ApiKey.id.label("key_id"))
    .join(ApiKey, ApiKey.digest == bindparam("digest"))
    .join(User, User.id == ApiKey.user_id)
    .join(
        Membership,
        and_(
            Membership.user_id == ApiKey.user_id,
            Membership.organization_id == ApiKey.organization_id,
            Membership.organization_id == Spec.organization_id,
        ),
    )
    .outerjoin(Project, Project.id == Spec.project_id)
    .where(
        ApiKey.revoked_at.is_(None),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > bindparam("moment", type_=UtcDateTime())),
        User.deactivated_at.is_(None),
        or_(
            Spec.project_id.is_(None),
            Project.access == Access.ORGANIZATION,
            Membership.role == Role.ADMIN,
            exists().where(ProjectMember.project_id == Project.id, ProjectMember.user_id == User.id),
        ),
    )
)
_read, _read_by_key = OneRead(_one), OneRead(_by_key)


def status_by_key(spec_id: str, key_digest: str) -> Any | None:
    """Return key, membership and status in one statement, without a session; None when they do not join."""
    return _read_by_key.first(spec_id=spec_id, digest=key_digest, moment=now())


def quick_status(spec_id: str, key_digest: str) -> dict[str, Any] | None:
    """Return the API's status body for a key that may read it and was noted as used; None for all else."""
    row = status_by_key(spec_id, key_digest)
    if row is None or "read" not in row.scopes or is_to_be_noted(row.last_used_at):
        return None
    return as_status(row)


def status_of(spec_id: str) -> Any:
    """Return how a spec stands, for somebody who was seen to see it."""
    return _read.first(spec_id=spec_id)


def statuses_of(specs: list[Spec]) -> list[dict[str, Any]]:
    """Return how specs stand, in their order and without their documents, in one statement."""
    rows = session.execute(_of_all.where(Spec.id.in_([spec.id for spec in specs]))).all()
    by_id = {row.id: _basic(row) for row in rows}
    return [by_id[spec.id] for spec in specs if spec.id in by_id]  # one may be gone by now


def as_status(row: Any) -> dict[str, Any]:
    """Write a status row as the API's body: what clients of each generation read, and ours."""
    status = _basic(row)
    if row.status is SpecStatus.COMPLETED and row.document:
        status |= _written(row, Document.read(row.document))
    return status


def _basic(row: Any) -> dict[str, Any]:
    words = _words(row)
    status: dict[str, Any] = {
        "_id": row.id,
        "created": iso(row.created_at),
        "endpoint": row.kind.value,
        "input": row.input,
        "status": row.status.value,
        "success": row.status is SpecStatus.COMPLETED,
        "outputFormat": row.output_format.value,
        "progress": words,
        "progressMessage": words,
        "progressPercent": _percent(row),
        "creditsUsed": row.credits,
        "nextPollMs": {SpecStatus.PENDING: POLL_PENDING_MS, SpecStatus.PROCESSING: POLL_MS}.get(row.status),
    }
    if row.file_name is not None:
        status |= {"uploadedFileName": row.file_name, "uploadedFileShortUrl": hosted_at(row.file_code)}
    if row.ended_at is not None:
        status["executionTime"] = int((row.ended_at - row.created_at).total_seconds() * 1000)
    if row.status is SpecStatus.FAILED:
        status["errorMessage"] = row.error_message
    if row.status is SpecStatus.COMPLETED:
        url = hosted_at(row.code)
        status |= {
            "output": url,
            "outputFileUrl": url,
            "predevUrl": f"{installation().url}{path_of(row.slug, row.id)}",
            **deep_links(url),
            "zippedDocsUrls": _bundles(row.bundle_codes),
        }
    return status


def _bundles(codes: dict[str, str] | None) -> list[dict[str, str]]:
    """Write where what was read is given away, by host."""
    return [
        {
            "platform": host,
            "masterZipShortUrl": hosted_at(code),
            "masterMarkdownShortUrl": f"{hosted_at(code)}/pages.md",
        }
        for host, code in (codes or {}).items()
    ]


def _words(row: Any) -> str:
    if row.status is SpecStatus.PROCESSING and row.message:
        return str(row.message)
    return _WORDS[row.status]


def _percent(row: Any) -> int:
    if row.status is SpecStatus.COMPLETED:
        return 100
    return row.progress or 0 if row.status is SpecStatus.PROCESSING else 0


def _written(row: Any, document: Document) -> dict[str, Any]:
    """Write what only a finished spec has."""
    url = hosted_at(row.code)
    people, agents = for_people(document), for_agents(document)
    return {
        "output": people if row.output_format is OutputFormat.MARKDOWN else url,
        "humanSpecUrl": url,
        "codingAgentSpecUrl": f"{url}/agent.md",
        "totalHumanHours": document.hours,
        "humanSpecJson": human_structure(document),
        "humanSpecMarkdown": people,
        "codingAgentSpecJson": agent_structure(document),
        "codingAgentSpecMarkdown": agents,
        "architectureInfographicUrl": f"{url}/architecture.svg",
        "architectureGraph": graph_structure(document.architecture),
        "userFlowGraph": graph_structure(document.user_flow),
        "enrichedTechStack": [each.model_dump(by_alias=True) for each in document.tech_stack],
    }
