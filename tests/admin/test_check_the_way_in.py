"""Checks of an answer: where names lead, whether it ends here, whether cookies stay apart."""

from dataclasses import replace

import pytest

from app.admin.checks import common_domain, look
from app.core.installation import installation
from app.core.reach import Audience, Proxy, Reach
from app.integrations.resolver import Found

NAMES = Reach(audience=Audience.NAMES, address="192.168.1.20", previews="192-168-1-20.sslip.io")
DOMAIN = Reach(audience=Audience.DOMAIN, site="green.example.com", previews="green-previews.example")

pytestmark = pytest.mark.usefixtures("app")


class Book:
    """A name service that knows what a test wrote down; a name under a wildcard is found by it."""

    def __init__(self, **known: str | Found) -> None:
        self.known = known

    def find(self, name: str) -> Found:
        found = self.known.get(name) or self.known.get(f"*.{name.partition('.')[2]}")
        if found is None:
            return Found(trouble="there is no such name")
        return found if isinstance(found, Found) else Found((found,))


class Door:
    """Somebody who hears what a test wrote down for the beginnings of addresses."""

    def __init__(self, **said: str) -> None:
        self.said = said
        self.rung: list[str] = []

    def ring(self, address: str) -> str:
        self.rung.append(address)
        return next((words for start, words in self.said.items() if address.startswith(start)), "")


def told(answer: Reach, book: Book, door: Door | None = None) -> dict[str, tuple[bool, str]]:
    checks = look(answer, installation(), resolver=book, doorbell=door or Door())
    return {
        check.name.replace(check.name.partition(".")[0], "LABEL", 1)
        if check.name.startswith("check-")
        else check.name: (check.is_good, check.said)
        for check in checks
    }


class TestNames:
    def test_that_lead_to_this_server_are_well(self):
        (found,) = told(NAMES, Book(**{"*.192-168-1-20.sslip.io": "192.168.1.20"})).values()

        assert found == (True, "It leads to 192.168.1.20.")

    def test_that_lead_elsewhere_or_nowhere_are_told(self):
        (elsewhere,) = told(NAMES, Book(**{"*.192-168-1-20.sslip.io": "10.0.0.1"})).values()
        (nowhere,) = told(NAMES, Book()).values()

        assert elsewhere == (False, "It leads to 10.0.0.1, not to 192.168.1.20.")
        assert nowhere == (False, "It should lead to 192.168.1.20, but there is no such name.")


class TestDomain:
    def test_that_leads_here_is_well(self):
        book = Book(**{"green.example.com": "203.0.113.7", "*.green-previews.example": "203.0.113.7"})
        door = Door()

        checks = look(DOMAIN, installation(), resolver=book, doorbell=door)

        assert [check.is_good for check in checks] == [True] * 4
        assert door.rung[0] == "https://green.example.com/healthz"
        assert door.rung[1].startswith("https://check-")
        assert door.rung[1].endswith(".green-previews.example/.greenroom/health")

    def test_missing_records_are_named_and_nobody_rings_there(self):
        door = Door()

        found = told(DOMAIN, Book(), door)

        assert list(found) == ["green.example.com", "*.green-previews.example"]
        assert found["green.example.com"] == (
            False,
            "It leads nowhere yet: there is no such name. Make an A or AAAA record with this server's address.",
        )
        assert "a wildcard record" in found["*.green-previews.example"][1]
        assert door.rung == []

    def test_somebody_else_at_the_door_is_told(self):
        book = Book(**{"green.example.com": "203.0.113.7"})

        found = told(DOMAIN, book, Door(**{"https://green": "somebody else answers there"}))

        assert found["https://green.example.com/healthz"] == (
            False,
            "It should end here, but somebody else answers there.",
        )

    def test_without_tls_the_ports_are_rung_at(self):
        door = Door()
        book = Book(**{"green.example.com": "203.0.113.7"})

        told(replace(DOMAIN, proxy=Proxy.NONE), book, door)

        assert door.rung == [f"http://green.example.com:{installation().port}/healthz"]

    def test_two_servers_and_shared_cookies_are_warned_of(self):
        book = Book(**{"green.example.com": "203.0.113.7", "*.previews.green.example.com": "203.0.113.8"})

        found = told(replace(DOMAIN, previews="previews.green.example.com"), book)

        assert found["One server"][0] is False
        assert "Both are part of green.example.com" in found["Separate domains"][1]


class TestOthers:
    def test_this_computer_needs_nothing(self):
        assert told(Reach(), Book()) == {}


@pytest.mark.parametrize(
    ("site", "previews", "common"),
    [
        ("green.example.com", "green-previews.example", ""),
        ("green.example.com", "previews.green.example.com", "green.example.com"),
        ("green.previews.example", "previews.example", "previews.example"),
        ("green.example.com", "previews.example.com", "example.com"),
        ("green.example.co.uk", "other.co.uk", ""),
        ("green.example.co.uk", "previews.example.co.uk", "example.co.uk"),
        ("localhost", "preview.localhost", "localhost"),
    ],
)
def test_a_common_domain_is_seen(site, previews, common):
    assert common_domain(site, previews) == common
