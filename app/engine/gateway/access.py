"""Who may look: the cookie a hand-over left, or a program's key; the keeper is asked again before long."""

import asyncio
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web
from multidict import istr

from app.core.installation import Installation
from app.engine import handover
from app.engine.gateway import cookies
from app.engine.gateway.keeper_line import KeeperAway, KeeperLine
from app.engine.gateway.pages import Answer
from app.engine.gateway.route_book import HOLD_SECONDS, Route

KEY_HEADER = istr("X-Greenroom-Key")
TOKEN_HEADER = istr("X-Environment-Token")
PERSON_SECONDS = 55.0  # a person who lost access is out within a minute
PERSON_RENEW = 30.0
KEY_SECONDS = 10.0
GUEST_LOOK_SECONDS = 3.0  # whoever came by a link that was revoked is out as soon
MOST_KEPT = 5000
MOST_HOPS = 3  # so often in HOP_SECONDS a browser is sent for a cookie before it is told that it keeps none
HOP_SECONDS = 15.0


@dataclass(slots=True)
class _Verdict:
    allowed: bool
    at: float


class Visitor(Enum):
    """As whom somebody looks: a guest has nothing to do with the main site."""

    MEMBER = auto()
    GUEST = auto()


class Access:
    """The verdicts of the gateway, kept for as long as they may be."""

    def __init__(self, line: KeeperLine, installation: Installation) -> None:
        self._line = line
        self._site = installation.url
        self._shares_host = installation.shares_host
        self._started_at = time.time()
        self._passes: dict[tuple[str, str], handover.Pass | None] = {}
        self._people: dict[tuple[str, str], _Verdict] = {}
        self._keys: dict[tuple[str, str], _Verdict] = {}
        self._tokens: dict[tuple[str, str], _Verdict] = {}
        self._guests: dict[tuple[str, str], _Verdict] = {}
        self._used: dict[str, float] = {}
        self._hops: dict[tuple[str, str], list[float]] = {}
        self._renewing: dict[tuple[str, str], asyncio.Task[bool]] = {}

    async def may_open(self, request: web.BaseRequest, route: Route) -> Visitor | None:
        """Tell as whom this request may see a private route; None for a stranger."""
        key = request.headers.get(KEY_HEADER)
        if key and route.project_id:
            return Visitor.MEMBER if await self._key_opens(key, route.project_id) else None
        token = request.headers.get(TOKEN_HEADER, "").removeprefix("Bearer ").strip()
        if token:
            return Visitor.GUEST if await self._token_opens(token, route.label) else None
        if await self.person(request, route) is not None:
            return Visitor.MEMBER
        for who in self._passes_of(request, route):
            if who.link_id and await self._guest_may(who):
                return Visitor.GUEST
        return None

    async def person(self, request: web.BaseRequest, route: Route) -> str | None:
        """Return who carries a pass for a route and may still see it; None for programs and strangers."""
        for who in self._passes_of(request, route):
            if not who.link_id and await self._person_may(who):
                return who.user_id
        return None

    def _passes_of(self, request: web.BaseRequest, route: Route) -> Iterator[handover.Pass]:
        name = cookies.pass_name(route.label, shares_host=self._shares_host)
        for value in cookies.passes(request.headers.get("Cookie", ""), name):
            who = self._pass(value, route.label)
            if who is not None and who.project_id == route.project_id:
                yield who

    async def _guest_may(self, who: handover.Pass) -> bool:
        place = (who.link_id, who.label)
        verdict = self._guests.get(place)
        if verdict and time.monotonic() - verdict.at < GUEST_LOOK_SECONDS:
            return verdict.allowed
        allowed = bool(await self._line.ask("guest", link_id=who.link_id, label=who.label))
        _make_room(self._guests)
        self._guests[place] = _Verdict(allowed, time.monotonic())
        return allowed

    def _pass(self, value: str, label: str) -> handover.Pass | None:
        place = (label, value)
        if place not in self._passes:
            _make_room(self._passes)
            self._passes[place] = handover.read_cookie(value, label)
        who = self._passes[place]
        return who if who and who.expires_at > time.time() else None

    async def _person_may(self, who: handover.Pass) -> bool:
        place = (who.user_id, who.project_id)
        verdict = self._people.get(place)
        age = time.monotonic() - verdict.at if verdict else PERSON_SECONDS
        if verdict and age < PERSON_SECONDS:
            if age > PERSON_RENEW and place not in self._renewing:
                task = asyncio.create_task(self._ask_person(place))
                self._renewing[place] = task
                task.add_done_callback(lambda done: self._renewed(place, done))
            return verdict.allowed
        deadline = time.monotonic() + HOLD_SECONDS
        while True:
            try:
                return await self._ask_person(place)
            except KeeperAway:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.25)

    async def _ask_person(self, place: tuple[str, str]) -> bool:
        allowed = bool(await self._line.ask("person", user_id=place[0], project_id=place[1]))
        _make_room(self._people)
        self._people[place] = _Verdict(allowed, time.monotonic())
        return allowed

    def _renewed(self, place: tuple[str, str], task: asyncio.Task[bool]) -> None:
        self._renewing.pop(place, None)
        if not task.cancelled():
            task.exception()  # the keeper is away: whoever comes after the verdict ran out will wait for it

    async def _key_opens(self, key: str, project_id: str) -> bool:
        place = (hash_of(key), project_id)
        verdict = self._keys.get(place)
        if verdict and time.monotonic() - verdict.at < KEY_SECONDS:
            return verdict.allowed
        allowed = bool(await self._line.ask("key", key=key, project_id=project_id))
        _make_room(self._keys)
        self._keys[place] = _Verdict(allowed, time.monotonic())
        return allowed

    async def _token_opens(self, token: str, label: str) -> bool:
        place = (hash_of(token), label)
        verdict = self._tokens.get(place)
        if verdict and time.monotonic() - verdict.at < KEY_SECONDS:
            return verdict.allowed
        allowed = bool(await self._line.ask("token", token=token, label=label))
        _make_room(self._tokens)
        self._tokens[place] = _Verdict(allowed, time.monotonic())
        return allowed

    def enter(self, request: web.BaseRequest, route: Route, *, secure: bool) -> web.Response:
        """Turn a hand-over token, once, into the cookie of this host, and go to where the person wanted."""
        goal = local_path(request.query.get("next", "/"))
        who = handover.read_token(request.query.get("token", ""), route.label)
        if who is None or who.project_id != route.project_id or not self._first_use(who):
            raise self.refusal(
                request,
                route,
                goal,
                message="This link was used already or is too old. Open the preview again.",
            )
        response = web.Response(status=302, headers={"Location": goal, "Cache-Control": "no-store"})
        name = cookies.pass_name(route.label, shares_host=self._shares_host)
        cookie = _cookie(name, handover.make_cookie(who), handover.COOKIE_SECONDS, secure=secure)
        response.headers.add("Set-Cookie", cookie)
        if who.points_for:
            name = cookies.pointing_name(route.label, shares_host=self._shares_host)
            cookie = _cookie(
                name, handover.make_pointing_cookie(who), handover.POINTING_SECONDS, secure=secure
            )
            response.headers.add("Set-Cookie", cookie)
        return response

    async def goal_of(self, request: web.BaseRequest, route: Route) -> str:
        """Return the page that takes over what this person points at; nothing for anybody else."""
        name = cookies.pointing_name(route.label, shares_host=self._shares_host)
        for value in cookies.passes(request.headers.get("Cookie", ""), name):
            who = handover.read_pointing_cookie(value, route.label)
            if who and who.project_id == route.project_id and await self._person_may(who):
                return f"{self._site}{who.points_for}/touch-up"
        return ""

    def end_pointing(self, request: web.BaseRequest, label: str, *, secure: bool) -> web.Response:
        """Take the pass for pointing back and go on with the page."""
        goal = local_path(request.query.get("next", "/"))
        response = web.Response(status=302, headers={"Location": goal, "Cache-Control": "no-store"})
        name = cookies.pointing_name(label, shares_host=self._shares_host)
        response.headers.add("Set-Cookie", _cookie(name, "", 0, secure=secure))
        return response

    async def enter_as_guest(self, request: web.BaseRequest, route: Route, *, secure: bool) -> web.Response:
        """Turn a share link, as often as it is good, into a guest's cookie of this host."""
        secret = request.query.get("link", "")
        found = await self._line.ask("link", secret=secret, label=route.label) if secret else None
        if found is None:
            raise Answer(
                410, "gone", "This link is over", "It was revoked, or its time was up. Ask for another.",
                link="/", link_text="Look without it",
            )  # fmt: skip
        response = web.Response(status=302, headers={"Location": "/", "Cache-Control": "no-store"})
        response.headers["Referrer-Policy"] = "no-referrer"
        if await self.may_open(request, route) is Visitor.MEMBER:
            return response  # whoever belongs here stays who they are
        value = handover.make_guest_cookie(
            route.label, found["link_id"], str(route.project_id), seconds=found["seconds"]
        )
        name = cookies.pass_name(route.label, shares_host=self._shares_host)
        response.headers.add("Set-Cookie", _cookie(name, value, found["seconds"], secure=secure))
        return response

    def _first_use(self, who: handover.Pass) -> bool:
        # What was used before this process began is not remembered; so nothing issued before counts.
        if who.issued_at < self._started_at or who.serial in self._used:
            return False
        moment = time.time()
        for serial in [serial for serial, until in self._used.items() if until < moment]:
            del self._used[serial]
        self._used[who.serial] = who.expires_at
        return True

    def send_for_pass(self, request: web.BaseRequest, route: Route) -> web.Response:
        """Refuse a stranger: a browser that navigates is sent to the main site, others are told the way."""
        goal = request.raw_path if request.raw_path.startswith("/") else "/"
        if (
            not _navigates(request)
            or request.query.get("greenroom") == "stay"
            or self._hops_too_often(request)
        ):
            raise self.refusal(request, route, goal)
        return web.Response(
            status=302, headers={"Location": self.way_in(route, goal), "Cache-Control": "no-store"}
        )

    def refusal(
        self, request: web.BaseRequest, route: Route, goal: str, *, message: str | None = None
    ) -> Answer:
        """Say 401 and the way in."""
        if request.headers.get(KEY_HEADER):
            message = "This key is not known here, or may not read this project."
        elif request.headers.get(TOKEN_HEADER):
            message = "This is not the token of the environment that this belongs to, or it is over."
        return Answer(
            401,
            "unauthenticated",
            "Who is there?",
            message or "This is private to its team.",
            link=self.way_in(route, goal),
            link_text="Open with your Greenroom account",
            headers=(("WWW-Authenticate", "Greenroom"),),
        )

    def way_in(self, route: Route, goal: str) -> str:
        """Return where a member of the project gets a pass for this host."""
        return f"{self._site}/open-preview?{urlencode({'label': route.label, 'path': goal}, quote_via=quote)}"

    def _hops_too_often(self, request: web.BaseRequest) -> bool:
        # A browser that keeps no cookie here would otherwise be sent round for ever.
        place = (request.remote or "", request.host)
        moment = time.monotonic()
        recent = [at for at in self._hops.get(place, ()) if moment - at < HOP_SECONDS]
        _make_room(self._hops)
        self._hops[place] = [*recent, moment]
        return len(recent) >= MOST_HOPS


