"""A mail server on this machine that answers as RFC 5321 says; its scenes say how it behaves instead."""

import asyncio
import base64
import datetime as dt
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.core.installation import configure, installation

USER, PASSWORD = "greenroom", "p@ss/word"
SILENT = "silent"  # never answers
CLOSES = "closes"  # hangs up


@dataclass
class Taken:
    """A letter as it came in."""

    sender: str
    to: list[str]
    raw: bytes
    encrypted: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    def part(self, kind: str) -> str:
        """What it says, as `plain` or as `html`."""
        return self.message.get_body((kind,)).get_content()

    @property
    def text(self) -> str:
        return self.part("plain")


@dataclass
class MailServer:
    """The server: what it took, and what it answers instead of yes, by command (`{"RCPT": "550 No"}`)."""

    offers_tls: bool = False
    wants_password: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None
    is_wrapped: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Talk(self, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the other side went away
        finally:
            writer.close()


class _Talk:
    """One connection."""

    def __init__(
        self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.encrypted = server.is_wrapped
        self.user: str | None = None
        self.sender, self.to = "", []

    async def hold(self) -> None:
        if not await self._say("GREETING", "220 mail.test ESMTP"):
            return
        while line := (await self.reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            if not await self._hear(verb.upper(), rest):
                return

    async def _hear(self, verb: str, rest: str) -> bool:
        match verb:
            case "EHLO":
                goes_on = await self._say(verb, *self._offers())
            case "STARTTLS":
                goes_on = await self._encrypt()
            case "AUTH":
                goes_on = await self._sign_in(rest)
            case "MAIL":
                self.sender, self.to = _address(rest), []
                goes_on = await self._say(verb, "250 OK")
            case "RCPT":
                self.to.append(_address(rest))
                goes_on = await self._say(verb, "250 OK")
            case "DATA":
                goes_on = await self._take()
            case "QUIT":
                goes_on = await self._say(verb, "221 Bye") and False
            case _:
                goes_on = await self._say(verb, "250 OK" if verb in {"RSET", "NOOP"} else "502 What?")
        return goes_on

    async def _encrypt(self) -> bool:
        goes_on = await self._say("STARTTLS", "220 Go ahead")
        if goes_on:
            await self.writer.start_tls(self.server.tls)
            self.encrypted = True
        return goes_on

    def _offers(self) -> list[str]:
        offers = ["mail.test"]
        if self.server.offers_tls and not self.encrypted:
            offers.append("STARTTLS")
        if self.server.wants_password:
            offers.append("AUTH PLAIN")
        return [f"250-{each}" for each in offers[:-1]] + [f"250 {offers[-1]}"]

    async def _sign_in(self, rest: str) -> bool:
        _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
        if (user, password) != (USER, PASSWORD):
            return await self._say("AUTH", "535 Unknown")
        self.user = user
        return await self._say("AUTH", "235 Welcome")

    async def _take(self) -> bool:
        if self.server.wants_password and not self.user:
            return await self._say("DATA", "530 Sign in first")
        if not await self._say("DATA", "354 Go on"):
            return False
        if self.server.answers.get("DATA", "354").startswith("354"):
            lines = []
            while (line := await self.reader.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if self.server.answers.get("END", "250").startswith("250"):
                self.server.taken.append(
                    Taken(self.sender, self.to, b"".join(lines), self.encrypted, self.user)
                )
            return await self._say("END", "250 Taken")
        return True

    async def _say(self, verb: str, *lines: str) -> bool:
        """Answer as the scene for this command says, else with yes; tells whether the talk goes on."""
        scene = self.server.answers.get(verb)
        if scene == CLOSES:
            return False
        if scene == SILENT:
            await self.reader.read()  # until the other side gives up
            return False
        self.writer.write("".join(f"{line}\r\n" for line in ([scene] if scene else lines)).encode())
        await self.writer.drain()
        return True


def _address(rest: str) -> str:
    return re.search(r"<(.*)>", rest)[1]


@dataclass
class Certificate:
    """A certificate for 127.0.0.1 that signs itself, in a file."""

    path: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificate":
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
        moment = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(moment - dt.timedelta(days=1))
            .not_valid_after(moment + dt.timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = folder / "mail.pem"
        plain = serialization.NoEncryption()
        kind = serialization.PrivateFormat.PKCS8
        path.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, kind, plain)
            + made.public_bytes(serialization.Encoding.PEM)
        )
        return cls(path)

    @property
    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context


def run(server: MailServer) -> Iterator[MailServer]:
    """Let a server listen while somebody uses it."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    doors: list[asyncio.Server] = []

    async def listen() -> None:
        door = await asyncio.start_server(
            server.serve, "127.0.0.1", 0, ssl=server.tls if server.is_wrapped else None
        )
        server.port = door.sockets[0].getsockname()[1]
        doors.append(door)
        ready.set()

    async def close() -> None:
        doors[0].close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def work() -> None:
        loop.run_until_complete(listen())
        loop.run_forever()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that takes everything, without encryption or password."""
    yield from run(MailServer())


@pytest.fixture
def mail(app, mail_server: MailServer) -> Iterator[MailServer]:
    """The same, named in the settings."""
    before = installation()
    configure(with_changes(before, smtp_url=mail_server.url, mail_from="Greenroom <greenroom@example.com>"))
    yield mail_server
    configure(before)
