"""What runs now: instances and runs, with the projects and requests that they are for."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, false, select

from app.accounts.models import User
from app.core.db import session
from app.core.ledger import OPEN, Run
from app.engine.instances import Instance, InstanceState, socket_path
from app.engine.routes import Route
from app.previews.models import Preview
from app.projects.models import Project
from app.requests.models import ProductRequest

_UP = (InstanceState.STARTING, InstanceState.RUNNING)


@dataclass(frozen=True)
class InstanceUp:
    """An instance that uses memory, how it is reached, and what it is for."""

    instance: Instance
    port: int | None
    project: Project | None
    request: ProductRequest | None

    @property
    def socket(self) -> str:
        return socket_path(self.instance.label).name


@dataclass(frozen=True)
class RunOpen:
    """A run that has not ended, and the request that it is for."""

    run: Run
    request: ProductRequest | None


def instances_up() -> list[InstanceUp]:
    """Return what runs behind the gateway, the largest first."""
    query = (
        select(Instance, Route.port, Project, ProductRequest)
        .outerjoin(Route, Route.instance == Instance.label)
        .outerjoin(Project, Project.id == Route.project_id)
        .outerjoin(Preview, Preview.instance_name == Instance.label)
        .outerjoin(ProductRequest, ProductRequest.id == Preview.request_id)
        .where(Instance.state.in_(_UP))
        .order_by(Instance.memory_bytes.desc(), Instance.label)
    )
    found = {row[0].id: InstanceUp(*row) for row in session.execute(query).unique()}
    return list(found.values())


def runs_open() -> list[RunOpen]:
    """Return the work that is in progress or waits for its turn, the oldest first."""
    runs = session.scalars(select(Run).where(Run.state.in_(OPEN)).order_by(Run.created_at, Run.id)).all()
    requests = _requests_among(run.topic for run in runs)
    return [RunOpen(run, requests.get(run.topic)) for run in runs]


def _requests_among(topics: Iterable[str]) -> dict[str, ProductRequest]:
    ids = [found for topic in set(topics) if (found := _id_in(topic))]
    query = select(ProductRequest).where(ProductRequest.id.in_(ids))
    return {str(request.id): request for request in session.scalars(query).unique()}


def _id_in(topic: str) -> UUID | None:
    try:
        return UUID(topic)
    except ValueError:
        return None


def run_overseen_by(user: User, run_id: UUID) -> Select[Run]:
    """Return a run, for an admin of the whole installation."""
    query = select(Run).where(Run.id == run_id)
    return query if user.is_admin and user.confined_to is None else query.where(false())
