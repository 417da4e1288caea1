"""What the gateway remembers of the keeper's routes: fresh for two seconds, stale while it is away."""

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

from app.engine.gateway.keeper_line import KeeperAway, KeeperLine

RENEW_AFTER = 1.0
FRESH_FOR = 2.0
HOLD_SECONDS = 10.0
MOST_LABELS = 2000


@dataclass(frozen=True, slots=True)
class Route:
    """Where one host name leads, as the keeper said it last."""

    label: str
    kind: str  # static | instance | gone | waiting
    access: str = "private"
    project_id: str | None = None
    organization_id: str | None = None
    directory: str | None = None
    spa: bool = False
    instance: str | None = None
    state: str = ""
    socket: str | None = None
    version: int = 0
    typical_seconds: float | None = None
    error: str | None = None
    bar: dict[str, str] | None = None
    status_url: str | None = None
    note: str | None = None
    bar_mark: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if self.bar:
            written = json.dumps(self.bar, sort_keys=True).encode()
            object.__setattr__(self, "bar_mark", hashlib.sha256(written).hexdigest()[:8])

    @classmethod
    def read(cls, answer: dict[str, Any]) -> "Route":
        known = {name: answer[name] for name in cls.__match_args__ if name in answer}
        return cls(**known)


@dataclass(slots=True)
class _Page:
    route: Route | None
    at: float


class RouteBook:
    """Host label → route, asked from the keeper and kept."""

    def __init__(self, line: KeeperLine) -> None:
        self._line = line
        self._pages: dict[str, _Page] = {}
        self._asking: dict[str, asyncio.Task[Route | None]] = {}

    def fresh(self, label: str) -> Route | None:
        """Return where `label` leads if that was said within this second: the way of most requests."""
        page = self._pages.get(label)
        if page is None or time.monotonic() - page.at >= RENEW_AFTER:
            return None
        return page.route

    async def find(self, label: str) -> Route | None:
        """Return where `label` leads; what was known stays known while the keeper is away."""
        page = self._pages.get(label)
        if page is not None:
            age = asyncio.get_running_loop().time() - page.at
            if age < RENEW_AFTER:
                return page.route
            if age < FRESH_FOR:
                self._ask(label)
                return page.route
        try:
            return await self.renew(label)
        except KeeperAway:
            if page is not None and page.route is not None:
                return page.route
        return await self.renew_patiently(label)

    async def renew(self, label: str) -> Route | None:
        """Ask the keeper now; many who want the same label share one question."""
        return await asyncio.shield(self._ask(label))

    async def renew_patiently(self, label: str) -> Route | None:
        """Ask until the keeper is back, at most ten seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + HOLD_SECONDS
        while True:
            try:
                return await self.renew(label)
            except KeeperAway:
                if loop.time() > deadline:
                    raise
            await asyncio.sleep(0.25)

    def _ask(self, label: str) -> asyncio.Task[Route | None]:
        task = self._asking.get(label)
        if task is None:
            task = asyncio.create_task(self._resolve(label))
            self._asking[label] = task
            task.add_done_callback(lambda done: self._asked(label, done))
        return task

    def _asked(self, label: str, task: asyncio.Task[Route | None]) -> None:
        self._asking.pop(label, None)
        if not task.cancelled():
            task.exception()  # seen: whoever waits is told, a renewal ahead of time needs nobody

    async def _resolve(self, label: str) -> Route | None:
        answer = await self._line.ask("resolve", label=label)
        route = Route.read(answer) if answer else None
        if label not in self._pages and len(self._pages) >= MOST_LABELS:
            self._forget_some()
        self._pages[label] = _Page(route, asyncio.get_running_loop().time())
        return route

    def _forget_some(self) -> None:
        unknown = [label for label, page in self._pages.items() if page.route is None]
        for label in unknown or list(self._pages)[: MOST_LABELS // 4]:
            del self._pages[label]
