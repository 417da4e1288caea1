from uuid import uuid4

import pytest

from app.core.db import session, transaction
from app.engine import instances, routes
from app.engine.instances import Instance, InstanceState

pytestmark = pytest.mark.usefixtures("database")

KNOWN = {"project_id": uuid4(), "organization_id": uuid4()}


def instance(tmp_path):
    instances.want(
        "i", purpose="app", subject_id="s", folder=tmp_path, command="x", log_path=tmp_path / "log"
    )


class TestPointRoute:
    def test_leads_to_files_an_instance_or_nothing_yet(self, tmp_path):
        instance(tmp_path)
        for label, more, kind in [
            ("files", {"directory": tmp_path}, "static"),
            ("app", {"instance": "i"}, "instance"),
            ("soon", {}, "waiting"),
        ]:
            routes.point(label, **KNOWN, **more)

            assert routes.resolve(label)["kind"] == kind

    def test_is_private_unless_it_is_said(self, tmp_path):
        routes.point("one", **KNOWN, directory=tmp_path)
        routes.point("two", **KNOWN, directory=tmp_path, access="public")

        assert [routes.resolve(label)["access"] for label in ("one", "two")] == ["private", "public"]

    def test_leads_elsewhere_when_it_is_pointed_again(self, tmp_path):
        instance(tmp_path)
        routes.point("one", **KNOWN, directory=tmp_path, spa=True, bar={"title": "x"})
        routes.point("one", **KNOWN, instance="i")

        found = routes.resolve("one")
        assert (found["kind"], found["directory"], found["spa"], found["bar"]) == (
            "instance",
            None,
            False,
            None,
        )

    def test_says_that_it_is_gone_but_never_of_what_was_not_there(self, tmp_path):
        routes.point("one", **KNOWN, directory=tmp_path, bar={"title": "x"})

        routes.remove("one")
        routes.remove("two")

        assert routes.resolve("one")["kind"] == "gone"
        assert routes.resolve("one")["bar"] is None
        assert routes.resolve("two") is None

    def test_forgets_a_domain_altogether(self, tmp_path):
        routes.point("www.shop.example", **KNOWN, directory=tmp_path)

        routes.forget("www.shop.example")

        assert routes.resolve("www.shop.example") is None

    def test_comes_back_after_it_was_gone(self, tmp_path):
        routes.point("one", **KNOWN, directory=tmp_path)
        routes.remove("one")

        routes.point("one", **KNOWN, directory=tmp_path)

        assert routes.resolve("one")["kind"] == "static"

    def test_tells_what_a_visitor_meets(self, tmp_path):
        instance(tmp_path)
        routes.point("one", **KNOWN, instance="i")
        assert routes.resolve("one")["state"] == "starting"
        with transaction():
            found = session.query(Instance).one()
            found.state, found.error_message = InstanceState.FAILED, "It ended."
        assert (routes.resolve("one")["state"], routes.resolve("one")["error"]) == ("failed", "It ended.")

        instances.sleep("i")
        assert routes.resolve("one")["state"] == "asleep"  # though the keeper has still to end it
        instances.wake("i")
        assert routes.resolve("one")["state"] == "starting"
        instances.remove("i")
        assert routes.resolve("one")["state"] == "gone"
