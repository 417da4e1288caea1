"""Brings a request to a running instance: wakes what sleeps, holds who waits, says what does not come."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from app.engine.gateway.keeper_line import KeeperAway, KeeperLine
from app.engine.gateway.pages import Answer
from app.engine.gateway.proxy import Broken, Unreachable
from app.engine.gateway.route_book import Route, RouteBook

HOLD_SECONDS = 8.0
LOOK_SECONDS = 0.1
RETRIES = 3

Put = Callable[[Route], Awaitable[web.StreamResponse]]


class Waking:
    """Shares one wake-up and one watch among all who wait for a label."""

    def __init__(self, line: KeeperLine, book: RouteBook) -> None:
        self._line = line
        self._book = book
        self._coming: dict[str, asyncio.Task[Route]] = {}

    async def reach(
        self, request: web.BaseRequest, route: Route, put: Put, *, may_wake: bool
    ) -> web.StreamResponse:
        """Put the request to the instance, once it runs; at most some seconds are spent on waiting."""
        deadline = asyncio.get_running_loop().time() + HOLD_SECONDS
        failures = 0
        while True:
            if route.state != "running":
                self._refuse_what_will_not_come(route, may_wake=may_wake)
                route = await self._until_running(route, deadline)
            try:
                return await put(route)
            except Unreachable as trouble:
                failures += 1
                route = await self._look_again(route, deadline)
                if route.state == "running" and failures > RETRIES:
                    raise _no_answer(route) from trouble
                if failures > 1:
                    await asyncio.sleep(LOOK_SECONDS * failures)
            except Broken as trouble:
                raise half_answered(request, route) from trouble

    def _refuse_what_will_not_come(self, route: Route, *, may_wake: bool) -> None:
        if route.state in {"failed", "gone"}:
            raise Answer(
                502,
                "failed",
                "This did not start",
                route.error or "It ended and could not be started again.",
                link=route.status_url,
                link_text="See what happened",
            )
        if route.state == "asleep" and not may_wake:
            raise Answer(
                503,
                "asleep",
                "Asleep",
                "Nobody was here for a while, so this sleeps. A visit in a browser wakes it.",
                headers=(("Retry-After", "60"),),
            )

    async def _until_running(self, route: Route, deadline: float) -> Route:
        task = self._coming.get(route.label)
        if task is None:
            task = asyncio.create_task(self._watch(route, deadline))
            self._coming[route.label] = task
            task.add_done_callback(lambda done: self._came(route.label, done))
        try:
            remaining = max(deadline - asyncio.get_running_loop().time(), 0)
            return await asyncio.wait_for(asyncio.shield(task), remaining)
        except TimeoutError as late:
            raise waiting(route) from late

    def _came(self, label: str, task: asyncio.Task[Route]) -> None:
        self._coming.pop(label, None)
        if not task.cancelled():
            task.exception()  # told to each of those who waited

    async def _watch(self, route: Route, deadline: float) -> Route:
        loop = asyncio.get_running_loop()
        asked = False
        while loop.time() < deadline:
            try:
                if not asked and route.state == "asleep":
                    await self._line.ask("wake", label=route.label)
                    asked = True
                found = await self._book.renew(route.label)
            except KeeperAway:
                found = route
            if found is None or found.kind != "instance":
                raise gone(found)
            if found.state in {"running", "failed", "gone"}:
                return found
            route = found
            await asyncio.sleep(LOOK_SECONDS)
        raise waiting(route)

    async def _look_again(self, route: Route, deadline: float) -> Route:
        loop = asyncio.get_running_loop()
        while True:
            try:
                found = await self._book.renew(route.label)
            except KeeperAway as away:  # it takes its instances with it and starts them again when it is back
                if loop.time() > deadline:
                    raise waiting(route) from away
                await asyncio.sleep(LOOK_SECONDS * 2)
                continue
            if found is None or found.kind != "instance":
                raise gone(found)
            return found


def waiting(route: Route) -> Answer:
    """Say that it is on its way, and look again by itself."""
    typical = f" It usually takes about {round(route.typical_seconds, 1)} s." if route.typical_seconds else ""
    return Answer(
        503,
        "starting",
        "Waking up" if route.state == "asleep" else "Starting",
        f"This is being started.{typical} The page looks again by itself.",
        link=route.status_url,
        link_text="See its state",
        refresh=2,
        headers=(("Retry-After", "2"),),
    )


def gone(route: Route | None = None) -> Answer:
    """Say that it was here and is over, why, and where it goes on."""
    note = route.note if route is not None else None
    link = route.status_url if route is not None else None
    message = note or "What was shown here has been taken down."
    return Answer(410, "gone", "This is over", message, link=link, link_text="See what there is now")


def half_answered(request: web.BaseRequest, route: Route) -> Exception:
    """Return what to raise where an instance took a request and gave no proper answer."""
    if request.transport is None or request.transport.is_closing():
        return ConnectionResetError("hung up")
    return _no_answer(route)


def _no_answer(route: Route) -> Answer:
    return Answer(
        502,
        "bad_gateway",
        "No proper answer",
        "The app behind this address runs but did not answer properly. Its log says more.",
        link=route.status_url,
        link_text="See its log",
    )
