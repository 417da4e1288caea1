"""The real name service over UDP, and the real visitor over HTTP, against servers that a test makes."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.core.secrets import arrival
from app.integrations.doorbell import Visitor
from app.integrations.resolver import AAAA, CNAME, TXT, A, Found, NameService


def labels(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


class NameServer:
    """Answers over UDP with the records that it was given: (name, kind) → data."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, int], list[tuple[int, bytes]]] = {}
        self.code = 3
        self.silent = 0
        self.spoils: Callable[[bytes], list[bytes]] = lambda answer: [answer]
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def resolver(self) -> NameService:
        return NameService([self.socket.getsockname()], seconds=0.3)

    def _serve(self) -> None:
        while True:
            try:
                question, whom = self.socket.recvfrom(512)
            except OSError:
                return
            if question == b"":
                return
            if self.silent:
                self.silent -= 1
                continue
            for answer in self.spoils(self._answer(question)):
                self.socket.sendto(answer, whom)

    def _answer(self, question: bytes) -> bytes:
        place, parts = 12, []
        while question[place]:
            parts.append(question[place + 1 : place + 1 + question[place]].decode())
            place += 1 + question[place]
        kind = struct.unpack_from("!H", question, place + 1)[0]
        name = ".".join(parts)
        found = self.records.get((name, kind), [])
        known = any(each == name for each, _ in self.records)
        head = question[:2] + struct.pack("!5H", 0x8180 | (0 if known else self.code), 1, len(found), 0, 0)
        body = b"".join(struct.pack("!HHHIH", 0xC00C, each, 1, 60, len(data)) + data for each, data in found)
        return head + question[12 : place + 5] + body

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"", self.socket.getsockname())
        self.thread.join(5)
        self.socket.close()


@pytest.fixture
def server() -> Iterator[NameServer]:
    made = NameServer()
    yield made
    made.close()


class TestNameService:
    def test_finds_addresses_of_both_kinds(self, server):
        server.records[("green.test", A)] = [(A, bytes([203, 0, 113, 7])), (A, bytes([203, 0, 113, 8]))]
        server.records[("green.test", AAAA)] = [(AAAA, bytes(15) + b"\1")]

        assert server.resolver.find("green.test") == Found(("203.0.113.7", "203.0.113.8", "::1"))

    def test_follows_an_alias_and_names_it(self, server):
        alias = labels("real.test")
        server.records[("green.test", A)] = [(CNAME, alias), (A, bytes([203, 0, 113, 7]))]

        assert server.resolver.find("green.test") == Found(("203.0.113.7",), "real.test")

    def test_tells_a_name_that_is_not_there_from_one_without_address_and_from_a_refusal(self, server):
        server.records[("mail.test", 15)] = []

        assert server.resolver.find("green.test").trouble == "there is no such name"
        assert server.resolver.find("mail.test").trouble == "it has no address"
        server.code = 5
        assert server.resolver.find("green.test").trouble == "the name server refused with code 5"

    def test_asks_again_when_a_datagram_is_lost(self, server):
        server.records[("green.test", A)] = [(A, bytes([203, 0, 113, 7]))]
        server.silent = 1

        assert server.resolver.find("green.test").addresses == ("203.0.113.7",)

    def test_believes_no_answer_to_another_question(self, server):
        server.records[("green.test", A)] = [(A, bytes([203, 0, 113, 7]))]
        server.spoils = lambda answer: [b"\0\0" + answer[2:-4] + bytes([6, 6, 6, 6]), answer]

        assert server.resolver.find("green.test").addresses == ("203.0.113.7",)

    @pytest.mark.parametrize("cut", [3, 14, 35])
    def test_a_broken_answer_is_none(self, server, cut):
        server.records[("green.test", A)] = [(A, bytes([203, 0, 113, 7]))]
        server.spoils = lambda answer: [answer[:cut]]

        assert server.resolver.find("green.test").addresses == ()

    def test_a_name_that_goes_in_circles_ends(self, server):
        server.records[("green.test", A)] = [(CNAME, b"\xc0\x2a")]

        assert server.resolver.find("green.test").addresses == ()

    def test_reads_what_the_owner_wrote_down(self, server):
        server.records[("_greenroom.shop.test", TXT)] = [(TXT, b"\5other"), (TXT, b"\6green=\3abc")]
        server.records[("shop.test", CNAME)] = [(CNAME, labels("website.preview.test"))]

        assert server.resolver.texts("_greenroom.shop.test").texts == ("other", "green=abc")
        assert server.resolver.texts("shop.test").trouble == "it has no TXT record"
        assert server.resolver.alias("shop.test") == Found(alias="website.preview.test")
        assert server.resolver.alias("_greenroom.shop.test").trouble == "it has no CNAME record"
        assert server.resolver.alias("nowhere.test").trouble == "there is no such name"

    def test_nobody_to_ask_is_said(self):
        assert "knows no name server" in NameService([]).find("green.test").trouble
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
            closed.bind(("127.0.0.1", 0))
            place = closed.getsockname()
        assert NameService([place], seconds=0.1).find("green.test").trouble == "no name server answered"

    @pytest.mark.parametrize("name", ["", "a..b", "ü.test", "x" * 64 + ".test"])
    def test_what_is_no_name_is_not_asked_for(self, server, name):
        assert server.resolver.find(name).trouble == "this is no name"


class House(BaseHTTPRequestHandler):
    """Answers as `kind` says."""

    kind = "ours"

    def do_GET(self) -> None:
        nonce = self.path.partition("nonce=")[2]
        status, body = {
            "ours": (200, json.dumps({"arrival": arrival(nonce)})),
            "other": (200, json.dumps({"arrival": "of somebody else"})),
            "page": (200, "<p>Welcome to nginx"),
            "list": (200, "[]"),
            "gone": (404, ""),
            "away": (302, ""),
        }[self.kind]
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def door(app) -> Iterator[Callable[[str], str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), House)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def ring(kind: str) -> str:
        House.kind = kind
        return Visitor(seconds=2).ring(f"http://127.0.0.1:{server.server_port}/healthz")

    yield ring
    server.shutdown()
    thread.join(5)
    server.server_close()


class TestVisitor:
    def test_knows_our_own_door(self, door):
        assert door("ours") == ""

    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            ("other", "another Greenroom"),
            ("page", "somebody else"),
            ("list", "another program"),
            ("gone", "status 404"),
            ("away", "status 302"),
        ],
    )
    def test_knows_a_stranger_s(self, door, kind, said):
        assert said in door(kind)

    def test_says_when_nobody_is_there(self, app):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]

        assert "nobody answers there" in Visitor(seconds=1).ring(f"http://127.0.0.1:{port}/healthz")


def test_the_site_proves_that_a_visitor_arrived(browse):
    answer = browse().get("/healthz?nonce=abc").json

    assert answer == {"status": "ok", "arrival": arrival("abc")}
    assert "arrival" not in browse().get("/healthz").json
