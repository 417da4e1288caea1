"""From a commit to something that answers at a host name: the one road that previews and apps share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from app.core.db import transaction
from app.core.ids import token
from app.core.installation import installation
from app.engine import instances, routes
from app.engine.builds import Built, Report, build
from app.engine.logs import Log
from app.engine.plans import Plan, plan_for
from app.engine.removal import remove_tree
from app.engine.repositories import Repository

Cancelled = Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Place:
    """What shall be served where, and who may see it."""

    label: str
    name: str
    purpose: str  # preview, branch or app
    subject_id: str
    project_id: UUID
    organization_id: UUID
    access: str = "private"
    status_url: str | None = None
    bar: dict[str, str] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)  # as env, but no log shows their values

    root: str = ""  # where in the repository the app lies
    wishes: Mapping[str, Any] = field(default_factory=dict)  # what the plan shall say, as `plan_for` takes it

    @property
    def folder(self) -> Path:
        return installation().checkouts / self.name

    @property
    def log_path(self) -> Path:
        return installation().folder("logs") / self.purpose / f"{self.name}.log"


@dataclass(frozen=True)
class Prepared:
    """What a commit was turned into."""

    plan: Plan
    built: Built


def announce(place: Place) -> None:
    """Let a host name say that something is coming, until it leads somewhere."""
    routes.point(
        place.label,
        project_id=place.project_id,
        organization_id=place.organization_id,
        access=place.access,
        status_url=place.status_url,
    )


def prepare(
    repository: Repository, commit: str, place: Place, *, report: Report, cancelled: Cancelled
) -> Prepared:
    """Lay the commit out, plan it and build it; raises Failed with the reason and the lines that matter."""
    place.log_path.parent.mkdir(parents=True, exist_ok=True)
    with Log(place.log_path, place.secrets.values()) as log:
        report(phase="checkout", progress=5, message=f"Fetching the files of {commit[:8]}")
        log.line(f"Fetching the files of {commit[:8]}")
        clear(place.folder)
        laid_out = repository.checkout(commit, place.folder)
        for skipped in laid_out.skipped:
            log.line(f"Left out {skipped.path}: {skipped.reason}")
        report(phase="planning", progress=10, message="Looking at what it is")
        plan = plan_for(
            repository.files(commit),
            lambda path: repository.blob(commit, path),
            root=place.root,
            wishes=place.wishes,
        )
        for reason in plan.reasons:
            log.line(reason)
        built = build(
            plan,
            place.folder,
            cache=installation().caches / str(place.project_id),
            log=log,
            report=report,
            cancelled=cancelled,
            limits=installation().build_limits,
            env={**place.env, **place.secrets},
        )
    return Prepared(plan, built)


def start(place: Place, prepared: Prepared, *, report: Report, cancelled: Cancelled) -> None:
    """Start what was built, where it needs a process, and wait until it answers its health check."""
    plan, built = prepared.plan, prepared.built
    if built.serve == "static":
        return
    report(phase="starting", progress=90, message="Starting it and waiting for its first answer")
    with transaction():
        instances.want(
            place.name,
            purpose=place.purpose,
            subject_id=place.subject_id,
            folder=built.folder,
            command=str(built.command),
            env={name: value for name, value in built.env.items() if name not in place.secrets},
            secrets=place.secrets,
            port=built.port,
            health=built.health,
            idle_seconds=(plan.idle or installation().idle_seconds) if place.purpose != "app" else None,
            log_path=place.log_path,
        )
    instances.ring_keeper()
    instances.await_ready(place.name, timeout=90, cancelled=cancelled)


def point(place: Place, prepared: Prepared) -> None:
    """Let the host name lead to what was built; call it inside the transaction that says it is ready."""
    built = prepared.built
    routes.point(
        place.label,
        project_id=place.project_id,
        organization_id=place.organization_id,
        access=place.access,
        directory=built.directory if built.serve == "static" else None,
        instance=None if built.serve == "static" else place.name,
        spa=built.spa,
        bar=place.bar,
        status_url=place.status_url,
    )


def leads_to(label: str, name: str) -> bool:
    """Tell whether a host name leads to what is served under a name."""
    route = routes.find(label)
    if route is None:
        return False
    folder = installation().checkouts / name
    return route.instance == name or Path(route.directory or "/").is_relative_to(folder)


def differences(place: Place, *, has_process: bool) -> Iterator[str]:
    """Say where what is to be served at a place is not what its address leads to."""
    route = routes.find(place.label)
    if not leads_to(place.label, place.name):
        found = (route.instance or route.directory or route.kind) if route is not None else "nothing"
        yield f"is to be seen at {place.label}, but that leads to {found}."
    if has_process and instances.is_given_up(place.name):
        yield "is up, but its process is not, and nobody starts it again."


def remove(name: str) -> None:
    """End what is served under a name: its process and its files."""
    instances.remove(name)
    instances.ring_keeper()
    clear(installation().checkouts / name)


def clear(folder: Path) -> None:
    """Remove a checkout, also one that a sandboxed work left in another owner's hands."""
    if folder.exists():
        # Gone at once under its name, so that nobody is served the half of it that is left.
        aside = folder.with_name(f".{folder.name}-{token(4)}")
        folder.rename(aside)
        remove_tree(aside)
