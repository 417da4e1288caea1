"""The ports of previews, where no names lead to them: opened and closed as the keeper says."""

import asyncio
import logging

from aiohttp import web

from app.core.installation import Installation
from app.engine.gateway.keeper_line import KeeperAway, KeeperLine

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5


class Ports:
    """Port → label, as the keeper said it last."""

    def __init__(self, line: KeeperLine, installation: Installation) -> None:
        self._line = line
        self._host = installation.host
        self.labels: dict[int, str] = {}
        self._sites: dict[int, web.TCPSite] = {}
        self._refused: set[int] = set()

    async def run(self, runner: web.ServerRunner) -> None:
        """Follow the keeper for as long as the gateway runs."""
        while True:
            await self.look(runner)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, runner: web.ServerRunner) -> None:
        """Ask once, open what came, close what went; all stays as it was while the keeper is away."""
        try:
            answer = await self._line.ask("ports") or {}
        except KeeperAway:
            return
        self.labels = {int(port): label for port, label in answer.items()}
        for port in set(self._sites) - set(self.labels):
            await self._sites.pop(port).stop()
        for port in set(self.labels) - set(self._sites):
            await self._open(runner, port)

    async def _open(self, runner: web.ServerRunner, port: int) -> None:
        site = web.TCPSite(runner, self._host, port, reuse_address=True)
        try:
            await site.start()
        except OSError as trouble:
            await site.stop()
            if port not in self._refused:
                log.error("port %s of %s cannot be opened: %s", port, self.labels[port], trouble)  # noqa: TRY400
            self._refused.add(port)
            return
        self._refused.discard(port)
        self._sites[port] = site
