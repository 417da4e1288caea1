"""A real gateway on a port of its own, real upstreams on Unix sockets, and somebody who speaks for the keeper."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from app.core import installation as here
from app.core.installation import Installation, configure
from app.engine import gateway, handover

DOMAIN = "preview.localhost:8001"


class House:
    """What a test arranges before the doors open, and what it looks at through them."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.installation = Installation(
            **{
                "home": folder,
                "url": "http://localhost:8000",
                "preview_domain": DOMAIN,
                "secret_key": "for tests",
                "database_url": "",
                "redis_url": "",
                "gateway_port": 0,
                **settings,
            }
        )
        configure(self.installation)
        self.routes: dict[str, dict[str, Any]] = {}
        self.people: set[tuple[str, str]] = set()
        self.keys: set[tuple[str, str]] = set()
        self.links: dict[tuple[str, str], str] = {}  # a share link's secret and label → which it is
        self.guests: set[tuple[str, str]] = set()
        self.tokens: set[tuple[str, str]] = set()  # an environment's token, label
        self.asked: list[dict[str, Any]] = []
        self.reviews: dict[tuple[str, str], dict[str, Any]] = {}
        self.on_wake: Callable[[str], Awaitable[None]] | None = None
        self.port = 0

    def run(self, scenario: Callable[["House"], Awaitable[None]]) -> None:
        """Open the doors, walk through the scenario, close them."""
        asyncio.run(self._run(scenario))

    async def _run(self, scenario):
        self._stack = contextlib.AsyncExitStack()
        async with self._stack:
            await self.open_keeper()
            opened = asyncio.get_running_loop().create_future()
            serving = asyncio.create_task(gateway.serve(self.installation, ready=opened.set_result))
            self._stack.push_async_callback(_stop, serving)
            done, _ = await asyncio.wait({opened, serving}, return_when=asyncio.FIRST_COMPLETED)
            assert opened in done, serving.exception()
            self.port = opened.result()
            self.client = await self._stack.enter_async_context(
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
            )
            async with asyncio.timeout(30):
                await scenario(self)

    async def open_keeper(self) -> None:
        self._keeper_lines: set[asyncio.StreamWriter] = set()
        self._keeper = await asyncio.start_unix_server(self._answer, str(self.installation.keeper_socket))
        self._stack.push_async_callback(self.kill_keeper)

    async def kill_keeper(self) -> None:
        self._keeper.close()
        for writer in list(self._keeper_lines):
            writer.close()
        await self._keeper.wait_closed()
        self.installation.keeper_socket.unlink(missing_ok=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keeper_lines.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while line := await reader.readline():
                question = json.loads(line)
                self.asked.append(question)
                writer.write(json.dumps({"ok": True, "answer": await self._know(question)}).encode() + b"\n")
        self._keeper_lines.discard(writer)
        writer.close()

    async def _know(self, question: dict[str, Any]) -> Any:  # noqa: PLR0911 - a table
        match question:
            case {"op": "resolve", "label": label}:
                return self.routes.get(label)
            case {"op": "person", "user_id": user, "project_id": project}:
                return (user, project) in self.people
            case {"op": "key", "key": key, "project_id": project}:
                return (key, project) in self.keys
            case {"op": "token", "token": token, "label": label}:
                return (token, label) in self.tokens
            case {"op": "review", "label": label, "user_id": user}:
                return self.reviews.get((label, user))
            case {"op": "link", "secret": secret, "label": label}:
                link = self.links.get((secret, label))
                return {"link_id": link, "seconds": 3600} if link else None
            case {"op": "guest", "link_id": link, "label": label}:
                return (link, label) in self.guests
            case {"op": "wake", "label": label} if self.on_wake:
                await self.on_wake(label)
        return None

    def questions(self, op: str) -> list[dict[str, Any]]:
        return [question for question in self.asked if question["op"] == op]

    def static(self, label: str, files: dict[str, str | bytes], **more: Any) -> Path:
        folder = self.folder / "sites" / label
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.routes[label] = {
            "label": label, "kind": "static", "directory": str(folder), "access": "public",
            "project_id": "p1", "organization_id": "o1", **more,
        }  # fmt: skip
        return folder

    async def instance(self, label: str, handler: Any, **more: Any) -> web.ServerRunner:
        """Serve `handler` on a Unix socket and point `label` at it."""
        path = str(self.installation.run / f"{label}.sock")
        runner = web.ServerRunner(web.Server(handler, auto_decompress=False), shutdown_timeout=0.1)
        await runner.setup()
        await web.UnixSite(runner, path).start()
        self._stack.push_async_callback(runner.cleanup)
        self.routes[label] = {
            "label": label, "kind": "instance", "instance": label, "state": "running", "socket": path,
            "version": self.routes.get(label, {}).get("version", 0) + 1, "access": "public",
            "project_id": "p1", "organization_id": "o1", **more,
        }  # fmt: skip
        return runner

    def name(self, label: str) -> str:
        domain = self.installation.preview_domain
        return label if "." in label else f"{label}.{domain}" if label else domain

    def ask(self, label: str, path: str = "/", *, method: str = "GET", headers: Any = None, **more: Any):
        from yarl import URL

        name = self.name(label)
        return self.client.request(
            method,
            URL(f"http://127.0.0.1:{self.port}{path}", encoded=True),
            headers=[("Host", name), *dict(headers or {}).items()],
            allow_redirects=False,
            **more,
        )

    def socket(self, label: str, path: str = "/", *, headers: Any = None, **more: Any):
        return self.client.ws_connect(
            f"http://127.0.0.1:{self.port}{path}",
            headers={"Host": self.name(label), **(headers or {})},
            **more,
        )

    def cookie(self, label: str, user: str = "ada", project: str = "p1") -> dict[str, str]:
        who = handover.Pass(label=label, user_id=user, project_id=project, expires_at=0)
        return {"Cookie": f"{handover.COOKIE}={handover.make_cookie(who)}"}


async def _stop(serving: asyncio.Task[None]) -> None:
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


@pytest.fixture(autouse=True)
def _other_installation() -> Iterator[None]:
    """Give the process back the installation it had."""
    before = list(here._here)
    yield
    here._here[:] = before


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="gr") as folder:  # short, for the sockets in it
        yield House(Path(folder))


@pytest.fixture
def office_house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="gr") as folder:
        yield House(Path(folder), url="http://green.office.lan", preview_domain="preview.office.lan:8001")
