"""What an app shows is read over its socket: quickly, without cookies, and never for long."""

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine import pages, routes

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


class App:
    """Answers as it is told to, and keeps what it was asked."""

    def __init__(self, place: Path) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.held = threading.Event()
        app = self

        class Answer(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                head = self.rfile.readline().decode()
                while (line := self.rfile.readline().decode()) not in {"\r\n", ""}:
                    head += line
                app.asked.append(head)
                answer = app.answers.get(head.split()[1])
                if answer is None:
                    app.held.wait(10)  # never in time
                else:
                    self.wfile.write(answer)

        self.server = socketserver.ThreadingUnixStreamServer(str(place), Answer)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()


@pytest.fixture
def running(tmp_path, monkeypatch) -> Iterator[App]:
    place = tmp_path / "app.sock"
    app = App(place)
    monkeypatch.setattr(routes, "resolve", lambda label: {"state": label, "socket": str(place)})
    yield app
    app.held.set()
    app.server.shutdown()
    app.server.server_close()


def test_gives_pages_by_path_and_carries_nothing(running):
    running.answers = {"/": HTML + b"<h1>Hello Ada</h1>", "/caf%C3%A9": HTML + "<h1>Café</h1>".encode()}

    found = pages.pages_of("ready", ["/", "/café"], seconds=5)

    assert found == {"/": "<h1>Hello Ada</h1>", "/café": "<h1>Café</h1>"}
    assert not any("cookie" in head.lower() or "authorization" in head.lower() for head in running.asked)


def test_reads_chunks_as_one_page(running):
    head = HTML.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    running.answers = {"/": head + b"4\r\n<h1>\r\n2\r\nHi\r\n0\r\n\r\n"}

    assert pages.pages_of("ready", ["/"], seconds=5) == {"/": "<h1>Hi"}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nLocation: /sign-in\r\nContent-Type: text/html\r\n\r\nGo",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}",
        b"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n<h1>Oops</h1>",
        b"nonsense",
        b"",
    ],
)
def test_leaves_out_what_is_no_page(running, answer):
    running.answers = {"/": answer}

    assert pages.pages_of("ready", ["/"], seconds=5) == {}


def test_takes_no_more_than_a_page(running):
    running.answers = {"/": HTML + b"x" * 3 * pages.MOST_BYTES}

    (page,) = pages.pages_of("ready", ["/"], seconds=5).values()

    assert len(page) <= pages.MOST_BYTES + 16 * 1024


def test_keeps_what_came_when_the_rest_takes_too_long(running):
    running.answers = {"/": HTML + b"<h1>Hi</h1>"}

    assert pages.pages_of("ready", ["/", "/slow", "/later"], seconds=0.2) == {"/": "<h1>Hi</h1>"}


def test_does_not_break_out_of_its_line(running):
    running.answers = {"/%20HTTP/1.1%0D%0AX-Evil:%201": HTML + b"fine"}

    pages.pages_of("ready", ["/ HTTP/1.1\r\nX-Evil: 1"], seconds=0.2)

    assert all("\r\nX-Evil" not in head for head in running.asked)


@pytest.mark.parametrize("state", ["asleep", "starting", "gone"])
def test_wakes_nothing(running, state):
    assert pages.pages_of(state, ["/"], seconds=5) == {}
    assert running.asked == []
