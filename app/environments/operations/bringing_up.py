"""Bring an environment up: build its task once, copy it, start its services, let it prepare itself."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Failed
from app.core.installation import installation
from app.core.jobs import job
from app.core.ledger import RunHandle
from app.engine import instances, routes
from app.engine.logs import Log
from app.engine.routes import ports
from app.environments import commands, images
from app.environments.definition import Script
from app.environments.models import Environment, EnvironmentState

_START_SECONDS = 90
_LAST_LINES = 10


@job(queue="build", deadline=1800, attempts=2)
def bring_up(environment_id: UUID) -> None:
    """Turn a task into an environment that somebody can work in."""
    run = ledger.current()
    with transaction():
        environment = session.get(Environment, environment_id, populate_existing=True)
        if environment is None or not environment.is_on_the_way:
            return
        secrets = commands.secrets_of(environment)
    with Log(environment.log_path, secrets.values()) as log:
        if not environment.task_version.is_built:
            _build(environment, log=log, run=run)
        with transaction():
            _still_wanted(run, environment)
            environment.move_to(EnvironmentState.PROVISIONING)
            changed(str(environment.id))
        _provision(environment, log=log, run=run, secrets=secrets)
    with transaction():
        _still_wanted(run, environment)
        environment.move_to(EnvironmentState.READY)
        environment.ready_at = now()
        environment.expires_at = environment.ready_at + timedelta(seconds=environment.seconds)
        changed(str(environment.id))


def _build(environment: Environment, *, log: Log, run: RunHandle) -> None:
    version = environment.task_version
    with transaction():
        version.built = None  # what lies there from before is made anew
    let_go()
    made = images.build_version(version, log=log, report=run.report, cancelled=lambda: run.is_cancelled)
    run.check()
    with transaction():
        version.built, version.used_at = made, now()


def _provision(environment: Environment, *, log: Log, run: RunHandle, secrets: dict[str, str]) -> None:
    run.report(phase="provisioning", progress=60, message="Laying out the files and starting the services")
    log.line("Laying out the files", "step")
    let_go()
    images.lay_out(environment)
    services: dict[str, Any] = environment.task_version.built or {}
    with transaction():
        _still_wanted(run, environment)
        for name, made in services.items():
            _want(environment, name, made, secrets)
        session.flush()  # the routes have their ports
        environment.service_urls = {name: _address(environment, name) for name in services} or None
    instances.ring_keeper()
    for name, made in services.items():
        if made["serve"] == "process":
            log.line(f"Waiting for the first answer of {name}", "step")
            instances.await_ready(
                environment.instance_of(name), timeout=_START_SECONDS, cancelled=lambda: run.is_cancelled
            )
    _await_addresses(environment, run)
    script = environment.task_version.definition.provision
    if script is not None:
        run.report(phase="provisioning", progress=85, message="Running the provision script")
        log.line(f"Running {script.script}", "step")
        run_script(environment, script, must_work=True, log=log, cancelled=lambda: run.is_cancelled)
        run.check()


def _want(environment: Environment, name: str, made: dict[str, Any], secrets: dict[str, str]) -> None:
    """Wish for a service, and let its address lead to it."""
    is_static = made["serve"] == "static"
    if not is_static:
        instances.want(
            environment.instance_of(name),
            purpose="environment",
            subject_id=environment.id,
            folder=environment.folder,
            command=made["command"],
            env={**commands.variables(environment), **made["env"]},
            secrets=secrets,
            port=made["port"],
            health=made["health"],
            outbound=environment.task_version.definition.network,
            idle_seconds=None if environment.is_warm else installation().idle_seconds,
            log_path=environment.log_path_of(name),
        )
    routes.point(
        environment.label_of(name),
        project_id=environment.project_id,
        organization_id=environment.project.organization_id,
        access="private" if environment.task_version.definition.private else "public",
        directory=environment.folder / made["directory"] if is_static else None,
        instance=None if is_static else environment.instance_of(name),
        spa=bool(made.get("spa")),
        status_url=f"{installation().url}{environment.path}",
        of_service=True,
    )


def _address(environment: Environment, name: str) -> dict[str, Any]:
    """Return where a service is reached, as clients of the API read it."""
    route = routes.find(environment.label_of(name))
    if route is None:
        raise Failed("gone", "The address of a service was taken away while it started.")
    url = routes.service_address_of(route)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    inner = environment.task_version.definition.service(name).port
    return {"url": url, "host": parts.hostname, "port": port, "urls": {str(inner): url}}


def _await_addresses(environment: Environment, run: RunHandle) -> None:
    """Wait until every address can be opened; what is called ready is reached at once."""
    labels = [environment.label_of(name) for name in environment.service_urls or {}]
    given = [route.port for label in labels if (route := routes.find(label)) is not None]
    let_go()
    for port in filter(None, given):
        ports.await_open(port, cancelled=lambda: run.is_cancelled)


def run_script(
    environment: Environment,
    script: Script,
    *,
    must_work: bool,
    log: Log | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Run a script of the task; what it says goes to the environment's log."""
    secrets = commands.secrets_of(environment)
    let_go()
    ran = commands.run_file(
        environment, script.script, seconds=script.timeout, cancelled=cancelled, secrets=secrets
    )
    for each in _logs(environment, log, secrets):
        for line in ran.output.splitlines():
            each.line(line)
        each.line(f"{script.script} ended with {ran.exit_code}", "step")
    if must_work and ran.exit_code != 0 and not ran.was_cancelled:
        took = (
            f"took longer than {script.timeout} seconds" if ran.exit_code == commands.TIMED_OUT else "failed"
        )
        raise Failed(
            "provision_failed",
            f"The script {script.script} {took} (exit code {ran.exit_code}).",
            "The lines below are its last ones. Correct it and publish a new version of the task.",
            ran.output.splitlines()[-_LAST_LINES:],
        )


def _logs(environment: Environment, log: Log | None, secrets: dict[str, str]) -> Iterator[Log]:
    if log is not None:
        yield log
        return
    with Log(environment.log_path, secrets.values()) as own:
        yield own


def _still_wanted(run: RunHandle, environment: Environment) -> None:
    """Read the environment as it is now, and stop where somebody ended it meanwhile."""
    run.settle()
    session.refresh(environment)
    if not environment.is_on_the_way:
        raise Cancelled
