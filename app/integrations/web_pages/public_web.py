"""The public web, reached so that an address of this machine or its network is never asked by mistake.

A name is looked up once, every address that it leads to is checked, and the connection goes to one of these:
what the name says a moment later does not count. A redirect is a new address and is checked as one.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.engine.sandbox.proxy import Allowed, Refused, Unreachable, resolve
from app.integrations.web_pages.port import KINDS, WebPage

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from yarl import URL

SECONDS = 15.0
MOST_BYTES = 4 * 1024 * 1024
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_HEADERS = {"Accept": ", ".join(KINDS), "Accept-Encoding": "identity", "User-Agent": "Greenroom"}
_CHUNK = 65_536


class _NotRead(Exception):
    """It is not there, or not what is read here; says why."""


class PublicWeb:
    """Asks public addresses at their usual ports; `hosts` names others that may be asked all the same.

    A host is written as a name, or as a name and a port: `docs.intranet.example`, `10.0.0.5:8080`.
    """

    def __init__(
        self, hosts: Iterable[str] = (), *, seconds: float = SECONDS, most_bytes: int = MOST_BYTES
    ) -> None:
        self._allowed = Allowed.of((), hosts)
        self._seconds = seconds
        self._most_bytes = most_bytes

    def fetch(self, urls: Sequence[str]) -> list[WebPage]:
        """Return what each address holds; all are asked at the same time."""
        return asyncio.run(self._fetch(urls))

    async def _fetch(self, urls: Sequence[str]) -> list[WebPage]:
        return list(await asyncio.gather(*map(self._page, urls)))

    async def _page(self, url: str) -> WebPage:
        from aiohttp import ClientError

        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(url)
        except TimeoutError:
            trouble = f"it took longer than {self._seconds:g} seconds"
        except (Refused, Unreachable, _NotRead) as why:
            trouble = str(why)
        except (ClientError, OSError, ValueError):
            trouble = "nobody answers there as a web server does"
        return WebPage(url, trouble=trouble)

    async def _follow(self, url: str) -> WebPage:
        from yarl import URL

        place = URL(url)
        for _ in range(1 + MOST_REDIRECTS):
            found = await self._ask(url, place)
            if isinstance(found, WebPage):
                return found
            place = found
        raise _NotRead(f"it leads on more than {MOST_REDIRECTS} times")

    async def _ask(self, url: str, place: "URL") -> "WebPage | URL":
        """Ask one address; return what it holds, or where it leads to."""
        if place.scheme not in _PORTS or not place.raw_host:
            raise _NotRead("it leads to something that is no page of the web")
        addresses = await resolve(place.raw_host, place.port or _PORTS[place.scheme], self._allowed)
        async with (
            _session(addresses) as session,
            session.get(place, headers=_HEADERS, allow_redirects=False) as answer,
        ):
            if answer.status in _REDIRECTS and "Location" in answer.headers:
                return place.join(_url(answer.headers["Location"]))
            return await self._read(url, answer)

    async def _read(self, url: str, answer: "ClientResponse") -> WebPage:
        if answer.status != 200:  # noqa: PLR2004 - HTTP's word for it
            raise _NotRead(f"it answered with {answer.status}")
        if answer.content_type not in KINDS:
            raise _NotRead(f"{answer.content_type} is not read, but HTML, Markdown, plain text and PDF are")
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise _NotRead("it answered in a packed form that was not asked for")
        content = bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self._most_bytes:
                raise _NotRead(f"it is larger than {self._most_bytes // 1024} kB")
        return WebPage(url, answer.content_type, answer.charset or "utf-8", bytes(content))


def _url(written: str) -> "URL":
    from yarl import URL

    return URL(written)


def _session(addresses: Sequence[str]) -> "ClientSession":
    """Return a client that connects to these addresses, whatever the name that it is asked for."""
    from aiohttp import ClientSession, DummyCookieJar, TCPConnector
    from aiohttp.abc import AbstractResolver, ResolveResult

    class Known(AbstractResolver):
        async def resolve(
            self,
            host: str,
            port: int = 0,
            family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - of each kind
        ) -> list[ResolveResult]:
            kinds = {address: socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses}
            return [
                ResolveResult(
                    hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST
                )
                for address, kind in kinds.items()
            ]

        async def close(self) -> None:
            """Hold nothing."""

    connector = TCPConnector(resolver=Known(), family=socket.AF_UNSPEC, use_dns_cache=False, force_close=True)
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=False)
