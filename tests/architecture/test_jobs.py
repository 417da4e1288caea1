"""Every job takes one id, is taken from its queue, ends in time, and its bad end means something."""

import inspect
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

import pytest

from app.cli import _parser, worker
from app.core import jobs
from app.core.jobs import QUEUES, Job
from app.core.ledger import book

CLI = Path(__file__).parents[2] / "app" / "cli"

# Jobs whose failed or cancelled end leaves no state behind that would lie, each with the reason.
NEEDS_NONE = {
    "environments.remove_environment": "the environment is over already; the reconciler takes away what is left",
    "projects.read_config": "what was read before stays, with the commit that it is of",
    "admin.clear_organization": "nobody belongs to the organization any more; the schedule goes on with it",
    "apps.check_domain": "the domain waits still; the schedule has it looked for again",
    "apps.remove_deploy": "the deploy is over already; what is left of it the reconciler takes away",
    "apps.remove_session": "the session is over already; the schedule sees what is left of it",
    "previews.remove_branch": "the preview is over already; what is left of it the reconciler takes away",
    "previews.remove_preview": "the preview is over already; what is left of it the reconciler takes away",
}


def faults(
    found: Iterable[Job], *, served: Collection[str], ended: Collection[str], excused: Collection[str]
) -> list[str]:
    """Return what is wrong with jobs."""
    wrong = []
    for each in found:
        parameters = list(inspect.signature(each.function).parameters.values())
        if (
            len(parameters) != 1
            or parameters[0].annotation not in {UUID, str}
            or not parameters[0].name.endswith("_id")
        ):
            wrong.append(f"{each.kind} does not take one id")
        if each.queue not in served:
            wrong.append(f"{each.kind} waits in the queue {each.queue}, which no worker serves")
        if not 0 < each.deadline <= 3600 or each.attempts < 1:
            wrong.append(f"{each.kind} has no deadline within the hour")
        if not each.__doc__:
            wrong.append(f"{each.kind} does not say what for")
        if each.kind not in ended and each.kind not in excused:
            wrong.append(f"{each.kind} says nothing when it fails or is cancelled")
    return wrong


def good(thing_id: UUID) -> None:
    """Do something."""


def make(function=good, *, queue="quick", deadline=60, attempts=1) -> Job:
    return Job(function, queue=queue, deadline=deadline, attempts=attempts)


class TestEveryJob:
    def test_is_sound(self, app):
        served = {child.role.removeprefix("worker-") for child in worker.children(grace=1)}

        assert len(jobs.registry) > 3
        assert faults(jobs.registry.values(), served=served, ended=book._ended, excused=NEEDS_NONE) == []

    def test_that_is_excused_exists_and_needs_it(self, app):
        assert set(NEEDS_NONE) <= set(jobs.registry)
        assert not set(NEEDS_NONE) & set(book._ended)

    @pytest.mark.parametrize("command", ["up.py", "__init__.py"])
    def test_has_its_worker_by_each_command_that_starts_them(self, command):
        assert "worker.children(grace=" in (CLI / command).read_text()

    def test_waits_in_a_queue_that_can_be_asked_for_alone(self):
        assert {_parser().parse_args(["worker", queue]).queue for queue in QUEUES} == set(QUEUES)


class TestTheRules:
    def check(self, each: Job) -> list[str]:
        return faults([each], served={"quick"}, ended={each.kind}, excused=())

    def test_let_a_good_job_be(self):
        assert self.check(make()) == []

    def test_see_a_job_that_takes_more_than_an_id(self):
        def two(thing_id: UUID, words: str) -> None:
            """Do something."""

        def a_record(thing: object) -> None:
            """Do something."""

        assert len(self.check(make(two))) == len(self.check(make(a_record))) == 1

    def test_see_a_queue_without_a_worker(self):
        assert self.check(make(queue="slow")) == [
            f"{make().kind} waits in the queue slow, which no worker serves"
        ]

    @pytest.mark.parametrize("bad", [{"deadline": 0}, {"deadline": 90_000}, {"attempts": 0}])
    def test_see_a_job_without_an_end(self, bad):
        assert len(self.check(make(**bad))) == 1

    def test_see_an_end_that_nobody_handles(self):
        kind = make().kind

        assert faults([make()], served={"quick"}, ended=(), excused=()) == [
            f"{kind} says nothing when it fails or is cancelled"
        ]
        assert faults([make()], served={"quick"}, ended=(), excused={kind}) == []
