"""The gateway's line to the keeper: one JSON object a line, over the keeper's Unix socket."""

import asyncio
import json
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 3.0
MOST_CONNECTIONS = 4
REST_SECONDS = 0.2  # after a failure nobody knocks again for so long
LONGEST_LINE = 1 << 20


class KeeperAway(Exception):
    """The keeper does not answer for the moment."""


class KeeperLine:
    """A few kept connections to the keeper; each carries one question at a time."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._turns = asyncio.Semaphore(MOST_CONNECTIONS)
        self._rest_until = 0.0

    async def ask(self, op: str, **arguments: Any) -> Any:
        """Put one question and return its `answer`; KeeperAway when nobody answers in time."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._rest_until:
            raise KeeperAway("away a moment ago")
        line = json.dumps({"op": op, **arguments}).encode() + b"\n"
        try:
            async with self._turns, asyncio.timeout(ANSWER_SECONDS):
                reply = await self._exchange(line)
        except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError) as trouble:
            self._rest_until = loop.time() + REST_SECONDS
            raise KeeperAway(str(trouble)) from trouble
        if not reply.get("ok"):
            raise KeeperAway(f"the keeper refused {op}: {reply.get('error')}")
        return reply.get("answer")

    async def _exchange(self, line: bytes) -> dict[str, Any]:
        while self._idle:
            reader, writer = self._idle.pop()
            try:
                return await self._say(line, reader, writer)
            except (OSError, EOFError):
                continue  # the keeper was started anew since; a fresh connection tells
        reader, writer = await asyncio.open_unix_connection(self._path, limit=LONGEST_LINE)
        return await self._say(line, reader, writer)

    async def _say(
        self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> dict[str, Any]:
        try:
            writer.write(line)
            await writer.drain()
            reply: dict[str, Any] = json.loads(await reader.readuntil(b"\n"))
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        return reply

    async def close(self) -> None:
        """Hang up every kept connection."""
        while self._idle:
            _, writer = self._idle.pop()
            writer.close()
