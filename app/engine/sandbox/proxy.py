"""The one way out of a sandbox: an HTTP proxy that reaches public addresses and nothing of this machine."""

import asyncio
import contextlib
import ipaddress
import os
import re
import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass

PORT = 3128
_CHUNK = 65_536
_MOST_HEAD = 65_536
_CONNECT_SECONDS = 20
_HEAD_SECONDS = 30
_MOST_CONNECTIONS = 128  # each holds two descriptors of the process that started the work
_PORTS = frozenset({80, 443})
_REQUEST = re.compile(rb"(?P<method>[A-Z]+) (?P<target>\S+) HTTP/1\.[01]\r\n")
_INTERNAL = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet", ".corp")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """The target is not one that work may reach."""


class Unreachable(Exception):
    """The target did not answer."""


@dataclass(frozen=True)
class Allowed:
    """The hosts that may be reached wherever they are: by name and port, or by name at the usual ports.

    `doors` are reached through their sockets; where the rest of the world is not open, nothing else is.
    """

    places: frozenset[tuple[str, int]] = frozenset()
    hosts: frozenset[str] = frozenset()
    doors: Mapping[tuple[str, int], Path] = field(default_factory=dict)
    is_open: bool = True

    @classmethod
    def of(
        cls,
        places: Iterable[tuple[str, int]],
        hosts: Iterable[str],
        doors: Mapping[tuple[str, int], Path] | None = None,
        *,
        is_open: bool = True,
    ) -> "Allowed":
        named = [host.lower().strip() for host in hosts]
        with_port = [each.rsplit(":", 1) for each in named if re.fullmatch(r"[\w.-]+:\d+", each)]
        return cls(
            frozenset(places) | {(host, int(port)) for host, port in with_port},
            frozenset(each for each in named if ":" not in each),
            doors or {},
            is_open,
        )

    def includes(self, host: str, port: int) -> bool:
        return (host, port) in self.places or (host in self.hosts and port in _PORTS)


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, whatever form it is written in."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address.teredo is not None:
            inner = address.teredo[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def resolve(host: str, port: int, allowed: Allowed) -> list[str]:
    """Return the checked addresses of a target; connecting to these leaves no room for another answer."""
    is_allowed = allowed.includes(host, port)
    if port not in _PORTS and not is_allowed:
        raise Refused(f"port {port} is closed; only 80 and 443 lead out")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host} has no address") from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not is_allowed:
        for each in addresses:
            if not is_public(ipaddress.ip_address(each.partition("%")[0])):
                raise Refused(f"{host} leads to an address of a private network")
    return addresses


class Proxy:
    """Accepts what work inside a sandbox sends to its proxy, on a thread of its own, until it is closed."""

    def __init__(self, listener: socket.socket, allowed: Allowed, on_refusal: Callable[[str], None]) -> None:
        self._listener = listener
        self._allowed = allowed
        self._on_refusal = on_refusal
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-proxy", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Drop every connection and end the thread."""
        self._is_ready.wait()
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(5)

    def _run(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None and len(tasks) < _MOST_CONNECTIONS:
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                with contextlib.suppress(OSError, asyncio.CancelledError):
                    await self._answer(reader, writer)
            writer.close()

        server = await asyncio.start_server(accepted, sock=self._listener, limit=_MOST_HEAD)
        self._is_ready.set()
        await self._over.wait()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            request, host, port = _parse(head)
        except (ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await _say(writer, 400, "this is not a request to a proxy")
            return
        is_tunnel = request["method"] == b"CONNECT"
        try:
            there, back = await self._connect(host, port, is_tunnel=is_tunnel)
        except Refused as refusal:
            self._on_refusal(f"The network refused {host}:{port}: {refusal}.")
            await _say(writer, 403, str(refusal))
            return
        except (Unreachable, OSError, TimeoutError) as error:
            await _say(writer, 502, str(error) or "it did not answer")
            return
        if is_tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            is_upstream = not self._is_inside(host, port) and _upstream("http", host) is not None
            back.write(_forwarded(head, request, is_upstream=is_upstream))
        await _relay((reader, writer), (there, back))

    async def _connect(
        self, host: str, port: int, *, is_tunnel: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._is_inside(host, port):
            return await self._connect_inside(host, port)
        upstream = _upstream("https" if is_tunnel else "http", host)
        if upstream is not None:
            await _check_name(host, port, self._allowed)
            return await _through(upstream, host, port, is_tunnel=is_tunnel)
        return await self._connect_directly(host, port)

    def _is_inside(self, host: str, port: int) -> bool:
        return not self._allowed.is_open or (host, port) in self._allowed.doors

    async def _connect_inside(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        path = self._allowed.doors.get((host, port))
        if path is None:
            raise Refused("only one place is reached from here")
        return await asyncio.open_unix_connection(str(path))

    async def _connect_directly(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        failure: Exception = Unreachable(f"{host} did not answer")
        for address in await resolve(host, port, self._allowed):
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    return await asyncio.open_connection(address, port)
            except (OSError, TimeoutError) as error:
                failure = error
        raise failure


async def _check_name(host: str, port: int, allowed: Allowed) -> None:
    """Check a target that the operator's own proxy will resolve; here its name may have no address."""
    try:
        await resolve(host, port, allowed)
    except Unreachable:
        if "." not in host or host.endswith(_INTERNAL):
            raise Refused(f"{host} is a name of a private network") from None


def _parse(head: bytes) -> tuple[re.Match[bytes], str, int]:
    """Read the first line of a request: what it is, and which host and port it is for."""
    request = _REQUEST.match(head)
    if request is None:
        raise ValueError("no request")
    target = request["target"].decode("ascii")
    if request["method"] == b"CONNECT":
        return request, *_split(target, 443)
    parts = urlsplit(target)
    if parts.scheme != "http":
        raise ValueError("no address")
    return request, *_split(parts.netloc, 80)


def _split(place: str, usual: int) -> tuple[str, int]:
    parts = urlsplit(f"//{place}")
    if not parts.hostname:
        raise ValueError("no host")
    return parts.hostname.rstrip(".").lower(), parts.port or usual


def _upstream(scheme: str, host: str) -> str | None:
    """Return the operator's own proxy for a target, from the usual variables."""
    address = os.environ.get(f"{scheme}_proxy") or os.environ.get(f"{scheme.upper()}_PROXY")
    if not address or proxy_bypass(host):
        return None
    return address if "://" in address else f"http://{address}"


async def _through(
    upstream: str, host: str, port: int, *, is_tunnel: bool
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(upstream)
    async with asyncio.timeout(_CONNECT_SECONDS):
        reader, writer = await asyncio.open_connection(
            parts.hostname, parts.port or 3128, ssl=parts.scheme == "https" or None
        )
        if not is_tunnel:
            return reader, writer
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        login = ""
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            login = f"Proxy-Authorization: Basic {b64encode(pair.encode()).decode()}\r\n"
        writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{login}\r\n".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
    if not re.match(rb"HTTP/1\.[01] 2", answer):
        writer.close()
        raise Unreachable(f"the proxy of this network refused {host}")
    return reader, writer


def _forwarded(head: bytes, request: re.Match[bytes], *, is_upstream: bool) -> bytes:
    """Rewrite the head of a plain request: one request a connection, addressed as a server expects."""
    parts = urlsplit(request["target"].decode("ascii"))
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    target = request["target"] if is_upstream else path.encode()
    lines = [
        line
        for line in head[request.end() :].rstrip(b"\r\n").split(b"\r\n")
        if not line.lower().startswith((b"proxy-", b"connection:", b"keep-alive:", b"host:"))
    ]
    first = request["method"] + b" " + target + b" HTTP/1.1"
    return b"\r\n".join(
        [first, b"Host: " + parts.netloc.rpartition("@")[2].encode(), *lines, b"Connection: close", b"", b""]
    )


async def _say(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    names = {400: "Bad Request", 403: "Forbidden", 502: "Bad Gateway"}
    body = f"{text}\n".encode()
    writer.write(
        f"HTTP/1.1 {status} {names[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )
    await writer.drain()


async def _relay(
    one: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    other: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    """Pass bytes both ways until both directions are over."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()

    try:
        await asyncio.gather(pass_on(one[0], other[1]), pass_on(other[0], one[1]))
    finally:
        other[1].close()
