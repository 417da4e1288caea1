import os
import shutil
import signal
import time

from sqlalchemy import update

from app.core.db import session, transaction
from app.core.installation import installation
from app.engine import instances, routes
from app.engine.instances import Instance
from app.engine.keeper import reconcile
from app.engine.routes import Route, RouteKind

from .conftest import ORGANIZATION, PROJECT

KNOWN = {"project_id": PROJECT, "organization_id": ORGANIZATION}


def old(path, seconds=100):
    os.utime(path, (time.time() - seconds, time.time() - seconds))


class TestReconcile:
    def test_says_and_closes_what_leads_nowhere(self, resting_house, tmp_path):
        folder = tmp_path / "site"
        folder.mkdir()
        routes.point("files", **KNOWN, directory=folder)
        routes.point("app", **KNOWN, instance="missing")
        shutil.rmtree(folder)

        said = reconcile.disagreements()
        done = reconcile.reconcile()

        assert sorted(line.split()[0] for line in said) == ["app", "files"]
        assert done == ["closed app, which led to the missing instance missing"]
        assert session.get(Route, "app").kind is RouteKind.GONE
        assert session.get(Route, "files").kind is RouteKind.STATIC  # only its owner can build it again

    def test_says_what_was_never_written(self, resting_house):
        resting_house.want("one")
        with transaction():
            session.execute(
                update(Instance).values(
                    state="running", pid=2**22 - 1, pid_ticks=1, ready_at=Instance.created_at
                )
            )

        assert reconcile.disagreements() == [
            f"Instance one is said to be running, but its process {2**22 - 1} is not there."
        ]

    def test_tells_a_later_process_of_the_same_number_apart(self, resting_house):
        resting_house.want("one")
        with transaction():
            session.execute(
                update(Instance).values(
                    state="running", pid=os.getpid(), pid_ticks=1, ready_at=Instance.created_at
                )
            )

        assert "is not there" in reconcile.disagreements()[0]

    def test_ends_processes_that_nobody_wants(self, resting_house, monkeypatch):
        monkeypatch.setattr(reconcile, "YOUNG_SECONDS", -1)
        leftover = os.posix_spawn(
            "/bin/sleep", ["sleep", "1000"], {"GREENROOM_MARK": instances.mark_of("ghost")}
        )

        done = reconcile.reconcile()

        assert done == [f"ended process {leftover} of instance ghost"]
        assert os.waitpid(leftover, 0)[1] == signal.SIGKILL

    def test_spares_what_is_young(self, resting_house):
        child = os.posix_spawn(
            "/bin/sleep", ["sleep", "1000"], {"GREENROOM_MARK": instances.mark_of("ghost")}
        )
        try:
            assert reconcile.reconcile() == []
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def test_removes_sockets_and_checkouts_that_nobody_wants(self, resting_house, tmp_path):
        stale = instances.socket_path("ghost")
        stale.parent.mkdir(exist_ok=True)
        stale.touch()
        old(stale)
        for name in ("kept", "unwanted", "young"):
            (installation().checkouts / name).mkdir()
            old(installation().checkouts / name, 0 if name == "young" else 100)
        served = installation().checkouts / "served" / "dist"
        served.mkdir(parents=True)
        old(served.parent)
        routes.point("files", **KNOWN, directory=served)

        done = reconcile.reconcile(wants_folder=lambda name: name == "kept")

        left = {path.name for path in installation().checkouts.iterdir()}
        assert {"kept", "young", "served"} <= left
        assert "unwanted" not in left
        assert f"removed socket {stale.name}" in done
