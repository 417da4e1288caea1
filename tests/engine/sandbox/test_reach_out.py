"""Installing packages reaches the public internet, and nothing of this machine or its network."""

import asyncio
import contextlib
import ipaddress
import socket
import threading

import pytest

from app.engine.sandbox import proxy
from app.engine.sandbox.proxy import Allowed, Proxy, Refused, Unreachable, is_public, resolve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "203.0.113.1",
        "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_private_in_any_spelling(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public(address):
    assert is_public(ipaddress.ip_address(address))


class TestResolve:
    @pytest.fixture
    def names(self, monkeypatch):
        known = {}

        def getaddrinfo(host, port, *_, **__):
            if host not in known:
                raise socket.gaierror(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in known[host]]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return known

    def resolved(self, host, port=443, allowed=None):
        return asyncio.run(resolve(host, port, allowed or Allowed()))

    def test_a_public_name(self, names):
        names["example.org"] = ["93.184.215.14"]

        assert self.resolved("example.org") == ["93.184.215.14"]

    def test_a_name_with_one_private_address_among_its_own(self, names):
        names["sly.example.org"] = ["93.184.215.14", "127.0.0.1"]

        with pytest.raises(Refused, match="private network"):
            self.resolved("sly.example.org")

    def test_a_registry_at_a_private_address_is_reached_at_its_port_alone(self, names):
        names["registry.corp"] = ["10.0.0.5"]
        allowed = Allowed.of([("registry.corp", 4873)], [])

        assert self.resolved("registry.corp", 4873, allowed) == ["10.0.0.5"]
        with pytest.raises(Refused):
            self.resolved("registry.corp", 443, allowed)

    def test_a_host_that_the_project_allows(self, names):
        names["db.corp"] = ["10.0.0.6"]
        allowed = Allowed.of([], ["DB.corp", "cache.corp:6379"])

        assert self.resolved("db.corp", 443, allowed) == ["10.0.0.6"]
        with pytest.raises(Refused, match="port 5432"):
            self.resolved("db.corp", 5432, allowed)
        assert ("cache.corp", 6379) in allowed.places

    def test_other_ports_are_closed(self, names):
        names["mail.example.org"] = ["93.184.215.14"]

        with pytest.raises(Refused, match="port 25"):
            self.resolved("mail.example.org", 25)

    def test_a_name_without_an_address(self, names):
        with pytest.raises(Unreachable):
            self.resolved("nowhere.example.org")


