"""A web server of this machine that shows what a test puts under its addresses."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Shown = Callable[["_Answer"], None]


class PageServer(ThreadingHTTPServer):
    """`pages` says what each path shows, `asked` which were asked for, `hosts` by which name."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.pages: dict[str, Shown] = {}
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self.let_go = threading.Event()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"


class _Answer(BaseHTTPRequestHandler):
    server: PageServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.hosts.append(self.headers["Host"])
        self.server.pages.get(self.path, shows(b"gone", status=404))(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def shows(
    content: bytes, kind: str = "text/html; charset=utf-8", *, status: int = 200, **headers: str
) -> Shown:
    def show(answer: _Answer) -> None:
        answer.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            answer.send_header(name.replace("_", "-"), value)
        answer.end_headers()
        answer.wfile.write(content)

    return show


def leads_to(address: str) -> Shown:
    return shows(b"", status=302, Location=address)


def stalls(answer: _Answer) -> None:
    answer.send_response(200)
    answer.send_header("Content-Type", "text/plain")
    answer.end_headers()
    answer.wfile.write(b"One moment")
    answer.server.let_go.wait(20)


@pytest.fixture
def page_server() -> Iterator[PageServer]:
    server = PageServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    server.server_close()
    thread.join()
