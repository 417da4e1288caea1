"""A spec is written part by part, says how far it is, and goes on where its worker was lost."""

from datetime import timedelta

import pytest
import time_machine

from app.core import jobs, ledger
from app.core.clock import now
from app.core.db import session
from app.core.errors import Conflict, NotAllowed
from app.core.ledger import Run, RunState
from app.specs import operations as specs
from app.specs import queries
from app.specs.models import Spec, SpecKind, SpecStatus, SpecVersion
from app.specs.operations import writing
from app.specs.writer import PARTS, BuiltIn, writers
from app.specs.writer.phrases import SET_UP_NAME


class Killed(BaseException):
    """What a process says that is killed: nothing that anybody hears."""


class Falling(BuiltIn):
    """Writes the parts before one, at which its process is killed; remembers what it wrote."""

    def __init__(self, at: str | None) -> None:
        self.at, self.wrote = at, []

    def write(self, part, brief, written):
        if part == self.at:
            raise Killed
        self.wrote.append(part)
        return super().write(part, brief, written)


@pytest.fixture
def written_by(monkeypatch):
    """Have specs written by a writer."""

    def use(writer):
        monkeypatch.setattr(writing, "writers", lambda: {"test": writer})
        return writer

    return use


def fresh(spec: Spec) -> Spec:
    session.expire_all()
    return session.get(Spec, spec.id)


def status(spec: Spec) -> dict:
    return queries.as_status(queries.status_of(spec.id))


class TestWriting:
    def test_goes_through_its_states(self, ask, bell):
        spec = ask()
        before = status(spec)
        bell.work()
        after = status(spec)

        assert (before["status"], before["progress"], before["success"]) == (
            "pending",
            "Initializing...",
            False,
        )
        assert (before["progressPercent"], before["nextPollMs"]) == (0, 2000)
        assert "output" not in before
        assert "executionTime" not in before
        assert (after["status"], after["progress"]) == ("completed", "Completed successfully")
        assert (after["progressPercent"], after["nextPollMs"]) == (100, None)
        assert after["executionTime"] >= 0

    def test_keeps_the_first_version(self, written):
        spec = written()

        versions = queries.versions_of(spec)
        assert [(each.number, each.note) for each in versions] == [(1, "Written")]
        assert spec.written.stories[4].title == "Book a table"

    def test_says_which_part_is_written(self, ask, bell, written_by):
        spec, seen = ask(), []

        class Telling(BuiltIn):
            def write(self, part, brief, said):
                seen.append(
                    (status(spec)["status"], status(spec)["progress"], status(spec)["progressPercent"])
                )
                return super().write(part, brief, said)

        written_by(Telling())
        bell.work()

        assert seen == [
            ("processing", "Generating summary...", 0),
            ("processing", "Generating User Stories...", 20),
            ("processing", "Generating personas...", 40),
            ("processing", "Generating architecture...", 60),
            ("processing", "Generating risks...", 80),
        ]

    def test_reads_what_the_project_is_built_with(self, written, people):
        project = people.project()

        spec = written("Dark mode.", project=project)

        assert spec.written.is_addition
        assert SET_UP_NAME not in {each.description for each in spec.written.milestones}
        assert {(each.name, each.known_from) for each in spec.written.tech_stack} == {("HTML", "about.html")}

    def test_goes_deeper_where_that_was_asked(self, written):
        fast, deep = written(), written(kind=SpecKind.DEEP)

        assert not any(story.sub_tasks for story in fast.written.stories)
        assert any(story.sub_tasks for story in deep.written.stories)


class TestALostWorker:
    def fall(self, spec: Spec, bell) -> None:
        run_id = bell.runs.pop(0)
        with pytest.raises(Killed):
            jobs.perform(run_id)
        session.rollback()
        run = session.get(Run, spec.run_id, populate_existing=True)
        assert run.state is RunState.RUNNING

    def test_is_followed_by_one_that_goes_on_from_the_last_part(self, ask, bell, written_by):
        spec = ask()
        written_by(Falling("people"))
        self.fall(spec, bell)
        second = written_by(Falling(None))

        with time_machine.travel(now() + timedelta(minutes=1), tick=False):
            jobs.sweep()
            bell.work()

        assert list(fresh(spec).parts) == list(PARTS)
        assert second.wrote == ["people", "technology", "risks"]
        assert fresh(spec).status is SpecStatus.COMPLETED

    def test_lost_again_and_again_ends_with_the_reason(self, ask, bell, written_by):
        spec = ask()
        written_by(Falling("stories"))
        moment = now()
        for _ in range(3):
            self.fall(spec, bell)
            moment += timedelta(minutes=1)
            with time_machine.travel(moment, tick=False):
                jobs.sweep()

        said = status(fresh(spec))
        assert (said["status"], said["progress"]) == ("failed", "Failed to generate specification")
        assert "went away" in said["errorMessage"]
        assert list(fresh(spec).parts) == ["summary"]


