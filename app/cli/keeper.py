"""The keeper process: owns this machine's instances, sweeps, reconciles and keeps the schedule."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.accounts.models import User
from app.accounts.operations import user_of_key
from app.apps import queries as apps
from app.core import jobs, ledger
from app.core.clock import now
from app.core.db import forget_connections, session, unit_of_work
from app.core.installation import installation
from app.development import queries as development
from app.engine.keeper import Hooks, Keeper, Periodic, reconcile
from app.environments import queries as environments
from app.previews import queries as previews
from app.previews.operations import take_guest, take_link
from app.projects.queries import project_visible_to
from app.reviews.bar import bar_for
from app.schedule import TABLE, Due


def keep() -> None:
    """Keep until a signal asks for the end; the instances end with it."""
    forget_connections()
    here = installation()
    periodic = [Periodic(due.name, due.seconds, _by_one_machine(due)) for due in TABLE if due.seconds]
    if here.sweeper:
        periodic += [
            Periodic("sweeper", here.sweep_seconds, _sweep, is_alone=True),
            Periodic("reconciler", here.reconcile_seconds, _reconcile, is_alone=True),
        ]
        periodic += [
            Periodic(due.name, here.reconcile_seconds, _by_one_machine(due))
            for due in TABLE
            if due.seconds is None
        ]
    hooks = Hooks(
        may_person_open=_may_person_open,
        may_key_open=_may_key_open,
        take_link=_take_link,
        may_guest_open=take_guest,
        may_token_open=environments.may_token_open,
        review=_review,
        periodic=periodic,
    )
    Keeper(hooks).run()


def _sweep() -> None:
    with unit_of_work():
        jobs.sweep()


def _reconcile() -> None:
    with unit_of_work():
        reconcile.reconcile(wants_folder=folder_is_wanted)


def folder_is_wanted(name: str) -> bool:
    """Tell whether anything needs a folder of this name, or did until a moment ago."""
    shown = previews.folders_in_use() | previews.folders_of_branches() | environments.folders_in_use()
    made = apps.folders_in_use() | apps.build_folders_in_use() | apps.session_folders_in_use()
    return name in shown | made | development.folders_in_use()


def _by_one_machine(due: Due) -> Callable[[], None]:
    def do() -> None:
        with unit_of_work(), ledger.exclusively(due.name) as mine:
            if mine:
                due.do()

    return do


def _may_person_open(user_id: UUID, project_id: UUID) -> bool:
    user = session.get(User, user_id)
    if user is None or not user.is_active:
        return False
    return session.scalars(project_visible_to(user, project_id)).first() is not None


def _review(label: str, user_id: UUID) -> dict[str, Any] | None:
    user = session.get(User, user_id)
    return bar_for(label, user) if user is not None and user.is_active else None


def _may_key_open(key: str, project_id: UUID) -> bool:
    found = user_of_key(key)
    if found is None or "read" not in found[1]:
        return False
    return session.scalars(project_visible_to(found[0], project_id)).first() is not None


def _take_link(secret: str, label: str) -> dict[str, Any] | None:
    link = take_link(secret, label)
    if link is None:
        return None
    seconds = int((link.expires_at - now()).total_seconds())
    return {"link_id": str(link.id), "seconds": max(1, seconds)}
