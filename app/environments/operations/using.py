"""Work in an environment: run commands, have the task verified, claim the token, follow the services."""

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.accounts.models import User
from app.core.changes import changed
from app.core.clock import iso, now
from app.core.db import let_go, session, transaction, unit_of_work
from app.core.errors import Conflict, DomainError, Failed, Invalid, NotAllowed, TooMany
from app.core.secrets import digest
from app.engine import instances
from app.engine.instances import InstanceMoved, InstanceState
from app.engine.logs import tail
from app.environments import commands, permissions, queries
from app.environments.commands import Ran
from app.environments.definition import Verification
from app.environments.models import ENDED, Environment, EnvironmentState
from app.environments.operations.making import fail, is_being_removed

MOST_AT_ONCE = 64  # commands of one process of the site; who comes later is told so
MOST_OF_ONE = 16  # of them in one environment, so that it leaves room for others
_LOOK_SECONDS = 1.0
_WAKE_SECONDS = 60.0
_LOG_LINES = 2_000
_JUDGED = "[greenroom: a judge looks as well, which is not done here]"
_running: list[UUID] = []


class StillAsleep(DomainError):
    """What slept did not come up in time, so nothing was done in it."""

    status = 504
    type = "timeout"


def execute(
    environment: Environment,
    *,
    command: str,
    seconds: int,
    by: User,
    token: str | None = None,
    heard: Callable[[str], None] = lambda _: None,
    is_left: Callable[[], bool] = lambda: False,
) -> Ran:
    """Run a command in an environment: whoever has its token may, and whoever may use it.

    What it says is `heard` as it comes; it ends when `is_left` tells that nobody waits for it any more.
    """
    if token is not None:
        if not hmac.compare_digest(digest(token), environment.token_digest):
            raise NotAllowed("This is not the token of this environment. It is sent as X-Environment-Token.")
        _must_be_ready(environment)
    else:
        must_be_open_to(by, environment)
    _wake(environment)
    secrets = commands.secrets_of(environment)
    is_over = _is_over(environment.id)
    with _counted(environment.id):
        let_go()
        ran = commands.run_command(
            environment,
            command,
            seconds=seconds,
            cancelled=lambda: is_left() or is_over(),
            secrets=secrets,
            heard=heard,
        )
    if ran.was_cancelled and not is_left():
        raise Conflict("The environment was torn down while the command ran.")
    return ran


def must_be_open_to(user: User, environment: Environment) -> None:
    """Refuse whoever may not use it, and what is not up."""
    if not permissions.can_use(user, environment):
        raise NotAllowed("Only developers and admins run commands in an environment.")
    _must_be_ready(environment)


def _must_be_ready(environment: Environment) -> None:
    if environment.is_on_the_way:
        raise Conflict(f"This environment is {environment.status} still. Wait until it is ready.")
    if environment.is_over:
        raise Conflict(f"This environment is {environment.status}. Make another one.")


class _counted:  # noqa: N801 - it reads as what it does
    """Count a command for as long as it runs."""

    def __init__(self, environment_id: UUID) -> None:
        self._id = environment_id

    def __enter__(self) -> None:
        if len(_running) >= MOST_AT_ONCE or _running.count(self._id) >= MOST_OF_ONE:
            trouble = TooMany(f"{len(_running)} commands are running already. Try again in a moment.")
            trouble.retry_after = 2
            raise trouble
        _running.append(self._id)

    def __exit__(self, *_: object) -> None:
        _running.remove(self._id)


def _wake(environment: Environment) -> None:
    """Wake what sleeps, and wait until it answers."""
    if environment.status is EnvironmentState.PAUSED:
        with transaction():
            for name in environment.processes:
                instances.wake(environment.instance_of(name))
        _await(environment)


def _await(environment: Environment) -> None:
    try:
        for name in environment.processes:
            instances.await_ready(environment.instance_of(name), timeout=_WAKE_SECONDS)
    except Failed as trouble:
        raise StillAsleep(f"It slept and could not be woken. {trouble.message}") from trouble


def _is_over(environment_id: UUID) -> Callable[[], bool]:
    """Return what tells, asked again and again, whether an environment ended; it looks once a second."""
    next_look = time.monotonic() + _LOOK_SECONDS

    def is_over() -> bool:
        nonlocal next_look
        if time.monotonic() < next_look:
            return False
        next_look = time.monotonic() + _LOOK_SECONDS
        with unit_of_work():
            row = queries.status_of(environment_id)
            return row is None or row.status in ENDED

    return is_over


def claim_token(
    environment_id: UUID, *, has_token: bool, is_creator: bool, state: EnvironmentState
) -> str | None:
    """Give the token of a ready environment to who made it, once: whoever comes first gets it."""
    if not (has_token and is_creator and state is EnvironmentState.READY):
        return None
    token = queries.sealed_token_of(environment_id)
    if token is None:
        return None
    with transaction():
        won = session.execute(
            update(Environment)
            .where(Environment.id == environment_id, Environment.token.is_not(None))
            .values(token=None)
        )
    return token if won.rowcount == 1 else None  # type: ignore[attr-defined]


