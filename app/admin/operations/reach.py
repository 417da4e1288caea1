"""What is decided for the whole installation: who shall reach it."""

from dataclasses import replace

from app.accounts.models import User
from app.admin.checks import Check, look
from app.admin.permissions import can_administer_installation
from app.core import reach, supervised
from app.core.errors import Conflict, NotAllowed
from app.core.installation import configure, installation
from app.core.reach import Reach
from app.integrations.doorbell import Visitor
from app.integrations.resolver import NameService


def decide_reach(answer: Reach, *, by: User) -> bool:
    """Keep who shall reach this; returns whether everything starts anew for it, by itself."""
    _administer(by)
    here = installation()
    if {"GREENROOM_URL", "GREENROOM_PREVIEW_DOMAIN"} & here.pinned:
        names = " and ".join(sorted(here.pinned))
        raise Conflict(f"{names} in the environment decides this. Take it out there first, then start anew.")
    changes = answer != reach.read(here.home).now
    reach.answer(here.home, answer)
    return changes and supervised.ask_for_new_start(here)


def confirm_reach(*, by: User) -> None:
    """Note that an admin has come by the new address, so that the one before need not answer any more."""
    _administer(by)
    here = installation()
    kept = reach.confirm(here.home)
    configure(replace(here, former_url=""))
    if "GREENROOM_HOST" not in here.pinned and kept.host != here.host:
        supervised.ask_for_new_start(here)


def check_reach(answer: Reach, *, by: User) -> list[Check]:
    """Look whether an answer would hold, before or after it is given."""
    _administer(by)
    return look(answer, installation(), resolver=NameService(), doorbell=Visitor())


def _administer(by: User) -> None:
    if not can_administer_installation(by):
        raise NotAllowed("Only an admin of the whole installation decides who reaches it.")
