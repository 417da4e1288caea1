import pytest
from sqlalchemy.exc import IntegrityError

from app.core.db import session, transaction
from app.core.installation import installation
from app.engine import instances
from app.engine.instances import Desired, Instance, InstanceState

pytestmark = pytest.mark.usefixtures("database")


def want(label="one", **more):
    folder = installation().checkouts / label
    return instances.want(
        label,
        **{
            "purpose": "preview",
            "subject_id": "s",
            "folder": folder,
            "command": "serve",
            "log_path": folder,
            **more,
        },
    )


def row(label="one"):
    session.expire_all()
    return session.query(Instance).filter_by(label=label).one_or_none()


class TestWishInstance:
    def test_keeps_what_shall_run(self):
        want(env={"A": "1"}, port=3000, health="/up", idle_seconds=60)

        found = row()
        assert (found.desired, found.state, found.version) == (Desired.RUNNING, InstanceState.STARTING, 1)
        assert (found.env, found.port, found.health, found.idle_seconds) == ({"A": "1"}, 3000, "/up", 60)

    def test_begins_anew_when_it_is_wanted_again(self):
        want()
        with transaction():
            found = row()
            found.state, found.error_message, found.restarts = InstanceState.FAILED, "broken", 5

        want(command="other")

        found = row()
        assert (found.command, found.state, found.error_message) == ("other", InstanceState.STARTING, None)
        assert (found.version, found.restarts) == (2, 0)

    def test_raises_the_version_only_when_the_wish_changes(self):
        want()
        steps = [
            (instances.wake, 1, Desired.RUNNING),
            (instances.sleep, 2, Desired.ASLEEP),
            (instances.sleep, 2, Desired.ASLEEP),
            (instances.wake, 3, Desired.RUNNING),
            (instances.remove, 4, Desired.GONE),
            (instances.remove, 4, Desired.GONE),
            (instances.wake, 4, Desired.GONE),
            (instances.sleep, 4, Desired.GONE),
        ]
        for wish, version, desired in steps:
            wish("one")
            assert (row().version, row().desired) == (version, desired)

    def test_wishes_nothing_for_a_name_that_nobody_knows(self):
        instances.remove("nobody")
        instances.sleep("nobody")

        assert row("nobody") is None

    def test_takes_the_wish_back_with_the_transaction(self):
        def fail() -> None:
            with transaction():
                want()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()

        assert row() is None

    def test_lets_no_row_claim_to_run_without_a_process(self):
        want()

        with pytest.raises(IntegrityError), transaction():
            row().state = InstanceState.RUNNING

    def test_rings_a_keeper_that_is_away_without_harm(self):
        instances.ring_keeper()

        assert not installation().keeper_socket.exists()

    def test_keeps_socket_paths_short(self):
        path = instances.socket_path("x" * 80)

        assert len(path.name) < 30
        assert path != instances.socket_path("x" * 79)
