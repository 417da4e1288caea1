"""Which specs somebody may see."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import defer, undefer

from app.accounts.models import User
from app.core.db import session
from app.core.secrets import digest
from app.organizations.models import Membership, Organization
from app.organizations.queries import membership_of
from app.projects.models import Project
from app.projects.queries import is_open_to
from app.requests.models import ProductRequest
from app.specs.document import Page
from app.specs.models import Spec, SpecBundle, SpecFile, SpecKind, SpecStatus, SpecVersion


def specs_visible_to(user: User) -> Select[Spec]:
    """Return every spec of a person's organizations, but for those of projects that they may not see."""
    return (
        select(Spec)
        .join(Membership, membership_of(user, Spec.organization_id))
        .outerjoin(Project, Project.id == Spec.project_id)
        .where(or_(Spec.project_id.is_(None), is_open_to(user)))
        .order_by(Spec.created_at.desc(), Spec.id.desc())
    )


def spec_visible_to(user: User, spec_id: str) -> Select[Spec]:
    return specs_visible_to(user).where(Spec.id == spec_id)


def spec_at(user: User, organization_slug: str, spec_id: str) -> Select[Spec]:
    """Return the spec at an address, where the person may see it."""
    return (
        spec_visible_to(user, spec_id)
        .join(Organization, Organization.id == Spec.organization_id)
        .where(Organization.slug == organization_slug)
    )


def specs_of(
    user: User,
    *,
    organization: Organization | None = None,
    project: Project | None = None,
    kind: SpecKind | None = None,
    status: SpecStatus | None = None,
) -> Select[Spec]:
    """Return the specs that a person may see, narrowed, without their documents."""
    query = specs_visible_to(user).options(
        defer(Spec.document),
        defer(Spec.parts),
        defer(Spec.context),
        defer(Spec.code),
        defer(Spec.bundle_codes),
    )
    wanted = {
        Spec.organization_id: organization and organization.id,
        Spec.project_id: project and project.id,
        Spec.kind: kind,
        Spec.status: status,
    }
    for column, value in wanted.items():
        query = query if value is None else query.where(column == value)
    return query


def specs_of_request(user: User, request: ProductRequest) -> list[Spec]:
    """Return the specs of a request that a person may see, newest first, without their documents."""
    return list(session.scalars(specs_of(user).where(Spec.request_id == request.id)).unique())


def open_specs(organization_id: UUID) -> int:
    """Return how many specs of an organization wait or are being written."""
    is_open = Spec.status.in_((SpecStatus.PENDING, SpecStatus.PROCESSING))
    query = select(func.count()).where(Spec.organization_id == organization_id, is_open)
    return session.scalar(query) or 0


def credits_used(organization_id: UUID, since: datetime) -> int:
    """Return what an organization's specs took of its allowance since a moment."""
    query = select(func.sum(Spec.credits)).where(
        Spec.organization_id == organization_id, Spec.created_at >= since
    )
    return session.scalar(query) or 0


def hosted(code: str) -> Select[Spec]:
    """Return the spec that a code leads to."""
    return select(Spec).where(Spec.code_digest == digest(code))


def hosted_file(code: str) -> SpecFile | None:
    """Return the file that a code leads to, with its bytes."""
    query = select(SpecFile).where(SpecFile.code_digest == digest(code)).options(undefer(SpecFile.content))
    return session.scalars(query).first()


def hosted_bundle(code: str) -> SpecBundle | None:
    """Return what was read of a host's pages that a code leads to."""
    return session.scalars(select(SpecBundle).where(SpecBundle.code_digest == digest(code))).first()


def pages_of(spec: Spec) -> list[Page]:
    """Return what stood at a spec's addresses, in their order; nothing before they were read."""
    bundles = session.scalars(select(SpecBundle).where(SpecBundle.spec_id == spec.id))
    by_url = {page["url"]: Page(**page) for bundle in bundles for page in bundle.pages}
    return [by_url[url] for url in dict.fromkeys(spec.doc_urls) if url in by_url]


def versions_of(spec: Spec) -> list[SpecVersion]:
    """Return every version of a document, newest first."""
    query = select(SpecVersion).where(SpecVersion.spec_id == spec.id).order_by(SpecVersion.number.desc())
    return list(session.scalars(query).unique())


def newest_version(spec: Spec) -> int:
    return session.scalar(select(func.max(SpecVersion.number)).where(SpecVersion.spec_id == spec.id)) or 0


def version_of(spec: Spec, number: int) -> Select[SpecVersion]:
    """Return one version of a document, with it."""
    return (
        select(SpecVersion)
        .where(SpecVersion.spec_id == spec.id, SpecVersion.number == number)
        .options(undefer(SpecVersion.document))
    )
