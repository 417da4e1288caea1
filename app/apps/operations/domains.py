"""A host name of an app's own: attached, proven by the DNS, led to the app, detached."""

import re
from datetime import timedelta
from ipaddress import ip_address

from app.accounts.models import User
from app.apps import queries
from app.apps.models import App, AppDomain, DomainStatus
from app.core import audit
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.installation import installation
from app.core.jobs import job
from app.engine import routes
from app.integrations.resolver import NameService, Records
from app.projects.permissions import can_configure

PATIENCE = timedelta(hours=72)
_LONGEST = 253
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SECOND_LEVEL = {"ac", "co", "com", "edu", "gov", "net", "or", "org"}  # as in example.co.uk
_LEAST_LABELS = 3


def attach_domain(app: App, *, by: User, hostname: str) -> AppDomain:
    """Attach a host name to an app, in place of the one it has; it leads there once the DNS says so."""
    _may_configure(by, app)
    name = _checked(hostname)
    if installation().shares_host:
        raise Conflict(
            "Apps have ports of their own here, not names. Give the installation a domain first.",
            code="no_names",
        )
    with transaction():
        domain = queries.domain_of(app)
        if domain is not None and domain.hostname == name:
            return domain
        if queries.domain_at(name) is not None:
            raise Conflict(f"{name} is attached to another app. Detach it there first.", code="taken")
        if domain is not None:
            _let_go_of(domain)
        domain = AppDomain(app=app, app_id=app.id, hostname=name, attached_by=by)
        session.add(domain)
        session.flush()  # its check refers to it
        _note(app, "app.domain_attached", name, by=by)
        check_domain.later(domain.id, topic=app.project_id)
    return domain


def detach_domain(app: App, *, by: User) -> None:
    """Take the host name off an app; whoever opens it finds nothing there any more."""
    _may_configure(by, app)
    domain = queries.domain_of(app)
    if domain is None:
        raise Conflict("This app has no domain, so there is nothing to detach.", code="no_domain")
    with transaction():
        _note(app, "app.domain_detached", domain.hostname, by=by)
        _let_go_of(domain)


def check_again(app: App, *, by: User) -> AppDomain:
    """Look at the DNS now, also where it was given up."""
    _may_configure(by, app)
    domain = queries.domain_of(app)
    if domain is None:
        raise Conflict("This app has no domain. Attach one first.", code="no_domain")
    with transaction():
        if domain.status is DomainStatus.FAILED:
            domain.move_to(DomainStatus.PENDING)
            domain.waits_since = now()
        check_domain.later(domain.id, topic=app.project_id)
    return domain


def check_domains() -> int:
    """Look at the DNS of every domain that waits for its record; called by the schedule."""
    waiting = queries.waiting_domains()
    for domain in waiting:
        check_domain.later(domain.id, topic=domain.app.project_id)
    return len(waiting)


@job(queue="quick", deadline=60, attempts=2)
def check_domain(domain_id: str) -> None:
    """Look whether the owner of a domain said that it is this app's."""
    look_at(domain_id, NameService())


def look_at(domain_id: str, records: Records) -> None:
    """Ask for the records of a domain; lead it to its app, or keep the reason why not."""
    domain = session.get(AppDomain, domain_id, populate_existing=True)
    if domain is None or domain.status is not DomainStatus.PENDING:
        return
    let_go()
    trouble = why_unproven(domain, records)
    with transaction():
        session.refresh(domain)
        if domain.status is not DomainStatus.PENDING:
            return
        domain.checked_at, domain.last_error = now(), trouble
        if trouble is None:
            domain.verified_at = domain.checked_at
            domain.move_to(DomainStatus.ACTIVE)
            lead_to_app(domain)
        elif now() - domain.waits_since > PATIENCE:
            domain.move_to(DomainStatus.FAILED)
        changed(str(domain.app.project_id))


def why_unproven(domain: AppDomain, records: Records) -> str | None:
    """Say what is missing in the DNS; None where either record is there."""
    texts = records.texts(domain.text_name)
    if domain.text_value in texts.texts:
        return None
    alias = records.alias(domain.hostname)
    if alias.alias.lower().rstrip(".") == domain.target:
        return None
    said = [
        f"{domain.text_name} has another TXT record"
        if texts.texts
        else f"{domain.text_name}: {texts.trouble}",
        f"{domain.hostname} is a CNAME for {alias.alias}"
        if alias.alias
        else f"{domain.hostname}: {alias.trouble}",
    ]
    return (
        f"{'; '.join(said)}. Set the TXT record {domain.text_name} to {domain.text_value}, "
        f"or a CNAME of {domain.hostname} to {domain.target}."
    )


def lead_to_app(domain: AppDomain) -> None:
    """Let a proven domain lead to where its app's own address leads now."""
    if domain.status is DomainStatus.ACTIVE and routes.find(domain.app.handle) is not None:
        routes.keep_at(domain.app.handle, domain.hostname, bar={})


def _let_go_of(domain: AppDomain) -> None:
    session.delete(domain)
    routes.forget(domain.hostname)
    changed(str(domain.app.project_id))
    session.flush()  # another one may take its place, or its name


def _checked(hostname: str) -> str:
    """Return a host name as it is kept, or say why it cannot be one."""
    name = hostname.strip().lower().rstrip(".")
    labels = name.split(".")
    if name.startswith("*"):
        raise _refusal("A wildcard cannot be attached. Name one host, such as shop.example.com.", "wildcard")
    if len(name) > _LONGEST or not all(map(_LABEL.fullmatch, labels)) or _is_address(name):
        raise _refusal("Write a host name alone, such as shop.example.com.", "hostname")
    if len(labels) < _LEAST_LABELS or (len(labels) == _LEAST_LABELS and _is_apex(labels)):
        raise _refusal(
            f"{name} is a whole domain, which cannot have a CNAME record. Attach a name below it, such as "
            f"www.{name}.",
            "apex",
        )
    if _is_ours(name):
        raise _refusal(f"{name} is an address of this installation itself.", "reserved")
    return name


def _is_apex(labels: list[str]) -> bool:
    return labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2  # noqa: PLR2004 - a country


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_ours(name: str) -> bool:
    here = installation()
    site = here.url.rpartition("//")[2].partition(":")[0].lower()
    previews = here.preview_domain.partition(":")[0].lower()
    return name in {site, previews} or name.endswith((f".{previews}", f".{site}", ".localhost"))


def _refusal(message: str, kind: str) -> Invalid:
    return Invalid.field("hostname", message, type=kind)


def _may_configure(by: User, app: App) -> None:
    if not can_configure(by, app.project):
        raise NotAllowed("Only an admin of the organization changes the domain of an app.")


def _note(app: App, act: str, name: str, *, by: User) -> None:
    audit.record(
        act,
        by=by,
        subject=app.name,
        subject_id=app.id,
        organization_id=app.project.organization_id,
        detail=name,
    )
