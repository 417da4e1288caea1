"""Reads of deploys."""

from uuid import UUID

from sqlalchemy import Select, and_, not_, select

from app.apps.models import ON_THE_WAY, App, Deploy, DeployStatus
from app.core import ledger
from app.core.clock import now
from app.core.db import session
from app.core.ledger import Run
from app.projects.models import Project


def deploys_of(app: App) -> Select[Deploy]:
    return select(Deploy).where(Deploy.app_id == app.id).order_by(Deploy.created_at.desc(), Deploy.id.desc())


def deploy_of(project: Project, deploy_id: str) -> Select[Deploy]:
    """Return a deploy of one of a project's apps."""
    return (
        select(Deploy)
        .join(App, App.id == Deploy.app_id)
        .where(App.project_id == project.id, Deploy.id == deploy_id)
    )


def latest_deploy(app: App) -> Deploy | None:
    return session.scalars(deploys_of(app).limit(1)).first()


def newest_deploys(app: App, *, most: int) -> list[Deploy]:
    return list(session.scalars(deploys_of(app).limit(most)))


def run_of(deploy: Deploy) -> Run | None:
    """Return the run that works on a deploy, or did."""
    return session.get(Run, deploy.run_id) if deploy.run_id else None


def live_deploy(app: App) -> Deploy | None:
    return session.scalars(deploys_of(app).where(Deploy.status == DeployStatus.LIVE)).first()


def last_live(app: App) -> Deploy | None:
    """Return what went live last, whether or not it still is."""
    return session.scalars(
        deploys_of(app).where(Deploy.live_at.is_not(None)).order_by(None).order_by(Deploy.live_at.desc())
    ).first()


def deploys_on_the_way(app: App) -> list[Deploy]:
    return list(session.scalars(deploys_of(app).where(Deploy.status.in_(ON_THE_WAY))))


def unended() -> list[Deploy]:
    """Return every deploy that is live or on its way."""
    wanted = (*ON_THE_WAY, DeployStatus.LIVE)
    return list(
        session.scalars(
            select(Deploy).where(Deploy.status.in_(wanted)).execution_options(populate_existing=True)
        )
    )


def was_deployed(app: App, commit: str) -> bool:
    """Tell whether somebody set out to put a commit live, however that ended."""
    return (
        session.scalar(
            deploys_of(app).with_only_columns(Deploy.id).where(Deploy.commit_sha == commit).limit(1)
        )
        is not None
    )


def folders_in_use() -> set[str]:
    """Return what the folders are called that deploys need, or needed until a moment ago."""
    ended = and_(
        Deploy.status.not_in((*ON_THE_WAY, DeployStatus.LIVE)), Deploy.ended_at < now() - ledger.patience()
    )
    return {found.replace("_", "-") for found in session.scalars(select(Deploy.id).where(not_(ended)))}


def runs_in(organization_id: UUID) -> Select[UUID | None]:
    """Return the ids of the runs that put something of an organization live."""
    mine = select(App.id).join(Project, Project.id == App.project_id)
    mine = mine.where(Project.organization_id == organization_id, Project.is_sample.is_(False))
    return select(Deploy.run_id).where(Deploy.app_id.in_(mine), Deploy.run_id.is_not(None))