def verify(environment: Environment, *, by: User, flag: str | None = None) -> dict[str, Any]:
    """Find out now whether the task is done, and keep what was found."""
    if not permissions.can_use(by, environment):
        raise NotAllowed("Only developers and admins have an environment verified.")
    rule = environment.task_version.definition.verification
    if rule is None:
        raise Conflict("This task does not say how it is verified.")
    if not rule.is_found_out_here:
        raise Conflict("A judge verifies this task, which is not done here.")
    _must_be_ready(environment)
    _wake(environment)
    found = _by_flag(environment, rule, flag) if "flag" in rule.method else _by_script(environment, rule)
    if "judge" in rule.method:
        found["output"] = f"{found['output']}\n{_JUDGED}".lstrip()
    with transaction():
        session.refresh(environment)
        environment.verification = {**found, "method": rule.method.value, "checked_at": iso(now())}
        changed(str(environment.id))
    return dict(environment.verification or {})


def _by_script(environment: Environment, rule: Verification) -> dict[str, Any]:
    secrets = commands.secrets_of(environment)
    let_go()
    ran = commands.run_file(
        environment,
        str(rule.script),
        seconds=rule.timeout,
        cancelled=_is_over(environment.id),
        secrets=secrets,
    )
    if ran.was_cancelled:
        raise Conflict("The environment was torn down while it was verified.")
    return {"passed": ran.exit_code == 0, "exit_code": ran.exit_code, "output": ran.output[-20_000:]}


def _by_flag(environment: Environment, rule: Verification, flag: str | None) -> dict[str, Any]:
    if flag is None and rule.path is not None:
        ran = commands.run_command(
            environment,
            ["cat", rule.path],
            seconds=rule.timeout,
            cancelled=_is_over(environment.id),
            secrets={},
        )
        flag = ran.output if ran.exit_code == 0 else ""
    if flag is None:
        raise Invalid.field("flag", "Send the flag that was found.", type="missing")
    found = flag.strip()
    if rule.hash is not None:
        right = hmac.compare_digest(
            hashlib.sha256(found.encode()).hexdigest(), rule.hash.removeprefix("sha256:").lower()
        )
    else:
        right = hmac.compare_digest(found.encode(), str(rule.value).encode())
    return {
        "passed": right,
        "exit_code": None,
        "output": "The flag is right." if right else "The flag is not right.",
    }


def logs_of(environment: Environment) -> str:
    """Return what was done to bring an environment up, and what its services said."""
    parts = [tail(environment.log_path, _LOG_LINES)]
    for name in environment.task_version.definition.services:
        lines = tail(environment.log_path_of(name), _LOG_LINES)
        parts += [[f"==> {name}"], lines] if lines else []
    return "".join(f"{line}\n" for part in parts for line in part)


def follow_instance(moved: InstanceMoved) -> None:
    """Let an environment pause when all services sleep, and wake or fail with one of them."""
    if moved.purpose != "environment":
        return
    environment = session.get(Environment, UUID(moved.subject_id), populate_existing=True)
    if environment is None or not environment.is_up:
        return
    states = {
        moved.state if name == moved.label else instances.state_of(name)
        for name in map(environment.instance_of, environment.task_version.built or {})
    }
    with transaction():
        if moved.state is InstanceState.FAILED:
            fail(environment, instances.why_it_failed(moved.label))
        elif environment.status is EnvironmentState.READY and states == {InstanceState.ASLEEP}:
            environment.move_to(EnvironmentState.PAUSED)
        elif environment.status is EnvironmentState.PAUSED and InstanceState.RUNNING in states:
            environment.move_to(EnvironmentState.READY)
        changed(str(environment.id))


def disagreements() -> list[str]:
    """Say where environments and the rest of the world differ."""
    from app.core import ledger

    found = []
    for environment in queries.unended():
        run = queries.run_of(environment)
        if environment.is_on_the_way and (run is None or not run.is_open):
            found.append(f"Environment {environment.id} is {environment.status}, but nothing works on it.")
        if environment.is_up and ledger.is_overdue(environment.expires_at):
            found.append(f"Environment {environment.id} is {environment.status}, but its time is over.")
        if environment.is_up and not environment.folder.is_dir():
            found.append(f"Environment {environment.id} is {environment.status}, but its files are gone.")
        found += [
            f"Environment {environment.id} is up, but {name} is not."
            for name in environment.processes
            if environment.is_up and instances.is_given_up(environment.instance_of(name))
        ]
    found += [
        f"Environment {environment.id} is {environment.status}, but nothing takes away what it had."
        for environment in queries.unremoved()
        if not is_being_removed(environment)
    ]
    return found
