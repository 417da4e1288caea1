"""An environment pauses when all that runs of it sleeps, wakes with a visit or a command, and fails with a service."""

from pathlib import Path

import pytest

from app.core.db import session, transaction
from app.engine import instances
from app.engine.instances import Desired, Instance, InstanceMoved, InstanceState
from app.environments import commands, operations
from app.environments.commands import Ran
from app.environments.models import EnvironmentState


@pytest.fixture
def up(ready):
    """An environment with two services that run, as far as the keeper says."""
    environment, _ = ready()
    with transaction():
        environment.task_version.built = {
            name: {"serve": "process", "command": "serve", "port": 8080, "health": "/", "env": {}}
            for name in ("web", "api")
        }
        for name in environment.processes:
            instances.want(
                environment.instance_of(name),
                purpose="environment",
                subject_id=environment.id,
                folder=Path("/nowhere"),
                command="serve",
                log_path=environment.log_path_of(name),
            )
    for name in environment.processes:
        tell(environment, name, InstanceState.RUNNING)
    return environment


def tell(environment, service: str, state: InstanceState, **more: object) -> None:
    """Write what became of a service, and announce it, as the keeper does."""
    label = environment.instance_of(service)
    with transaction():
        row = session.query(Instance).filter_by(label=label).one()
        row.state, row.pid, row.ready_at = state, 1, row.created_at
        for name, value in more.items():
            setattr(row, name, value)
        operations.follow_instance(InstanceMoved(label, "environment", str(environment.id), state))


def wanted(environment) -> set[Desired]:
    labels = [environment.instance_of(name) for name in environment.processes]
    return {row.desired for row in session.query(Instance).filter(Instance.label.in_(labels))}


class TestPause:
    def test_when_the_last_service_sleeps(self, up):
        tell(up, "web", InstanceState.ASLEEP)
        first = up.status
        tell(up, "api", InstanceState.ASLEEP)

        assert (first, up.status) == (EnvironmentState.READY, EnvironmentState.PAUSED)

    def test_wakes_with_the_first_that_runs(self, up):
        for name in ("web", "api"):
            tell(up, name, InstanceState.ASLEEP)

        tell(up, "web", InstanceState.RUNNING)

        assert up.status is EnvironmentState.READY

    def test_fails_with_a_service_that_fails(self, up):
        tell(up, "web", InstanceState.FAILED, error_message="It ended with 1.", error_code="exited")

        assert up.status is EnvironmentState.FAILED
        assert up.error_message == "It ended with 1."


class TestWake:
    def test_a_command_wakes_all_and_waits_for_them(self, people, up, monkeypatch):
        for name in ("web", "api"):
            tell(up, name, InstanceState.ASLEEP, desired=Desired.ASLEEP)
        waited = []
        monkeypatch.setattr(instances, "await_ready", lambda label, **_: waited.append(label))
        monkeypatch.setattr(commands, "run_command", lambda *_, **__: Ran(0, "hello\n"))

        ran = operations.execute(up, command="true", seconds=5, by=people.bob)

        assert ran.output == "hello\n"
        assert wanted(up) == {Desired.RUNNING}
        assert waited == [up.instance_of("web"), up.instance_of("api")]

    def test_says_504_where_it_does_not_wake(self, people, up):
        for name in ("web", "api"):
            tell(up, name, InstanceState.ASLEEP, desired=Desired.ASLEEP)
        with transaction():
            session.query(Instance).delete()

        with pytest.raises(operations.StillAsleep) as trouble:
            operations.execute(up, command="true", seconds=5, by=people.bob)
        assert trouble.value.status == 504
        assert "could not be woken" in trouble.value.message
