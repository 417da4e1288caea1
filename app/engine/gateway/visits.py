"""Who is a visitor: a person or a program that wants the thing itself, not a robot that only looks by."""

import asyncio
import re
import time
from functools import lru_cache

from aiohttp import hdrs, web

from app.engine.gateway.keeper_line import KeeperAway, KeeperLine

FLUSH_SECONDS = 3.0

_ROBOT = re.compile(
    r"bot\b|crawl|spider|slurp|link ?preview|facebookexternalhit|^whatsapp/|^telegram|"
    r"slack-imgproxy|skypeuripreview|embedly|vkshare|mattermost|iframely|unfurl|health|uptime|pingdom|statuscake|kube-probe|monitoring|"
    r"prometheus|blackbox|nagios|zabbix|site24x7|datadog|googleother",
    re.IGNORECASE,
)


def is_visit(request: web.BaseRequest) -> bool:
    """Tell whether this request may wake something and keep it awake."""
    headers = request.headers
    if request.method == "HEAD":
        return False
    purpose = headers.get("Sec-Purpose") or headers.get("Purpose") or headers.get("X-Moz") or ""
    return "prefetch" not in purpose and not _is_robot(headers.get(hdrs.USER_AGENT, ""))


@lru_cache(maxsize=256)
def _is_robot(user_agent: str) -> bool:
    return _ROBOT.search(user_agent) is not None


class Visits:
    """When each label was last visited; told to the keeper every few seconds, not on every request."""

    def __init__(self, line: KeeperLine) -> None:
        self._line = line
        self._last: dict[str, float] = {}

    def note(self, label: str) -> None:
        """Remember that somebody was here just now."""
        self._last[label] = time.time()

    async def flush(self) -> None:
        """Tell the keeper; what it could not hear is told again."""
        if not self._last:
            return
        told, self._last = self._last, {}
        try:
            await self._line.ask("visits", visits=told)
        except KeeperAway:
            self._last = {**told, **self._last}

    async def run(self) -> None:
        """Flush for as long as the gateway runs."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()
