"""The bar and the hand-over in a real browser, against a preview with a strict policy of its own."""

import asyncio
import json
import os
import shutil
import threading
from collections.abc import Iterator
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.engine import handover

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,"></head>
<body><h1 id="head">Our shop</h1><ul><li>one</li><li>two <b>three</b></li></ul>
<iframe src="/inner" title="inner"></iframe></body></html>"""

TOLD = {
    "mayJudge": True,
    "mayAsk": True,
    "scenarios": [
        {"name": "Hours stand there", "steps": ["Given the shop", "Then there are hours"]},
        {"name": "A <b>phone</b> number", "steps": ["Then it can be read"]},
    ],
    "checks": [{"outcome": "passed", "words": "It answers."}],
    "asked": [
        {"page": "/", "selector": "#head", "text": "Our shop", "note": "Shorter, please", "x": 1, "y": 2},
        {"page": "/", "selector": "#gone", "text": "", "note": "Away with it", "x": 1, "y": 2},
    ],
}


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
        house.reviews["shop", "ada"] = TOLD
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


def spoken(page: Page) -> list[dict]:
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    return [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]


def names(page: Page) -> list[str]:
    """Return what the page says, its bar included, as the accessibility tree tells it."""
    return [node.get("name", {}).get("value", "") for node in spoken(page)]


def until(page: Page, name: str) -> None:
    """Wait until something of this name is there."""
    for _ in range(100):
        if name in names(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"no {name} among {names(page)}")


def press(page: Page, name: str) -> None:
    """Click what the bar calls so, which no script can reach: where the accessibility tree says it is."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    node = next(
        node
        for node in session.send("Accessibility.getFullAXTree")["nodes"]
        if node.get("name", {}).get("value") == name and node["role"]["value"] in {"link", "button"}
    )
    box = session.send("DOM.getBoxModel", {"backendNodeId": node["backendDOMNodeId"]})["model"]["content"]
    page.mouse.click((box[0] + box[2]) / 2, (box[1] + box[5]) / 2)


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

    def test_tells_which_elements_should_change(self, shop, context):
        page = enter(context, shop)
        press(page, "Change this")
        page.locator("li b").click()
        page.keyboard.type("Four, not three")
        press(page, "Pin it")
        page.locator("h1").click()
        press(page, "Pin it")

        with context.expect_page() as led:
            told = opened(page, lambda: press(page, "Go on with 2"))

        led.value.wait_for_load_state()
        pins = json.loads(unquote(led.value.evaluate("location.hash").removeprefix("#pins=")))
        assert told == {"path": ["/main/change"], "round": ["2"]}
        first, second = pins
        assert (first["page"], first["text"], first["note"]) == ("/", "three", "Four, not three")
        assert first["selector"] == "body > ul > li:nth-of-type(2) > b"
        assert (second["selector"], second["note"]) == ("#head", "")
        assert first["y"] > second["y"]
        assert page.troubles == []

    def test_keeps_pins_from_page_to_page(self, shop, context):
        page = enter(context, shop)
        press(page, "Change this")
        page.locator("h1").click()
        press(page, "Pin it")

        page.goto(f"{page.url}second")

        assert "Go on with 1" in names(page)
        press(page, "Cancel")
        page.reload()
        page.wait_for_selector("greenroom-bar", state="attached")
        assert "Change this" in names(page)

    def test_tells_of_the_whole_page(self, shop, context):
        page = enter(context, shop)
        press(page, "Change this")

        told = opened(page, lambda: press(page, "Whole page"))

        assert told == {"path": ["/main/change"], "round": ["2"], "page": ["/"]}

    def test_carries_ticks_along(self, shop, context):
        page = enter(context, shop)
        until(page, "Check 0/2")
        press(page, "Check 0/2")
        shown = " ".join(names(page))
        for words in (
            "Hours stand there", "A <b>phone</b> number", "It answers.", "Shorter, please",
            "What you pointed at is no longer on this page.", "Nothing here touches the live site.",
        ):  # fmt: skip
            assert words in shown
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        until(page, "Check 1/2")

        told = opened(page, lambda: press(page, "Accept"))

        assert told == {"path": ["/main/accept"], "commit": ["abc"], "ticked": ["1"]}
        page.reload()
        until(page, "Check 1/2")
        assert page.troubles == []

    def test_names_the_page_of_a_question(self, shop, context):
        page = enter(context, shop)
        page.goto(f"{page.url}second?a=1")
        page.wait_for_selector("greenroom-bar", state="attached")

        told = opened(page, lambda: press(page, "Ask"))

        assert told == {"path": ["/main/ask"], "page": ["/second?a=1"]}

    def test_leaves_the_layout_alone(self, shop, context):
        page = enter(context, shop)
        until(page, "Check 0/2")
        before = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        press(page, "Check 0/2")

        after = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        page.evaluate("document.querySelector('greenroom-bar').remove()")

        assert after == before
        assert (
            page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
            == before
        )
        assert before[0] <= page.viewport_size["width"]

    def test_believes_nothing_that_the_page_left_for_it(self, shop, context):
        page = enter(context, shop)
        page.evaluate("""() => {
          sessionStorage.setItem("greenroom:ticks:abc", JSON.stringify([0, 1, 99, "x", null]));
          sessionStorage.setItem("greenroom:pins:abc", JSON.stringify([{ selector: "]]", note: "<img src=x onerror=alert(1)>", page: 7 }, 3]));
        }""")
        page.reload()
        page.wait_for_selector("greenroom-bar", state="attached")

        assert "Go on with 2" in names(page)
        press(page, "Cancel")
        until(page, "Check 2/2")
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
