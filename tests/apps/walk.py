"""What the operations of apps are tried on, and what is said of each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from app.apps import operations, queries
from app.apps.models import (
    App,
    AppDomain,
    AppPreviewSession,
    AppVariable,
    AppVersion,
    Build,
    Deploy,
    DomainStatus,
)
from app.core.clock import now
from app.core.db import session, transaction
from app.projects.models import Starter

HOST = "shop.example.com"
_TABLES = (App, AppVersion, Build, Deploy, AppDomain, AppVariable, AppPreviewSession)


class Here:
    """A project of Ada's with a shop of Bob's; each further thing is made when a row names it."""

    def __init__(self, people, bell) -> None:
        self.people, self.bell, self.bob = people, bell, people.bob
        self.project = people.project()
        bell.work()
        self.first = queries.first_app(self.project)
        self.shop = self._app("Shop")
        self.main = queries.default_version(self.shop)

    def _app(self, name: str, starter: Starter = Starter.STATIC) -> App:
        return operations.create_app(self.project, by=self.bob, name=name, starter=starter)

    @cached_property
    def empty(self) -> App:
        return self._app("Empty", Starter.EMPTY)

    @cached_property
    def gone(self) -> App:
        made = self._app("Gone")
        operations.delete_app(made, by=self.bob)
        return made

    @cached_property
    def fork(self) -> AppVersion:
        return operations.fork_version(self.shop, by=self.bob, name="Dark")

    @cached_property
    def given_up(self) -> AppVersion:
        made = operations.fork_version(self.shop, by=self.bob, name="Old")
        operations.delete_version(made, by=self.bob)
        return made

    @cached_property
    def build(self) -> Build:
        made = operations.start_build(self.main, by=self.bob)
        self.bell.work()
        return made

    @cached_property
    def live(self) -> Deploy:
        """The second one of the shop; the first was of `build`."""
        operations.deploy_build(self.build, by=self.bob)
        self.bell.work()
        operations.update_file(self.main, by=self.bob, path="index.html", content=b"second")
        second = operations.start_build(self.main, by=self.bob)
        self.bell.work()
        made = operations.deploy_build(second, by=self.bob)
        self.bell.work()
        return made

    @cached_property
    def waiting_build(self) -> Build:
        return operations.start_build(self.main, by=self.bob)

    @cached_property
    def waiting_deploy(self) -> Deploy:
        return operations.deploy_build(self.build, by=self.bob)

    @cached_property
    def domain(self) -> AppDomain:
        made = operations.attach_domain(self.shop, by=self.people.ada, hostname=HOST)
        with transaction():
            made.verified_at = now()
            made.move_to(DomainStatus.ACTIVE)
        return made

    @cached_property
    def variable(self) -> AppVariable:
        return operations.set_app_variable(self.shop, by=self.people.ada, name="MODE", value="demo")

    @cached_property
    def opened(self) -> AppPreviewSession:
        return operations.open_session(self.main, by=self.bob)

    def stands(self) -> tuple[object, ...]:
        """Return all that a refused call must leave as it was."""
        look_anew()
        counts = [session.scalar(select(func.count()).select_from(table)) for table in _TABLES]
        branches = [queries.repository_of_app(app).branches() for app in (self.first, self.shop)]
        states = [
            tuple(session.scalars(select(column).order_by(column)))
            for column in (
                App.name,
                App.deleted_at.is_(None),
                AppVersion.name,
                AppVersion.deleted_at.is_(None),
            )
        ]
        ends = [tuple(session.scalars(select(table.status).order_by(table.id))) for table in (Build, Deploy)]
        return (*counts, *branches, *states, *ends)


def look_anew() -> None:
    """See what a program's call wrote."""
    session.rollback()
    session.expire_all()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One operation: what works, what is left then, and what does not; `{here.shop.id}` names what is here."""

    path: str
    left: Callable[[Here, Any], object]
    bad: tuple[str, Any, int]  # path ("" for the same one), body, status
    body: Any = None
    by: str = "bob"
    status: int = 200
    stranger: int = 404


def filled(part: Any, here: Here) -> Any:
    """Put what is here into a path or a body."""
    if isinstance(part, str):
        return part.format(here=here)
    if isinstance(part, dict):
        return {name: filled(value, here) for name, value in part.items()}
    if isinstance(part, tuple):
        return tuple(filled(each, here) for each in part)
    return part