def hash_of(key: str) -> str:
    """Return what stands for a key in our memory, where no key is kept."""
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=20).hexdigest()


def _cookie(name: str, value: str, seconds: int, *, secure: bool) -> str:
    """Write a cookie of this host alone, which also lives in a frame where that is possible."""
    more = "; SameSite=None; Secure; Partitioned" if secure else "; SameSite=Lax"
    return f"{name}={value}; Path=/; HttpOnly; Max-Age={seconds}{more}"


def local_path(path: str) -> str:
    """Return `path` if it stays on this host, else the root."""
    fits = path.startswith("/") and path[1:2] not in {"/", "\\"}
    return path if fits and path.isprintable() and path.isascii() else "/"


def _navigates(request: web.BaseRequest) -> bool:
    headers = request.headers
    if request.method != "GET" or any(name in headers for name in ("HX-Request", KEY_HEADER, TOKEN_HEADER)):
        return False
    target = headers.get("Sec-Fetch-Dest")
    if target is not None:
        return target in {"document", "iframe", "frame"}
    # Over plain HTTP browsers send no Sec-Fetch headers; this one they send when they navigate.
    return headers.get("Upgrade-Insecure-Requests") == "1" and "text/html" in headers.get("Accept", "")


def _make_room(kept: dict[tuple[str, str], Any]) -> None:
    if len(kept) >= MOST_KEPT:
        for place in list(kept)[: MOST_KEPT // 4]:
            del kept[place]
