"""A language model's endpoint as its vendor describes it, on this machine; `scenes` say what happens at each asking."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Scene = Callable[["_Answer"], None]


class ModelServer(ThreadingHTTPServer):
    """An endpoint as the vendor describes it; `scenes` are what happens at each asking, in order."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.scenes: list[Scene] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.let_go = threading.Event()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_POST(self) -> None:
        assert self.path == "/v1/chat/completions"
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.keys.append(self.headers["Authorization"])
        self.server.scenes.pop(0)(self)

    def refuse(self, status: int, **headers: str) -> None:
        body = json.dumps({"error": {"message": "no", "type": "x"}}).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def event(self, data: str) -> None:
        text = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
        self.wfile.flush()

    def words(self, text: str, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        self.event(
            json.dumps(
                {
                    "id": "1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": "m",
                    "choices": [choice],
                }
            )
        )

    def count(self, read: int, written: int) -> None:
        usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        self.event(
            json.dumps(
                {
                    "id": "1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": "m",
                    "choices": [],
                    "usage": usage,
                }
            )
        )

    def end(self) -> None:
        self.event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def says(text: str, *, usage: tuple[int, int] | None = (20, 7)) -> Scene:
    """An answer in pieces, as models give it."""

    def scene(answer: _Answer) -> None:
        answer.begin()
        for begin in range(0, len(text), 9):
            answer.words(text[begin : begin + 9])
        answer.words("", finish="stop")
        if usage:
            answer.count(*usage)
        answer.end()

    return scene


def refuses(status: int, **headers: str) -> Scene:
    return lambda answer: answer.refuse(status, **headers)


def breaks_off(answer: _Answer) -> None:
    answer.begin()
    answer.words('{"title": "Ope')
    answer.close_connection = True
    answer.connection.close()


def ends_too_early(answer: _Answer) -> None:
    answer.begin()
    answer.words('{"title": "Ope')
    answer.end()


def stalls(answer: _Answer) -> None:
    answer.begin()
    answer.words('{"title"')
    answer.server.let_go.wait(20)


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    server.server_close()
    thread.join()
