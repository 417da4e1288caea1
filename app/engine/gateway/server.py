"""The gateway's way of a request: host → route → may they? → files, instance or a page of our own."""

import contextlib
import logging
from collections.abc import Awaitable
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from aiohttp import hdrs, web

from app.core.installation import Installation
from app.core.secrets import arrival
from app.engine.gateway import bar, pointing, proxy, static_files, websocket
from app.engine.gateway.access import Access, Visitor
from app.engine.gateway.keeper_line import KeeperAway, KeeperLine
from app.engine.gateway.pages import Answer, respond
from app.engine.gateway.ports import Ports
from app.engine.gateway.route_book import Route, RouteBook
from app.engine.gateway.visits import Visits, is_visit
from app.engine.gateway.waking import Waking, gone, half_answered

log = logging.getLogger(__name__)

OURS = "/.greenroom/"
_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class Gateway:
    """Routes and proxies, and keeps nothing that another start would miss."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._domain = installation.preview_domain.partition(":")[0].lower()
        secure_name = self._domain == "localhost" or self._domain.endswith(".localhost")
        self._secure = installation.scheme == "https" or secure_name
        self.line = KeeperLine(installation.keeper_socket)
        self.visits = Visits(self.line)
        self.ports = Ports(self.line, installation)
        self._book = RouteBook(self.line)
        self._access = Access(self.line, installation)
        self._waking = Waking(self.line, self._book)
        self._upstreams = proxy.Upstreams()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; whatever was foreseen ends in a page."""
        return await self._say(request, self._answer(request))

    async def look(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer this installation's own look at a preview: as it is, without the bar; it wakes nothing."""
        return await self._say(request, self._show(request))

    async def _say(
        self, request: web.BaseRequest, answering: Awaitable[web.StreamResponse]
    ) -> web.StreamResponse:
        try:
            return await answering
        except Answer as answer:
            if answer.status == HTTPStatus.GONE and answer.link is None:
                answer.link = self._installation.url
            return respond(answer, request.headers, site=self._installation.url)
        except KeeperAway:
            away = Answer(
                503, "unavailable", "One moment", "Greenroom is coming back. The page looks again by itself.",
                refresh=2, headers=(("Retry-After", "2"),),
            )  # fmt: skip
            return respond(away, request.headers, site=self._installation.url)
        except ConnectionError:  # the visitor left: there is nobody to answer
            return web.Response(status=499)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(OURS) and path not in {f"{OURS}enter", f"{OURS}share"}:
            return await self._own(request, path)
        route = await self._route(request)
        if path == f"{OURS}enter":
            return self._access.enter(request, route, secure=self._secure)
        if route.kind == "gone":
            raise await self._gone_for(request, route)
        if path.startswith(OURS):
            return await self._access.enter_as_guest(request, route, secure=self._secure)
        return await self._let_in(request, route)

    async def _let_in(self, request: web.BaseRequest, route: Route) -> web.StreamResponse:
        if route.access != "public":
            if hdrs.ORIGIN in request.headers:
                await self._stop_neighbours(request, route)
            visitor = await self._access.may_open(request, route)
            if visitor is None:
                return self._access.send_for_pass(request, route)
            if visitor is Visitor.GUEST:
                return await self._serve_guest(request, route)
        if is_visit(request):
            self.visits.note(route.label)
        if bar.is_document(request) and (goal := await self._access.goal_of(request, route)):
            pointing.turn_on(request, goal)
        return await self._serve(request, route)

    async def _gone_for(self, request: web.BaseRequest, route: Route) -> Answer:
        """Say why it is gone to those who may know, and to others only that it is."""
        with contextlib.suppress(KeeperAway):
            if route.access == "public" or await self._access.may_open(request, route) is Visitor.MEMBER:
                return gone(route)
        return gone(replace(route, note=None, status_url=self._access.way_in(route, "/")))

    async def _serve_guest(self, request: web.BaseRequest, route: Route) -> web.StreamResponse:
        """Serve somebody who came by a link: nothing of the main site, neither bar nor way there."""
        if is_visit(request):
            self.visits.note(route.label)
        try:
            return await self._serve(request, replace(route, bar=None, status_url=None))
        except Answer as answer:
            answer.link = None
            raise

    async def _show(self, request: web.BaseRequest) -> web.StreamResponse:
        route = await self._route(request)
        if route.kind == "gone":
            raise gone()
        return await self._serve(request, replace(route, bar=None), may_wake=False)

    async def _route(self, request: web.BaseRequest) -> Route:
        label = self._label_asked(request)
        route = self._book.fresh(label) or (await self._book.find(label) if label else None)
        if route is None or route.kind == "gone":
            self._upstreams.drop(label)
        if route is None:
            raise self._unknown()
        return route

    def _label_asked(self, request: web.BaseRequest) -> str:
        """Return what a request is for: by the port that it came in at, where there is one for each."""
        if request.transport is not None:
            name = request.transport.get_extra_info("sockname")
            port = name[1] if isinstance(name, tuple) else 0
            if port in self._installation.preview_ports or port in self._installation.service_ports:
                return self.ports.labels.get(port, "")
        return self.label_of(request.host)

    def label_of(self, host: str) -> str:
        """Return the label of a preview's host name, the whole name of a domain of its own, or nothing."""
        if self._installation.shares_host:
            name, _, port = host.lower().partition(":")
            if name.rstrip(".") == self._domain and port.isdecimal():
                return self.ports.labels.get(int(port), "")
        return _label_in(host, self._domain)

    async def _serve(
        self, request: web.BaseRequest, route: Route, *, may_wake: bool = True
    ) -> web.StreamResponse:
        if route.kind == "waiting":
            raise Answer(
                503, "starting", "Being built", "This is being built. The page looks again by itself.",
                link=route.status_url, link_text="See how far it is", refresh=3,
                headers=(("Retry-After", "3"),),
            )  # fmt: skip
        if route.kind == "static":
            return await self._serve_files(request, route, may_wake=may_wake)
        if route.state == "running" and not websocket.is_upgrade(request):
            try:
                return await proxy.pass_on(request, route, self._upstreams, self._installation)
            except proxy.Broken as trouble:
                raise half_answered(request, route) from trouble
            except proxy.Unreachable:
                pass  # the patient way below finds out why, and waits for it
        may_wake = may_wake and is_visit(request)
        if websocket.is_upgrade(request):
            return await self._waking.reach(
                request, route, lambda found: self._open_socket(request, found), may_wake=may_wake
            )

        def put(found: Route) -> Awaitable[web.StreamResponse]:
            seen = found if route.bar else replace(found, bar=None)
            return proxy.pass_on(request, seen, self._upstreams, self._installation)

        return await self._waking.reach(request, route, put, may_wake=may_wake)

    async def _serve_files(
        self, request: web.BaseRequest, route: Route, *, may_wake: bool
    ) -> web.StreamResponse:
        """Serve built files; a newer round may have taken their place within this second, or just now."""
        place = Path(route.directory or "")
        if place.is_dir():  # noqa: ASYNC240 - one stat
            try:
                return await static_files.serve(request, route)
            except Answer:
                if place.is_dir():  # noqa: ASYNC240
                    raise
        return await self._serve_newest(request, route, may_wake=may_wake)

    async def _serve_newest(
        self, request: web.BaseRequest, route: Route, *, may_wake: bool
    ) -> web.StreamResponse:
        with contextlib.suppress(KeeperAway):
            found = await self._book.renew(route.label) or route
            route = found if route.bar else replace(found, bar=None)
        if route.kind == "gone":
            raise gone(route)
        if route.kind != "static":
            return await self._serve(request, route, may_wake=may_wake)
        return await static_files.serve(request, route)

    async def _open_socket(self, request: web.BaseRequest, route: Route) -> web.StreamResponse:
        return await websocket.pass_on(
            request, route, self._upstreams, self._installation, lambda: self.visits.note(route.label)
        )

    async def _stop_neighbours(self, request: web.BaseRequest, route: Route) -> None:
        """Refuse what another project's preview does in the visitor's name: browsers see one site."""
        origin = request.headers.get("Origin")
        if origin is None or (request.method not in _UNSAFE and not websocket.is_upgrade(request)):
            return
        host = origin.rpartition("//")[2]
        if host.lower() == request.host.lower():
            return
        label = self.label_of(host)
        neighbour = await self._book.find(label) if label else None
        if neighbour is None or neighbour.project_id != route.project_id:
            raise Answer(403, "not_allowed", "Not from there", "A page of another host may not do this here.")

    async def _own(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        if path == bar.SCRIPT_PATH:
            return _script(request, bar.SCRIPT, bar.SCRIPT_ETAG)
        if path == pointing.SCRIPT_PATH:
            return _script(request, pointing.SCRIPT, pointing.SCRIPT_ETAG)
        if path == pointing.END_PATH:
            return self._access.end_pointing(request, self._label_asked(request), secure=self._secure)
        if path == bar.DATA_PATH and request.method == "GET":
            return await self._review(request)
        if path == f"{OURS}health":
            return await self._health(request.query.get("nonce", ""))
        raise Answer(404, "not_found", "No such page", "Greenroom has nothing at this address.")

    async def _review(self, request: web.BaseRequest) -> web.Response:
        """Tell the bar what is to be checked: a person with a pass for this very host, and nobody else."""
        route = await self._route(request)
        who = await self._access.person(request, route) if route.bar else None
        told = await self.line.ask("review", label=route.label, user_id=who) if who else None
        if told is None:
            raise Answer(404, "not_found", "No such page", "There is nothing to review here for you.")
        headers = {
            "Cache-Control": "no-store",
            "Vary": "Cookie",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        return web.json_response(told, headers={**headers, "X-Content-Type-Options": "nosniff"})

    async def _health(self, nonce: str) -> web.Response:
        proof = {"arrival": arrival(nonce)} if nonce else {}
        try:
            await self.line.ask("ping")
        except KeeperAway:
            return web.json_response({"ok": True, "keeper": False, **proof})
        return web.json_response({"ok": True, "keeper": True, **proof})

    def _unknown(self) -> Answer:
        return Answer(
            404,
            "not_found",
            "Nothing here",
            "No preview or app has this address. It may have been taken down, or the address has a slip.",
            link=self._installation.url,
        )

    async def close(self) -> None:
        """Tell the last visits and hang up."""
        await self.visits.flush()
        await self._upstreams.close()
        await self.line.close()


@lru_cache(maxsize=256)
def _label_in(host: str, domain: str) -> str:
    name = host.lower().partition(":")[0].rstrip(".")
    if name.endswith(f".{domain}"):
        label = name.removesuffix(f".{domain}")
        return label if "." not in label else ""
    is_address = name.replace(".", "").isdigit() or "[" in host
    return name if "." in name and name != domain and not is_address else ""


def _script(request: web.BaseRequest, script: bytes, etag: str) -> web.Response:
    headers = {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "no-cache",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=script, headers=headers)
