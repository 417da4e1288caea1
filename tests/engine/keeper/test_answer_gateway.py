import time

import pytest

from app.core.db import session
from app.engine import instances, routes
from app.engine.routes import Route

from .conftest import ORGANIZATION, PROJECT

KNOWN = {"project_id": PROJECT, "organization_id": ORGANIZATION}


class TestAnswerGateway:
    def test_resolves_what_a_label_leads_to(self, house, tmp_path):
        routes.point("files", **KNOWN, directory=tmp_path, spa=True, access="public", bar={"title": "x"})
        routes.point("coming", **KNOWN, status_url="http://localhost:8000/r/1")
        routes.point("over", **KNOWN, directory=tmp_path)
        routes.remove("over")
        house.want("one")
        instances.await_ready("one", timeout=20)
        routes.point("app", **KNOWN, instance="one")

        files, app = house.ask("resolve", label="files"), house.ask("resolve", label="app")

        assert (files["kind"], files["directory"], files["spa"], files["access"]) == (
            "static",
            str(tmp_path),
            True,
            "public",
        )
        assert (app["kind"], app["state"], app["access"]) == ("instance", "running", "private")
        assert app["socket"] == str(instances.socket_path("one"))
        assert house.ask("resolve", label="coming")["kind"] == "waiting"
        assert house.ask("resolve", label="over")["kind"] == "gone"
        assert house.ask("resolve", label="nothing") is None

    def test_wakes_by_label_and_notes_visits(self, house):
        house.want("one")
        instances.await_ready("one", timeout=20)
        routes.point("app", **KNOWN, instance="one")
        moment = time.time()

        house.ask("visits", visits={"app": moment, "unknown": 1})
        instances.sleep("one")
        house.until_state("one", "asleep")
        assert house.ask("resolve", label="app")["state"] == "asleep"
        assert house.ask("wake", label="app") is True
        assert house.ask("wake", label="unknown") is False

        instances.await_ready("one", timeout=20)
        assert abs(house.row("one").last_visit_at.timestamp() - moment) < 0.01
        assert session.get(Route, "app", populate_existing=True).last_visit_at is not None

    def test_asks_others_who_may_look(self, house):
        user, other = str(PROJECT), str(ORGANIZATION)

        assert house.ask("person", user_id=user, project_id=user) is True
        assert house.ask("person", user_id=user, project_id=other) is False
        assert house.ask("key", key="sesame", project_id=user) is True
        assert house.ask("key", key="wrong", project_id=user) is False

    def test_refuses_what_it_does_not_understand_and_goes_on(self, house):
        for question in ({"op": "dance"}, {"op": "person", "user_id": "x", "project_id": "y"}):
            with pytest.raises(ValueError, match=r".+"):
                house.ask(**question)

        assert house.answers()

    def test_tells_what_exists(self, house):
        house.want("one")
        instances.await_ready("one", timeout=20)

        told = house.ask("facts")

        assert list(told["processes"]) == ["one"]
        assert told["sockets"] == [instances.socket_path("one").name]
        assert "one" in told["checkouts"]
