"""A run is taken once, kept alive, ended once, and given back when its worker is lost."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from app.core import jobs, ledger
from app.core.clock import now
from app.core.db import let_go, session, transaction
from app.core.errors import Cancelled, Failed
from app.core.ledger import Lock, Run, RunState

ended: list[tuple[UUID, RunState]] = []
tries: list[str] = []


@ledger.when_ended("test_work_a_run.break_down")
@ledger.when_ended("test_work_a_run.refuse")
def remember(run: Run) -> None:
    ended.append((run.id, run.state))


@pytest.fixture(autouse=True)
def forget():
    ended.clear()
    tries.clear()
    yield
    for kind in [kind for kind in jobs.registry if kind.startswith("test_work_a_run.")]:
        del jobs.registry[kind]  # the rules for all jobs are not for these


def made(function, **options):
    function.__module__ = "app.test_work_a_run"
    return jobs.job(queue="quick", deadline=30, **options)(function)


@pytest.fixture
def succeed():
    def succeed(subject: UUID) -> None:
        ledger.current().report(phase="working", progress=40, message="half of it")
        tries.append(str(subject))

    return made(succeed)


@pytest.fixture
def break_down():
    def break_down(subject: UUID) -> None:
        tries.append(str(subject))
        raise RuntimeError("a bug")

    return made(break_down, attempts=2)


@pytest.fixture
def refuse():
    def refuse(subject: UUID) -> None:
        raise Failed("no_plan", "There is no way to build this.", "Add one.", ["line 1"])

    return made(refuse, attempts=3)


class TestWorkARun:
    def test_is_written_first_and_rung_only_after_the_commit(self, bell, succeed):
        with transaction():
            run = succeed.later(uuid4())
            assert bell.runs == []

        assert bell.runs == [str(run.id)]
        assert run.state is RunState.QUEUED

    def test_rings_for_nothing_when_the_transaction_fails(self, bell, succeed):
        def fail_after_ringing() -> None:
            with transaction():
                succeed.later(uuid4())
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_after_ringing()

        assert bell.runs == []
        assert session.query(Run).count() == 0

    def test_is_not_doubled_while_it_waits(self, bell, succeed):
        subject = uuid4()

        assert succeed.later(subject).id == succeed.later(subject).id

    def test_ends_done_and_is_not_done_again(self, bell, succeed):
        run = succeed.later(uuid4())

        bell.work()
        jobs.perform(str(run.id))

        session.refresh(run)
        assert (run.state, run.attempts, run.progress) == (RunState.DONE, 1, 100)
        assert len(tries) == 1

    def test_tries_a_bug_again_then_fails_with_a_reason(self, bell, break_down):
        run = break_down.later(uuid4())

        bell.work()

        session.refresh(run)
        assert (run.state, run.attempts, run.error_code) == (RunState.FAILED, 2, "internal_error")
        assert ended == [(run.id, RunState.FAILED)]

    def test_does_not_repeat_what_failed_for_a_reason(self, bell, refuse):
        run = refuse.later(uuid4())

        bell.work()

        session.refresh(run)
        assert (run.attempts, run.error_code, run.error_lines) == (1, "no_plan", ["line 1"])
        assert ended == [(run.id, RunState.FAILED)]

    def test_is_cancelled_at_once_while_it_waits(self, bell, refuse):
        run = refuse.later(uuid4())

        ledger.cancel(run)
        bell.work()

        session.refresh(run)
        assert run.state is RunState.CANCELLED
        assert ended == [(run.id, RunState.CANCELLED)]

    def test_is_stopped_by_its_worker_when_cancelled_while_it_runs(self, bell, refuse):
        run = refuse.later(uuid4())
        handle = ledger.take(run.id)
        killed = []
        handle.on_cancel(lambda: killed.append(True))

        ledger.cancel(run)
        assert run.state is RunState.RUNNING
        handle.look()

        assert killed == [True]
        with pytest.raises(Cancelled):
            handle.check()
        ledger.work(handle, handle.check, ring=jobs.ring)
        session.refresh(run)
        assert run.state is RunState.CANCELLED

    def test_hears_who_asks_for_an_end_before_its_result_is_written(self, bell, refuse):
        run = refuse.later(uuid4())
        handle = ledger.take(run.id)
        ledger.cancel(run)

        with pytest.raises(Cancelled), transaction():
            handle.settle()

    def test_says_its_last_words_though_nothing_follows(self, bell, succeed):
        run = succeed.later(uuid4())
        handle = ledger.take(run.id)
        handle.report(phase="building", message="step one")
        handle.report(phase="building", message="step two, which takes long")
        session.refresh(run)
        assert run.message == "step one"
        let_go()

        handle.beat()

        session.refresh(run)
        assert (run.phase, run.message) == ("building", "step two, which takes long")

    def test_does_not_say_late_what_something_followed(self, bell, succeed):
        run = succeed.later(uuid4())
        handle = ledger.take(run.id)
        handle.report(phase="building", message="step one")
        handle.report(phase="building", message="step two")
        handle.report(phase="starting", message="starting it")

        handle.beat()

        session.refresh(run)
        assert (run.phase, run.message) == ("starting", "starting it")


class TestSweep:
    def test_requeues_what_lost_its_worker_and_fences_the_old_one(self, bell, break_down):
        run = break_down.later(uuid4())
        old = ledger.take(run.id)
        bell.runs.clear()

        with time_machine.travel(now() + timedelta(seconds=20), tick=True):
            jobs.sweep()
            assert bell.runs == [str(run.id)]
            new = ledger.take(run.id)
            with pytest.raises(ledger.Lost):
                old.report(phase="working")

        session.refresh(run)
        assert (run.state, run.attempts, run.lease_owner) == (RunState.RUNNING, 2, new.owner)

    def test_fails_what_lost_its_worker_for_the_last_time(self, bell, refuse, succeed):
        run = succeed.later(uuid4())
        ledger.take(run.id)

        with time_machine.travel(now() + timedelta(seconds=20), tick=True):
            jobs.sweep()

        session.refresh(run)
        assert (run.state, run.error_code) == (RunState.FAILED, "worker_lost")

    def test_leaves_alone_whoever_renews_the_lease(self, bell, succeed):
        run = succeed.later(uuid4())
        handle = ledger.take(run.id)

        with time_machine.travel(now() + timedelta(seconds=12), tick=True) as clock:
            handle.beat()
            clock.shift(10)
            jobs.sweep()

        session.refresh(run)
        assert run.state is RunState.RUNNING

    def test_rings_again_for_what_nobody_heard(self, bell, succeed):
        run = succeed.later(uuid4())
        bell.runs.clear()

        jobs.sweep()
        assert bell.runs == []
        with time_machine.travel(now() + timedelta(seconds=11), tick=True):
            jobs.sweep()

        assert bell.runs == [str(run.id)]

    def test_ends_every_state_that_waits_at_its_deadline(self, bell, succeed):
        queued = succeed.later(uuid4())
        waiting = ledger.open_waiting("test.person", uuid4(), deadline_at=now() + timedelta(hours=2))
        session.commit()

        with time_machine.travel(now() + timedelta(hours=3), tick=True):
            jobs.sweep()

        session.refresh(queued)
        session.refresh(waiting)
        assert (queued.state, queued.error_code) == (RunState.FAILED, "never_started")
        assert (waiting.state, waiting.error_code) == (RunState.FAILED, "expired")

    def test_is_done_by_one_at_a_time(self, bell, succeed):
        succeed.later(uuid4())
        bell.runs.clear()

        with (
            ledger.exclusively("sweeper") as mine,
            time_machine.travel(now() + timedelta(seconds=11)),
        ):
            assert mine
            jobs.sweep()

        assert bell.runs == []

    def test_goes_on_soon_where_the_last_sweeper_was_killed(self, bell, succeed):
        succeed.later(uuid4())
        bell.runs.clear()
        with transaction():
            session.add(Lock(name="sweeper", holder="killed", until=now() + timedelta(seconds=15)))

        with time_machine.travel(now() + timedelta(seconds=16), tick=True):
            jobs.sweep()

        assert len(bell.runs) == 1

    def test_disagreements_name_what_nobody_swept(self, bell, succeed):
        run = succeed.later(uuid4())
        ledger.take(run.id)
        assert ledger.disagreements() == []

        with time_machine.travel(now() + timedelta(minutes=2), tick=True):
            assert str(run.id) in ledger.disagreements()[0]