class TestProxy:
    @pytest.fixture
    def server(self):
        """A small web server of ours, at an address that is private."""
        listener = socket.create_server(("127.0.0.1", 0))
        asked = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    with client:
                        asked.append(client.recv(65_536))
                        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], asked
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()

    @pytest.fixture
    def ask(self, monkeypatch):
        """Send a request to a proxy; give the answer."""
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.delenv(name, raising=False)
        refusals = []
        proxies = []

        def ask(request: str, allowed=(), then=b"") -> str:
            listener = socket.create_server(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            proxies.append(Proxy(listener, Allowed.of(allowed, []), refusals.append))
            with socket.create_connection(("127.0.0.1", port), 10) as client:
                client.sendall(request.encode())
                answer = client.recv(65_536)
                if then:
                    client.sendall(then)
                while piece := client.recv(65_536):
                    answer += piece
            return answer.decode()

        ask.refusals = refusals
        yield ask
        for each in proxies:
            each.close()
            assert not each._thread.is_alive()

    def test_a_tunnel_to_an_allowed_place(self, ask, server):
        port, asked = server

        answer = ask(
            f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n",
            [("127.0.0.1", port)],
            then=b"GET / HTTP/1.1\r\n\r\n",
        )

        assert answer.startswith("HTTP/1.1 200 Connection established\r\n\r\n")
        assert answer.endswith("hi")
        assert asked == [b"GET / HTTP/1.1\r\n\r\n"]

    def test_a_plain_request_is_passed_on_as_a_server_expects_it(self, ask, server):
        port, asked = server
        request = f"GET http://127.0.0.1:{port}/a?b=c HTTP/1.1\r\nHost: other\r\nProxy-Connection: x\r\nA: b\r\n\r\n"

        answer = ask(request, [("127.0.0.1", port)])

        assert answer.endswith("hi")
        assert asked == [
            f"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nA: b\r\nConnection: close\r\n\r\n".encode()
        ]

    def test_work_that_opens_ever_more_connections_keeps_only_some(self, monkeypatch):
        monkeypatch.setattr(proxy, "_MOST_CONNECTIONS", 3)
        listener = socket.create_server(("127.0.0.1", 0))
        address = listener.getsockname()
        running = Proxy(listener, Allowed(), print)
        clients = [socket.create_connection(address, 10) for _ in range(4)]

        assert clients[3].recv(1) == b""
        clients[0].sendall(b"hello\r\n\r\n")
        assert clients[0].recv(12) == b"HTTP/1.1 400"

        running.close()
        for client in clients:
            client.close()

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "0", "2130706433", "127.1"]
    )
    def test_a_place_of_this_machine_is_refused(self, ask, host):
        answer = ask(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n")

        assert answer.startswith(("HTTP/1.1 403", "HTTP/1.1 502"))
        if "403" in answer:
            assert "private network" in ask.refusals[0]

    def test_a_port_beside_the_web_is_refused(self, ask, server):
        port, asked = server

        assert "is closed" in ask(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n")
        assert asked == []

    @pytest.mark.parametrize(
        "request_", ["hello\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "CONNECT :443 HTTP/1.1\r\n\r\n", "CONNECT a:99999 HTTP/1.1\r\n\r\n", "GET ftp://a/ HTTP/1.1\r\n\r\n"]
    )  # fmt: skip
    def test_what_is_no_request_to_a_proxy(self, ask, request_):
        assert ask(request_).startswith("HTTP/1.1 400")

    def test_the_operator_s_own_proxy_is_used(self, ask, server, monkeypatch):
        port, asked = server
        monkeypatch.setenv("https_proxy", f"http://ada:pass%20word@127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")

        answer = ask("CONNECT 1.1.1.1:443 HTTP/1.1\r\n\r\n")

        assert answer.startswith("HTTP/1.1 200 Connection established")
        assert asked[0].startswith(b"CONNECT 1.1.1.1:443 HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic YWRhOnBhc3Mgd29yZA==" in asked[0]

    def test_the_operator_s_own_proxy_is_no_way_around(self, ask, monkeypatch):
        monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
        monkeypatch.setattr(proxy, "resolve", _has_no_address)

        assert ask("CONNECT intranet:443 HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 403")
        assert ask("CONNECT wiki.corp:443 HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 403")


async def _has_no_address(host, port, allowed):
    raise Unreachable(host)


class TestFromInside:
    def test_the_host_s_own_ports_stay_closed_and_it_is_said(self, attempt):
        code = (
            "import socket\n"
            "client = socket.create_connection(('127.0.0.1', 3128))\n"
            "client.sendall(b'GET http://127.0.0.1:80/ HTTP/1.1\\r\\n\\r\\n')\n"
            "print(client.recv(100).decode().split('\\r')[0])"
        )

        outcome, lines = attempt(["python3", "-c", code], outbound=True)

        assert outcome.is_good
        assert "HTTP/1.1 403 Forbidden" in lines
        assert (
            "The network refused 127.0.0.1:80: 127.0.0.1 leads to an address of a private network." in lines
        )

    def test_a_registry_of_the_operator_is_reached(self, attempt, monkeypatch):
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")

        def serve():
            client, _ = listener.accept()
            with client:
                client.recv(65_536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npackage")

        thread = threading.Thread(target=serve)
        thread.start()
        code = (
            "import os, urllib.request as r\n"
            "opener = r.build_opener(r.ProxyHandler({'http': os.environ['http_proxy']}))\n"
            "print(opener.open(os.environ['PIP_INDEX_URL']).read().decode())"
        )
        _, lines = attempt(["python3", "-c", code], outbound=True)
        thread.join()
        listener.close()

        assert lines == ["package"]

    def test_without_leave_there_is_no_way_out_at_all(self, attempt):
        outcome, lines = attempt("env | grep -ci proxy; cat /proc/net/tcp | wc -l")

        assert lines == ["0", "1"]
        assert outcome.is_good


class TestOneWayOut:
    def test_leads_to_one_place_behind_its_socket_and_nowhere_else(self, attempt, tmp_path):
        path = tmp_path / "s"
        with _Answering(path) as server:
            asked = (
                "import http.client as c\n"
                "for address in ('http://shop.test:8001/a', 'http://shop.test/', 'http://127.0.0.1:22/'):\n"
                "    way = c.HTTPConnection('127.0.0.1', 3128, timeout=5)\n"
                "    way.request('GET', address)\n"
                "    print(way.getresponse().status)\n"
            )

            _, lines = attempt(["python3", "-c", asked], doors={("shop.test", 8001): path})

        said = [line for line in lines if line.isdigit()]
        assert said == ["200", "403", "403"]
        assert server.heard == [b"GET /a HTTP/1.1"]

    def test_leads_to_it_beside_the_rest_of_the_world(self, attempt, tmp_path):
        path = tmp_path / "s"
        with _Answering(path) as server:
            asked = (
                "import http.client as c\n"
                "for address in ('http://shop.test:8001/a', 'http://127.0.0.1:80/'):\n"
                "    way = c.HTTPConnection('127.0.0.1', 3128, timeout=5)\n"
                "    way.request('GET', address)\n"
                "    print(way.getresponse().status)\n"
            )

            _, lines = attempt(["python3", "-c", asked], outbound=True, doors={("shop.test", 8001): path})

        said = [line for line in lines if line.isdigit() or line.startswith("The network")]
        assert said == [
            "200",
            "The network refused 127.0.0.1:80: 127.0.0.1 leads to an address of a private network.",
            "403",
        ]
        assert server.heard == [b"GET /a HTTP/1.1"]


class _Answering:
    """Somebody on a Unix socket who answers each request with nothing."""

    def __init__(self, path) -> None:
        self.heard: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        self._socket.listen()
        self._thread = threading.Thread(target=self._answer)

    def __enter__(self):
        self._thread.start()
        return self

    def _answer(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                self.heard.append(line.recv(4096).partition(b"\r\n")[0])
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)
