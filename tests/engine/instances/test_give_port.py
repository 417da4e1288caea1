"""A port for each preview: given once, kept while it lives, freed when it is over."""

import socket
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from app.core import installation as here
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Failed
from app.engine import routes
from app.engine.keeper import facts, reconcile
from app.engine.routes import ports

pytestmark = pytest.mark.usefixtures("database")

KNOWN = {"project_id": uuid4(), "organization_id": uuid4()}


@pytest.fixture
def room():
    """Let previews have ports: `room(3)` gives three that are free."""
    before = here.installation()

    def make(count: int) -> range:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            first = door.getsockname()[1]
        given = range(first, first + count)
        here.configure(
            replace(before, url="http://127.0.0.1:8000", preview_domain="127.0.0.1", preview_ports=given)
        )
        return given

    yield make
    here.configure(before)


class TestGivePort:
    def test_each_has_its_own_and_keeps_it(self, room):
        given = room(30)
        first = routes.point("one", **KNOWN).port
        second = routes.point("two", **KNOWN).port

        assert {first, second} <= set(given)
        assert first != second
        assert routes.point("one", **KNOWN, access="public").port == first
        assert routes.address_of("one") == f"http://127.0.0.1:{first}"
        assert ports.given() == {first: "one", second: "two"}

    def test_one_that_another_program_has_is_passed_over(self, room):
        with socket.create_server(("127.0.0.1", 0)) as other:
            room(1)
            taken = other.getsockname()[1]
            here.configure(replace(here.installation(), preview_ports=range(taken, taken + 1)))

            with pytest.raises(Failed) as failure:
                routes.point("one", **KNOWN)

        assert failure.value.code == "no_port"
        assert "GREENROOM_PREVIEW_PORTS" in failure.value.suggestion

    def test_its_address_is_known_while_it_is_being_written(self, room):
        room(30)
        with transaction():
            port = routes.point("one", **KNOWN).port

            assert routes.address_of("one") == f"http://127.0.0.1:{port}"

    def test_what_has_none_yet_is_led_to_by_the_site(self, room):
        room(1)

        assert routes.address_of("later") == "http://127.0.0.1:8000/open-preview?label=later"

    def test_nothing_is_given_where_names_lead_to_previews(self):
        assert routes.point("one", **KNOWN).port is None
        assert routes.address_of("one") == "http://one.preview.greenroom.test"
        assert ports.settle() == []


class TestFreePort:
    def test_what_is_over_says_so_for_a_minute_and_then_lets_go(self, room):
        room(1)
        port = routes.point("one", **KNOWN).port
        routes.remove("one")

        assert ports.settle() == []
        assert ports.given() == {port: "one"}

        with time_machine.travel(now() + timedelta(minutes=2)):
            assert ports.settle() == [f"freed port {port} of one"]
        assert ports.given() == {}
        assert routes.point("two", **KNOWN).port == port

    def test_where_few_are_free_those_gone_longest_let_go_earlier(self, room):
        room(8)
        ports_of = {name: routes.point(name, **KNOWN).port for name in ("one", "two", "three")}
        for name in ("one", "two"):
            routes.remove(name)
        assert ports.settle() == []
        ports_of |= {name: routes.point(name, **KNOWN).port for name in ("four", "five", "six", "seven")}

        with time_machine.travel(now() + timedelta(seconds=4)):
            said = ports.settle()

        assert said == [f"freed port {ports_of['one']} of one"]  # two of eight are free again
        assert "two" in ports.given().values()

    def test_another_answer_gives_and_takes_them(self, room):
        before = here.installation()
        routes.point("one", **KNOWN)
        routes.point("gone", **KNOWN)
        routes.remove("gone")
        given = room(30)

        said = ports.settle()

        port = routes.find("one").port
        assert port in given
        assert said == [f"gave port {port} to one"]
        here.configure(before)
        assert ports.settle() == [f"freed port {port} of one"]

    def test_those_who_came_too_late_are_left_for_the_next_time(self, room):
        for label in ("one", "two", "three"):
            routes.point(label, **KNOWN)
        room(1)

        assert len(ports.settle()) == 1
        assert len(ports.given()) == 1


class TestTellTheTruth:
    def test_a_port_that_nobody_listens_at_is_named(self, room, monkeypatch):
        room(30)
        routes.point("one", **KNOWN)
        port = routes.find("one").port
        session.commit()

        assert f"one is to be seen at port {port}, but nobody listens there." in reconcile.disagreements()

        with socket.create_server(("127.0.0.1", port)):
            assert reconcile.disagreements() == []

    def test_a_preview_without_one_is_named_until_it_is_settled(self, room):
        routes.point("one", **KNOWN)
        session.commit()
        room(30)

        assert "one has no port, so nobody can open it." in reconcile.disagreements()

    def test_one_that_nobody_was_given_is_named(self, room, monkeypatch):
        given = room(30)
        with socket.create_server(("127.0.0.1", given.start)):
            monkeypatch.setattr(facts, "gateway_ports", lambda: {given.start})

            told = reconcile.disagreements()

        assert told == [f"The gateway listens at port {given.start}, which nobody was given."]


class TestAddressOfTheSite:
    def test_what_the_bar_leads_to_follows_the_site(self):
        before = here.installation()
        routes.point(
            "one", **KNOWN, bar={"title": "Hours", "accept": f"{before.url}/a"}, status_url=f"{before.url}/b"
        )
        here.configure(replace(before, url="https://green.example.com"))

        told = routes.resolve("one")

        here.configure(before)
        assert told["bar"] == {"title": "Hours", "accept": "https://green.example.com/a"}
        assert told["status_url"] == "https://green.example.com/b"
