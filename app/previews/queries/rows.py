"""Previews themselves: which there are, which are up, which nobody needs."""

from uuid import UUID

from sqlalchemy import Select, and_, func, not_, select

from app.core import ledger
from app.core.clock import now
from app.core.db import bare, session
from app.core.installation import installation
from app.core.ledger import Run
from app.engine.instances import Desired, Instance
from app.previews.models import ENDED, ON_THE_WAY, ROUND, BranchPreview, Preview, PreviewStatus, ShareLink
from app.projects.models import Project
from app.requests.models import ProductRequest


def latest_preview(request: ProductRequest) -> Preview | None:
    """Return the newest preview of a request."""
    return session.scalars(
        select(Preview)
        .where(Preview.request_id == request.id)
        .order_by(Preview.created_at.desc(), Preview.id.desc())
        .limit(1)
    ).first()


def previews_of(request: ProductRequest) -> Select[Preview]:
    """Return every round's preview, newest first."""
    return (
        select(Preview)
        .where(Preview.request_id == request.id)
        .order_by(Preview.created_at.desc(), Preview.id.desc())
    )


def preview_of(request: ProductRequest, preview_id: UUID) -> Select[Preview]:
    """Return one preview of a request, for somebody who was seen to see the request."""
    return select(Preview).where(Preview.request_id == request.id, Preview.id == preview_id)


def shown_at(label: str) -> Preview | None:
    """Return the preview that is up under a host label, a request's or that of one of its rounds."""
    name, _, number = label.partition(ROUND)
    query = select(Preview).where(Preview.label == name, Preview.status == PreviewStatus.READY)
    if number.isdecimal():
        query = query.where(Preview.round == int(number))
    return session.scalars(
        query.order_by(Preview.created_at.desc(), Preview.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def open_previews(request: ProductRequest) -> list[Preview]:
    """Return the previews of a request that run or are on their way."""
    wanted = (*ON_THE_WAY, PreviewStatus.READY)
    return list(session.scalars(previews_of(request).where(Preview.status.in_(wanted))))


def open_previews_up(request: ProductRequest) -> list[Preview]:
    """Return the previews of a request that are up, the one on show among them."""
    return [preview for preview in open_previews(request) if preview.is_up]


def overdue_previews() -> list[Preview]:
    return list(
        session.scalars(
            select(Preview)
            .where(Preview.status == PreviewStatus.READY, Preview.expires_at < now())
            .options(*bare())
        )
    )


def typical_seconds(project_id: UUID) -> float | None:
    """Return how long this project's last previews took, from the click to the first answer."""
    recent = (
        select(Preview.build_duration_ms)
        .where(Preview.project_id == project_id, Preview.build_duration_ms.is_not(None))
        .order_by(Preview.created_at.desc())
        .limit(5)
        .subquery()
    )
    average = session.scalar(select(func.avg(recent.c.build_duration_ms)))
    return float(average) / 1000 if average else None


def unended() -> list[Preview]:
    """Return every preview that runs or is on its way."""
    wanted = (*ON_THE_WAY, PreviewStatus.READY)
    return list(
        session.scalars(
            select(Preview).where(Preview.status.in_(wanted)).execution_options(populate_existing=True)
        )
    )


def run_of(preview: Preview) -> Run | None:
    """Return the ledger's row of a preview, as it is now."""
    return session.get(Run, preview.run_id, populate_existing=True) if preview.run_id else None


def orphaned() -> list[Preview]:
    """Return every preview that runs or is on its way, though its request is over."""
    query = (
        select(Preview)
        .where(Preview.status.in_((*ON_THE_WAY, PreviewStatus.READY)))
        .options(*bare(Preview.request))
        .execution_options(populate_existing=True)
    )
    return [preview for preview in session.scalars(query) if preview.request.is_over]


def folders_in_use() -> set[str]:
    """Return what the folders are called that previews need, or needed until a moment ago."""
    ended = and_(Preview.status.in_(ENDED), Preview.ended_at < now() - ledger.patience())
    found = session.scalars(select(Preview.id).where(not_(ended))).all()
    return {f"{purpose}-{each.hex}" for each in found for purpose in ("preview", "look")}


def rounds_of(request: ProductRequest) -> list[Preview]:
    """Return of each round its newest preview, newest round first."""
    found: dict[int, Preview] = {}
    for preview in session.scalars(previews_of(request)):
        found.setdefault(preview.round, preview)
    return [found[number] for number in sorted(found, reverse=True)]


def is_on_show(preview: Preview) -> bool:
    """Tell whether a preview is what its request's address leads to: the last one that came up."""
    last = session.scalars(previews_of(preview.request).where(Preview.ready_at.is_not(None)).limit(1)).first()
    return last is not None and last.id == preview.id


def label_now(preview: Preview) -> str:
    """Return the host label at which a preview that is up is found: its request's, or its round's own."""
    return preview.label if is_on_show(preview) else preview.own_label


def awake_by_project() -> dict[UUID, list[Preview]]:
    """Return the previews whose processes run and may sleep, by project; visited longest ago first."""
    query = (
        select(Preview, func.coalesce(Instance.last_visit_at, Instance.ready_at, Preview.created_at))
        .join(Instance, Instance.label == Preview.instance_name)
        .where(
            Preview.status == PreviewStatus.READY,
            Instance.desired == Desired.RUNNING,
            Preview.keeps_awake.is_(False),
        )
        .options(*bare(Preview.request, ProductRequest.project))
    )
    rows = session.execute(query).all()
    found: dict[UUID, list[Preview]] = {}
    for preview, _ in sorted(rows, key=lambda row: row[1].timestamp()):
        found.setdefault(preview.project_id, []).append(preview)
    return found


def without_files() -> list[Preview]:
    """Return the previews that are up and serve files that are not there."""
    query = select(Preview).where(Preview.status == PreviewStatus.READY, Preview.instance_name.is_(None))
    folder = installation().checkouts
    found = session.scalars(query.options(*bare()))
    return [each for each in found if not (folder / each.name).is_dir()]


def open_links(request: ProductRequest) -> list[ShareLink]:
    """Return the share links of a request that still open its preview."""
    return [link for link in links_of(request) if link.is_open]


def links_of(request: ProductRequest) -> list[ShareLink]:
    """Return the share links of a request, newest first."""
    query = select(ShareLink).where(ShareLink.request_id == request.id).order_by(ShareLink.id.desc())
    return list(session.scalars(query).unique())


def link_of(request: ProductRequest, link_id: UUID) -> Select[ShareLink]:
    return select(ShareLink).where(ShareLink.request_id == request.id, ShareLink.id == link_id)


def link_by_digest(found: str) -> ShareLink | None:
    query = select(ShareLink).where(ShareLink.digest == found)
    return session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()


def up_in(project: Project) -> list[Preview]:
    """Return the previews of a project that are up."""
    query = select(Preview).where(Preview.project_id == project.id, Preview.status == PreviewStatus.READY)
    return list(session.scalars(query))


def runs_in(organization_id: UUID) -> list[Select[UUID | None]]:
    """Return the ids of the runs that built an organization's previews: of requests, of branches."""
    mine = select(Project.id).where(Project.organization_id == organization_id, Project.is_sample.is_(False))
    return [
        select(kind.run_id).where(kind.project_id.in_(mine), kind.run_id.is_not(None))
        for kind in (Preview, BranchPreview)
    ]
