"""The bar and the hand-over in a real browser, against a preview with a strict policy of its own."""

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from typing import Self
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.engine import handover

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,"></head>
<body><h1 id="head">Our shop</h1><ul><li>one</li><li>two <b>three</b></li></ul>
<iframe src="/inner" title="inner"></iframe></body></html>"""


class Shop:
    """A gateway with one private preview behind it, in a thread of its own."""

    def __init__(self, house) -> None:
        self.house = house
        self._opened, self._loop = threading.Event(), None
        self._thread = threading.Thread(target=house.run, args=(self._serve,))

    async def _serve(self, house) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        self.site = f"http://127.0.0.1:{house.port}/main"  # the gateway answers for it, which is enough here
        bar = {
            "requestUrl": f"{self.site}/r", "acceptUrl": f"{self.site}/accept?commit=abc",
            "changeUrl": f"{self.site}/change?round=2", "askUrl": f"{self.site}/ask", "title": "Longer hours",
            "commit": "abc",
        }  # fmt: skip
        await house.instance("shop", _page, access="private", bar=bar)
        house.people.add(("ada", "p1"))
        self._opened.set()
        await self._closing.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._opened.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)

    def entrance(self) -> str:
        token = handover.issue("shop", "ada", "p1")
        return f"http://shop.preview.localhost:{self.house.port}/.greenroom/enter?token={token}&next=/"


async def _page(_request) -> web.Response:
    policy = {
        "Content-Security-Policy": "default-src 'self'; img-src data:; style-src 'none'; require-trusted-types-for 'script'"
    }
    return web.Response(text=PAGE, content_type="text/html", headers=policy)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM to one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def shop(house) -> Iterator[Shop]:
    with Shop(house) as shop:
        yield shop


@pytest.fixture(params=[(1280, 800), (360, 640)], ids=["desktop", "phone"])
def context(chromium: Browser, request) -> Iterator[BrowserContext]:
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height})
    yield context
    context.close()


def enter(context: BrowserContext, shop: Shop) -> Page:
    page = context.new_page()
    page.troubles = []
    page.on("console", lambda message: page.troubles.append(message.text))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.goto(shop.entrance())
    page.wait_for_selector("greenroom-bar", state="attached")
    return page


def focus(page: Page, name: str) -> None:
    """Go on with Tab until the bar's part of this name has the focus, as the accessibility tree tells it."""
    session = page.context.new_cdp_session(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        for node in session.send("Accessibility.getFullAXTree")["nodes"]:
            focused = any(
                each["name"] == "focused" and each["value"]["value"] for each in node.get("properties", ())
            )
            if focused and node.get("name", {}).get("value") == name:
                return
    raise AssertionError(f"no way to {name}")


def opened(page: Page, act) -> dict[str, list[str]]:
    with page.context.expect_event("request", lambda sent: "/main/" in sent.url) as sent:
        act()
    parts = urlsplit(sent.value.url)
    return {"path": [parts.path], **parse_qs(parts.query)}


class TestReviewBarInABrowser:
    def test_stands_on_the_page_once_and_out_of_its_reach(self, shop, context):
        page = enter(context, shop)

        assert page.url == f"http://shop.preview.localhost:{shop.house.port}/"
        assert page.locator("greenroom-bar").count() == 1
        assert page.frame_locator("iframe").locator("greenroom-bar").count() == 0
        assert page.evaluate("document.querySelector('greenroom-bar').shadowRoot") is None
        assert page.evaluate("document.cookie") == ""
        assert page.troubles == []

    def test_opens_the_acceptance_of_this_commit(self, shop, context):
        page = enter(context, shop)
        focus(page, "Accept")

        told = opened(page, lambda: page.keyboard.press("Enter"))

        assert told == {"path": ["/main/accept"], "commit": ["abc"]}

    def test_tells_which_element_should_change(self, shop, context):
        page = enter(context, shop)
        focus(page, "Change this")
        page.keyboard.press("Enter")

        told = opened(page, page.locator("li b").click)

        assert told == {
            "path": ["/main/change"], "round": ["2"], "page": ["/"], "text": ["three"],
            "selector": ["body > ul > li:nth-of-type(2) > b"],
        }  # fmt: skip
        assert page.troubles == []

    def test_lets_clicks_through_again_after_escape(self, shop, context):
        page = enter(context, shop)
        page.evaluate("document.querySelector('h1').onclick = () => document.title = 'clicked'")
        focus(page, "Change this")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")

        page.locator("h1").click()

        assert page.title() == "clicked"

    def test_folds_away(self, shop, context):
        page = enter(context, shop)
        focus(page, "Hide the review bar")
        page.keyboard.press("Enter")

        focus(page, "Show the review bar")

    def test_asks_a_stranger_who_they_are(self, shop, context):
        page = context.new_page()
        answer = page.goto(f"http://shop.preview.localhost:{shop.house.port}/?greenroom=stay")

        assert answer.status == 401
        assert page.get_by_role("link", name="Open with your Greenroom account").is_visible()