class TestCancel:
    def test_ends_what_waits_as_failed(self, ask, bell, people):
        spec = ask()

        specs.cancel_spec(spec, by=people.rae)
        bell.work()

        assert (spec.status, spec.error_message) == (SpecStatus.FAILED, "Cancelled")
        assert status(spec)["errorMessage"] == "Cancelled"
        assert session.query(SpecVersion).count() == 0

    def test_stops_what_is_at_work_before_its_next_part(self, ask, bell, people, written_by):
        spec = ask()

        class Cancelling(Falling):
            def write(self, part, brief, said):
                if part == "stories":
                    specs.cancel_spec(session.get(Spec, spec.id), by=people.rae)
                return super().write(part, brief, said)

        writer = written_by(Cancelling(None))
        bell.work()

        assert writer.wrote == ["summary", "stories"]
        assert (fresh(spec).status, fresh(spec).error_message) == (SpecStatus.FAILED, "Cancelled")

    def test_is_for_who_asked_and_for_developers(self, ask, bell, people):
        spec = ask(by=people.bob)

        with pytest.raises(NotAllowed):
            specs.cancel_spec(spec, by=people.rae)
        with pytest.raises(NotAllowed):
            specs.cancel_spec(spec, by=people.vic)
        specs.cancel_spec(spec, by=people.ada)
        assert spec.status is SpecStatus.FAILED

    def test_comes_too_late_for_what_is_written(self, written, people):
        with pytest.raises(Conflict):
            specs.cancel_spec(written(), by=people.rae)


class TestRetry:
    def test_writes_what_is_missing_and_takes_nothing(self, ask, bell, people):
        spec = ask()
        specs.cancel_spec(spec, by=people.rae)

        specs.retry_spec(spec, by=people.rae)
        again = status(fresh(spec))
        bell.work()

        assert (again["status"], again["creditsUsed"]) == ("pending", 10)
        assert "errorMessage" not in again
        assert fresh(spec).status is SpecStatus.COMPLETED

    def test_is_for_what_failed(self, written, people):
        with pytest.raises(Conflict):
            specs.retry_spec(written(), by=people.rae)

    def test_is_not_for_who_may_only_look(self, ask, bell, people):
        spec = ask()
        specs.cancel_spec(spec, by=people.rae)

        with pytest.raises(NotAllowed):
            specs.retry_spec(spec, by=people.vic)


class TestAskingHowItStands:
    @pytest.fixture
    def poll(self, app, people):
        client, key = app.test_client(), people.key(people.vic)

        def polled(path, **headers):
            return client.get(path, headers={"Authorization": f"Bearer {key}", **headers})

        return polled

    def test_names_the_pace_and_answers_304_where_nothing_moved(self, ask, bell, poll):
        spec = ask()

        first = poll(f"/spec-status/{spec.id}")
        again = poll(f"/spec-status/{spec.id}", **{"If-None-Match": first.headers["ETag"]})

        assert (first.status_code, first.headers["Retry-After"]) == (200, "2")
        assert (again.status_code, again.data) == (304, b"")

    def test_is_answered_the_quick_way_in_the_same_words(self, written, poll):
        spec = written()
        slow = poll(f"/spec-status/{spec.id}")  # notes the key's use

        quick = poll(f"/api/spec-status/{spec.id}")

        assert quick.json == slow.json
        assert "Content-Security-Policy" not in quick.headers
        assert "Vary" not in quick.headers

    def test_waits_no_longer_than_needed_for_what_is_over(self, written, poll):
        spec = written()

        assert poll(f"/spec-status/{spec.id}?wait=60").json["status"] == "completed"

    def test_hides_what_is_in_a_project_for_few(self, written, people, poll):
        from app.core.db import transaction
        from app.projects.models import Access

        project = people.project()
        spec = written(project=project)
        with transaction():
            project.access = Access.MEMBERS

        assert poll(f"/spec-status/{spec.id}").status_code == 404
        assert poll("/list-specs").json == {"specs": [], "total": 0, "hasMore": False}

    def test_a_run_that_ended_without_its_spec_hurts_nobody(self, ask, bell):
        spec = ask()
        run = session.get(Run, spec.run_id)
        session.delete(spec)
        session.commit()

        ledger.cancel(run)

        assert run.state is RunState.CANCELLED


def test_every_writer_that_is_there_can_be_asked():
    assert [writer.name for writer in writers().values()] == ["built-in"]
