"""What runs now: processes with their memory, work with its signs of life, and a way to stop it."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core import db, jobs, ledger
from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.ledger import Run, RunState
from app.engine import routes
from app.engine.instances import Instance, InstanceState

WORDS = Path(__file__).parents[2] / "templates" / "admin" / "words.html"


@pytest.fixture
def run(people) -> Run:
    """A piece of work that waits for its turn."""
    request = people.request()
    with db.transaction():
        return ledger.open_queued(
            "previews.remove_preview", request.id, queue="quick", seconds=60, attempts=1, topic=request.id
        )


def an_instance(project) -> None:
    with db.transaction():
        db.session.add(
            Instance(
                label="app-1",
                purpose="app",
                subject_id="app_1",
                folder="/tmp",
                command="serve",
                env={},
                log_path="/tmp/log",
                state=InstanceState.RUNNING,
                pid=4711,
                started_at=now(),
                ready_at=now(),
                memory_bytes=64 * 1024 * 1024,
            )
        )
        routes.point("shop", project_id=project.id, organization_id=project.organization_id, instance="app-1")


class TestShow:
    def test_says_that_nothing_runs_and_asks_no_more(self, olga, browse):
        page = browse(olga).get("/admin/running").text

        assert "Nothing runs" in page
        assert "No work is open" in page
        assert 'hx-trigger="every' not in page

    def test_shows_processes_with_memory_and_what_for(self, people, olga, browse):
        an_instance(people.project())

        page = browse(olga).get("/admin/running").text

        assert all(words in page for words in ("app-1", "process 4711", "64 MiB", "/acme/website"))

    def test_shows_work_with_what_it_is_for_and_looks_again(self, people, olga, run, browse):
        page = browse(olga).get("/admin/running").text

        assert "Taking a preview down" in page
        assert "Show opening hours" in page
        assert 'hx-trigger="every 3000ms"' in page

    def test_gives_the_part_that_changes_alone(self, olga, run, browse):
        part = browse(olga).htmx("GET", "/admin/running").text

        assert part.lstrip().startswith('<div class="stack stack--loose" id="running"')

    def test_shows_the_room_on_the_disk(self, people, olga, browse):
        assert "Repositories" in browse(olga).get("/admin/running").text

    def test_every_kind_of_work_has_words(self):
        known = set(re.findall(r"\"([a-z]+\.[a-z_]+)\": _\(", WORDS.read_text()))

        assert set(jobs.registry) <= known

    def test_is_for_the_operator_alone(self, people, browse):
        for user in (people.ada, people.eve):
            assert browse(user).get("/admin/running").status_code == 403


class TestStop:
    def test_ends_what_waits(self, olga, run, browse):
        answer = browse(olga).post(f"/admin/running/{run.id}/cancellation")

        assert answer.status_code == 303
        db.session.expire_all()
        assert db.session.get(Run, run.id).state is RunState.CANCELLED
        told = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "run.cancelled")).one()
        assert (told.subject, told.actor_id) == ("previews.remove_preview", olga.id)

    def test_asks_what_is_at_work(self, olga, run, browse):
        ledger.take(run.id)

        browse(olga).post(f"/admin/running/{run.id}/cancellation")

        db.session.expire_all()
        assert db.session.get(Run, run.id).cancel_requested_at is not None

    def test_not_what_has_ended(self, olga, run, browse):
        browser = browse(olga)
        browser.post(f"/admin/running/{run.id}/cancellation")

        assert browser.post(f"/admin/running/{run.id}/cancellation").status_code == 409

    def test_members_and_strangers_do_not_find_it(self, people, run, browse):
        for user in (people.ada, people.bob, people.eve):
            assert browse(user).post(f"/admin/running/{run.id}/cancellation").status_code == 404
        assert db.session.get(Run, run.id).state is RunState.QUEUED
