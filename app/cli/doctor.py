"""`greenroom doctor`: what is wrong here, in sentences; `--truth`: what the database says that is not so."""

import time
from urllib.parse import urlsplit

from app.core import jobs, ledger
from app.core.db import unit_of_work
from app.core.installation import Installation, installation

SECOND_LOOK_SECONDS = 1.5


def examine(*, truth: bool) -> int:
    """Print every fault that is found; returns 1 when there is one."""
    if truth:
        faults = lasting_disagreements()
    else:
        with unit_of_work():
            faults = shortcomings(installation())
    for fault in faults:
        print(fault)
    if not faults:
        print("Everything is as it says it is." if truth else "Nothing is wrong.")
    return 1 if faults else 0


def lasting_disagreements() -> list[str]:
    """Look twice: what is no longer so at the second look was only on its way."""
    with unit_of_work():
        first = disagreements()
    if not first:
        return []
    time.sleep(SECOND_LOOK_SECONDS)
    with unit_of_work():
        second = set(disagreements())
    return [line for line in first if line in second]


def disagreements() -> list[str]:
    """Compare what the database says with what exists: processes, sockets, checkouts, queue and refs."""
    from app.apps import operations as apps
    from app.cli.keeper import folder_is_wanted
    from app.development import operations as development
    from app.engine.keeper import reconcile
    from app.environments import operations as environments
    from app.previews import operations as previews
    from app.requests import operations as requests
    from app.reviews import operations as reviews

    return [
        *ledger.disagreements(),
        *jobs.disagreements(),
        *reconcile.disagreements(),
        *reconcile.disagreements_about_folders(folder_is_wanted),
        *previews.disagreements(),
        *apps.disagreements(),
        *requests.disagreements(),
        *development.disagreements(),
        *reviews.disagreements(),
        *environments.disagreements(),
    ]


def shortcomings(here: Installation) -> list[str]:
    """Look at what this machine lacks for doing its work well and safely, and whether its names lead here."""
    from app.admin import health

    return [*health.shortcomings(here), *_addresses(here)]


def _addresses(here: Installation) -> list[str]:
    """Look whether the names lead here, the ports are free, and previews are apart from the site."""
    from app.admin.checks import common_domain, look
    from app.core import reach
    from app.integrations.doorbell import Visitor
    from app.integrations.resolver import NameService

    found = []
    kept = reach.read(here.home)
    if not here.pinned:
        checks = look(kept.now, here, resolver=NameService(), doorbell=Visitor())
        found = [f"{check.name}: {check.said}" for check in checks if not check.is_good and check.is_needed]
    if kept.before is not None and not here.pinned:
        found.append(f"{here.url} was not opened by an admin yet; {here.former_url} answers as well.")
    if kept.trouble:
        found.append(f"The last answer to who shall reach this could not be used: {kept.trouble}")
    site, previews = str(urlsplit(here.url).hostname), here.preview_domain.partition(":")[0]
    if here.scheme == "https" and (common := common_domain(site, previews)):
        told = f"Previews run under {previews}, which is part of {common}, as the site is; they could set"
        found.append(f"{told} cookies that reach it. Give them a domain of their own.")
    return found
