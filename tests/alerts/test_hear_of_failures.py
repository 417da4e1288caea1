"""The operator hears once a day of a kind of work that fails unusually often, and sees what failed."""

from datetime import timedelta

import pytest

from app.alerts import operations
from app.alerts.unusual import Record, Tally
from app.core.clock import now
from app.core.db import session, transaction
from app.core.ledger import Run, RunState
from app.notifications.models import Kind, Notification
from app.organizations.models import Membership, Role

BUILD = "previews.build_preview"


@pytest.fixture
def operator(people):
    """Olga runs the whole installation, and belongs to Acme."""
    with transaction():
        olga = people.make("Olga Operator", role=Role.VIEWER)
        olga.is_admin = True
    return olga


@pytest.fixture
def ended():
    """Return a way to make runs that ended, oldest first: `ended("✓✓✗")`."""

    def make(marks: str, kind: str = BUILD, *, ago: timedelta = timedelta()) -> None:
        begin = now() - ago - timedelta(seconds=len(marks))
        with transaction():
            for place, mark in enumerate(marks):
                at = begin + timedelta(seconds=place)
                state = {"✓": RunState.DONE, "✗": RunState.FAILED, "-": RunState.CANCELLED}[mark]
                session.add(
                    Run(
                        kind=kind,
                        subject_id="s",
                        topic="t",
                        state=state,
                        created_at=at,
                        ended_at=at,
                        error_message="The disk is full." if mark == "✗" else None,
                    )
                )

    return make


def told() -> list[Notification]:
    session.expire_all()
    return list(session.query(Notification).filter_by(kind=Kind.FAILING_WORK))


def record(recent: tuple[int, int], before: tuple[int, int]) -> Record:
    return Record(BUILD, Tally(*recent), Tally(*before))


class TestUnusual:
    @pytest.mark.parametrize(
        ("recent", "before"),
        [
            ((4, 20), (0, 200)),
            ((9, 20), (20, 200)),
            ((20, 20), (100, 200)),
            ((20, 20), (0, 0)),  # nothing is known of before, but nothing works
        ],
    )
    def test_is_more_than_chance(self, recent, before):
        assert record(recent, before).is_unusual

    @pytest.mark.parametrize(
        ("recent", "before"),
        [
            ((0, 20), (0, 200)),
            ((1, 20), (0, 200)),
            ((2, 20), (0, 200)),
            ((5, 20), (20, 200)),  # one of ten is usual
            ((12, 20), (100, 200)),
            ((20, 20), (200, 200)),  # it never works: that is no news
            ((19, 19), (0, 0)),  # too few to say
            ((5, 20), (0, 0)),
        ],
    )
    def test_is_chance_or_as_it_was_before(self, recent, before):
        assert not record(recent, before).is_unusual


class TestHear:
    def test_tells_the_operator_once_a_day(self, operator, people, ended):
        ended("✓" * 200 + "✓✗" * 10)

        assert operations.watch_failures() == 1
        assert operations.watch_failures() == 0

        (told_once,) = told()
        assert told_once.user_id == operator.id
        assert told_once.text == f"{BUILD} failed 10 of the last 20 times, and 0 of the 200 times before."
        assert told_once.path == "/admin/failures?kind=previews.build_preview"
        assert told_once.needs_you is False

    def test_tells_again_on_another_day(self, operator, ended):
        ended("✓" * 200 + "✓✗" * 10)
        operations.watch_failures()
        with transaction():
            told()[0].created_at = now() - timedelta(days=1)

        assert operations.watch_failures() == 1
        assert len(told()) == 2

    def test_tells_of_each_kind(self, operator, ended):
        ended("✓" * 200 + "✓✗" * 10)
        ended("✓" * 200 + "✗" * 20, "apps.deploy")
        ended("✓" * 200 + "✓" * 19 + "✗", "apps.remove_deploy")

        assert operations.watch_failures() == 2
        assert {each.subject_id for each in told()} == {BUILD, "apps.deploy"}

    def test_looks_past_what_was_cancelled(self, operator, ended):
        ended("✓" * 200 + "✗" * 10 + "-" * 30 + "✓" * 10)

        assert operations.watch_failures() == 1

    @pytest.mark.parametrize("marks", ["✓" * 219 + "✗", "✓" * 220, "✓" * 5 + "✗" * 5, "✗" * 220, ""])
    def test_says_nothing_of_what_is_usual(self, operator, ended, marks):
        ended(marks)

        assert operations.watch_failures() == 0
        assert told() == []

    def test_says_nothing_of_what_is_long_past(self, operator, ended):
        ended("✓" * 200 + "✗" * 20, ago=timedelta(days=2))

        assert operations.watch_failures() == 0

    def test_tells_no_admin_of_an_organization(self, people, ended):
        ended("✓" * 200 + "✗" * 20)
        assert session.query(Membership).filter_by(user_id=people.ada.id, role=Role.ADMIN).count() == 1

        operations.watch_failures()

        assert told() == []


class TestSeeFailures:
    def test_shows_kinds_and_reasons(self, operator, ended, browse):
        ended("✓" * 200 + "✓✗" * 10)

        page = browse(operator).get("/admin/failures").text

        assert "10 of 20" in page
        assert "0 of 200" in page
        assert "Unusually often" in page
        assert "The disk is full." in page

    def test_shows_one_kind(self, operator, ended, browse):
        ended("✗")
        ended("✗", "apps.deploy")

        page = browse(operator).get("/admin/failures?kind=apps.deploy").text

        assert "apps.deploy" in page
        assert BUILD not in page

    def test_says_that_nothing_failed(self, operator, browse):
        assert "Nothing failed" in browse(operator).get("/admin/failures").text

    def test_is_the_operator_s_alone(self, people, browse):
        for person in (people.ada, people.eve):
            assert browse(person).get("/admin/failures").status_code == 403
