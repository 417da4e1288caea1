"""A visitor's bytes find the way to whatever Bob's app listens on, and back."""

import socket
import threading

import pytest

from app.engine.sandbox import Socket, Work, spawn

ECHO = """
import os, socket, sys, threading
family, host, port = (socket.AF_INET6, "::1", {port}) if {six} else (socket.AF_INET, {host!r}, {port})
server = socket.create_server((host, port), family=family)
print("listening", flush=True)
def answer(client):
    with client:
        while data := client.recv(65536):
            client.sendall(data)
        client.sendall(b"|over")
while True:
    threading.Thread(target=answer, args=server.accept()[:1], daemon=True).start()
"""


@pytest.fixture
def start(folder, limits, sandbox, tmp_path_factory):
    """Start Bob's server; give its process and the socket that leads to it."""
    started = []
    path = tmp_path_factory.mktemp("s") / "app.sock"

    def start(command):
        listening = threading.Event()
        lines = []

        def on_line(line):
            lines.append(line)
            if line == "listening":
                listening.set()

        work = Work(command=command, folder=folder, limits=limits, listen=Socket(path, 8080), forever=True)
        process = spawn(work, on_line=on_line, within=sandbox)
        started.append(process)
        assert listening.wait(10), lines
        return process, path

    yield start
    for process in started:
        process.kill()
        process.wait(10)


def code(*, port='int(os.environ["PORT"])', host="127.0.0.1", six=False):
    return ["python3", "-c", ECHO.format(port=port, host=host, six=six)]


def connect(path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)
    client.connect(str(path))
    return client


def everything(client) -> bytes:
    data = b""
    while piece := client.recv(65_536):
        data += piece
    return data


class TestReachWork:
    def test_on_the_port_it_was_given(self, start):
        _, path = start(code())

        with connect(path) as client:
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)

            assert everything(client) == b"hello|over"

    def test_on_the_other_loopback(self, start):
        _, path = start(code(six=True))

        with connect(path) as client:
            client.sendall(b"six")
            client.shutdown(socket.SHUT_WR)

            assert everything(client) == b"six|over"

    def test_on_a_port_of_its_own_choice(self, start):
        _, path = start(code(port="0", host="0.0.0.0"))

        for _ in range(2):
            with connect(path) as client:
                client.sendall(b"elsewhere")
                client.shutdown(socket.SHUT_WR)

                assert everything(client) == b"elsewhere|over"

    def test_both_ways_at_once_and_much(self, start):
        _, path = start(code())
        sent = bytes(range(256)) * 20_000

        with connect(path) as client:
            sender = threading.Thread(target=lambda: (client.sendall(sent), client.shutdown(socket.SHUT_WR)))
            sender.start()
            received = everything(client)
            sender.join()

        assert received == sent + b"|over"

    def test_many_visitors_at_once(self, start):
        _, path = start(code())
        clients = [connect(path) for _ in range(30)]

        for number, client in enumerate(clients):
            client.sendall(str(number).encode())
        answers = [client.recv(10) for client in clients]
        for client in clients:
            client.close()

        assert answers == [str(number).encode() for number in range(30)]

    def test_a_visitor_who_leaves_at_once_harms_nobody(self, start):
        _, path = start(code())
        for _ in range(20):
            with connect(path) as client:
                client.sendall(b"x" * 100_000)

        with connect(path) as client:
            client.sendall(b"still here")

            assert client.recv(100) == b"still here"

    def test_nobody_listens_yet(self, start):
        _, path = start("echo listening; sleep 60")

        with connect(path) as client:
            assert client.recv(10) == b""

    def test_it_refuses_once_the_work_is_over(self, start):
        process, path = start(code())

        outcome = process.stop(grace=2)

        assert outcome.ended == "exit"
        assert outcome.exit_code == 143
        assert not path.exists()

    def test_a_work_that_will_not_go_is_ended(self, start):
        process, path = start("trap '' TERM; echo listening; while :; do sleep 1; done")

        outcome = process.stop(grace=0.3)

        assert outcome.ended == "cancelled"
        assert not path.exists()

    def test_two_works_have_the_same_port_each_for_itself(self, start):
        first, path = start(code())
        with connect(path) as client:
            client.sendall(b"1")
            assert client.recv(1) == b"1"

            assert first.memory_used() > 1_000_000
