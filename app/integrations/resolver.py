"""The name service, asked as others ask it: no cache and no hosts file of this machine in between."""

import ipaddress
import secrets
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

A, CNAME, TXT, AAAA = 1, 5, 16, 28
_INTERNET, _RECURSION_WANTED = 1, 0x0100
_NO_SUCH_NAME = 3
_POINTER, _LONGEST_LABEL = 0xC0, 63
_LONGEST_ANSWER = 4096
_MISSING = {
    A: "it has no address",
    AAAA: "it has no address",
    CNAME: "it has no CNAME record",
    TXT: "it has no TXT record",
}
_HEAD = struct.Struct("!6H")
_RECORD = struct.Struct("!HHIH")


@dataclass(frozen=True)
class Found:
    """What a name leads to; `trouble` says why nothing is known."""

    addresses: tuple[str, ...] = ()
    alias: str = ""
    trouble: str = ""
    texts: tuple[str, ...] = ()


class Resolver(Protocol):
    """Somebody who knows where names lead."""

    def find(self, name: str) -> Found:
        """Return the addresses of a name, of both kinds."""


class Records(Protocol):
    """Somebody who reads what the owner of a name wrote down about it."""

    def texts(self, name: str) -> Found:
        """Return the TXT records of a name."""

    def alias(self, name: str) -> Found:
        """Return the name that a name is another word for, if it has a CNAME record."""


class NameService:
    """The name servers of this machine, asked over UDP."""

    def __init__(self, servers: Sequence[tuple[str, int]] | None = None, *, seconds: float = 2.0) -> None:
        self._servers = list(servers) if servers is not None else _servers_of(Path("/etc/resolv.conf"))
        self._seconds = seconds

    def find(self, name: str) -> Found:
        four, six = self._ask(name, A), self._ask(name, AAAA)
        addresses = (*four.addresses, *six.addresses)
        return Found(addresses, four.alias or six.alias, "" if addresses else four.trouble or six.trouble)

    def texts(self, name: str) -> Found:
        return self._ask(name, TXT)

    def alias(self, name: str) -> Found:
        return self._ask(name, CNAME)

    def _ask(self, name: str, kind: int) -> Found:
        if not self._servers:
            return Found(trouble="this server knows no name server to ask")
        if not _is_name(name):
            return Found(trouble="this is no name")
        number = secrets.randbelow(1 << 16)
        question = _HEAD.pack(number, _RECURSION_WANTED, 1, 0, 0, 0)
        question += b"".join(bytes([len(part)]) + part.encode() for part in name.rstrip(".").split("."))
        question += b"\0" + struct.pack("!HH", kind, _INTERNET)
        for server in self._servers * 2:  # a datagram may be lost
            try:
                answer = self._exchange(server, question, number)
                return _read(answer, kind) if answer else Found(trouble="no name server answered")
            except (OSError, struct.error, IndexError):
                continue
        return Found(trouble="no name server answered")

    def _exchange(self, server: tuple[str, int], question: bytes, number: int) -> bytes:
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect(server)  # only its own answers are heard
            line.send(question)
            end = time.monotonic() + self._seconds
            while (left := end - time.monotonic()) > 0:
                line.settimeout(left)
                answer = line.recv(_LONGEST_ANSWER)
                if answer[:2] == struct.pack("!H", number) and answer[12 : len(question)] == question[12:]:
                    return answer
        raise TimeoutError


def _servers_of(path: Path) -> list[tuple[str, int]]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return []
    return [(line.split()[1], 53) for line in lines if line.startswith("nameserver ")][:3]


def _is_name(name: str) -> bool:
    parts = name.rstrip(".").split(".")
    return name.isascii() and all(0 < len(part) <= _LONGEST_LABEL for part in parts)


def _read(answer: bytes, kind: int) -> Found:
    _, flags, questions, answers, _, _ = _HEAD.unpack_from(answer)
    if flags & 0xF == _NO_SUCH_NAME:
        return Found(trouble="there is no such name")
    if flags & 0xF:
        return Found(trouble=f"the name server refused with code {flags & 0xF}")
    place = _HEAD.size
    for _question in range(questions):
        place = _name_at(answer, place)[1] + 4
    addresses: list[str] = []
    texts: list[str] = []
    alias = ""
    for _answer in range(answers):
        place = _name_at(answer, place)[1]
        found, _, _, length = _RECORD.unpack_from(answer, place)
        place += _RECORD.size
        if found == CNAME:
            alias = _name_at(answer, place)[0]
        elif found == kind == TXT:
            texts.append(_text_at(answer, place, place + length))
        elif found == kind:
            addresses.append(str(ipaddress.ip_address(answer[place : place + length])))
        place += length
    is_known = {CNAME: bool(alias), TXT: bool(texts)}.get(kind, bool(addresses))
    return Found(tuple(addresses), alias, "" if is_known else _MISSING[kind], tuple(texts))


def _text_at(answer: bytes, place: int, end: int) -> str:
    """Return a text, which is cut into pieces of at most 255 bytes, each behind its length."""
    pieces = []
    while place < end:
        length = answer[place]
        pieces.append(answer[place + 1 : min(place + 1 + length, end)])
        place += 1 + length
    return b"".join(pieces).decode("utf-8", "replace")


def _name_at(answer: bytes, place: int) -> tuple[str, int]:
    """Return the name at a place, and where it ends; a name may go on at an earlier place."""
    parts: list[str] = []
    after = 0
    for _step in range(128):
        length = answer[place]
        if length & _POINTER == _POINTER:
            after = after or place + 2
            place = (length & ~_POINTER) << 8 | answer[place + 1]
        elif length == 0:
            return ".".join(parts), after or place + 1
        else:
            parts.append(answer[place + 1 : place + 1 + length].decode("ascii", "replace"))
            place += 1 + length
    raise IndexError("a name without an end")
