"""Somebody at a browser of their own, who minds what others overlook."""

import os
import re
from pathlib import Path
from typing import Any, Literal, Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.support.installation import PASSWORD

# What htmx says of a request that a newer one, or going elsewhere, made needless. What went wrong has names
# of its own: htmx:sendError, htmx:responseError, htmx:timeout, htmx:swapError.
LEFT = ("htmx:sendAbort", "htmx:afterRequest")
Theme = Literal["light", "dark"]
OTHER: dict[Theme, Theme] = {"light": "dark", "dark": "light"}
# Tables that are rows of cards on a phone, and wider than it all the same.
CUT_OFF = """() => [...document.querySelectorAll(".table-wrap:has(.table--cards)")]
    .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.innerText.slice(0, 200))"""
PATIENCE = 60_000  # milliseconds after which what should have come is a failure
POLLS = re.compile(r"/(?:standing|development|preview|live)(?:\?.*)?$")


class Visitor:
    """A person with a window of a size and a theme; every trouble in it is kept until the end."""

    def __init__(
        self,
        chromium: Browser,
        url: str,
        name: str,
        *,
        size: tuple[int, int],
        theme: Theme,
        scripts: bool = True,
    ) -> None:
        self.url, self.name, self.width, self.theme = url, name, size[0], theme
        self.email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
        self.troubles: list[str] = []
        self.asked: list[Request] = []
        self.forgiven: tuple[str, ...] = ()
        self.context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            timezone_id="Europe/Vienna",
            has_touch=size[0] < 600,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("page", self._mind)
        self.page = self.context.new_page()

    def _mind(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(page, said))
        page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108 - Playwright marks it

    def _hear(self, page: Page, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(word in said.text for word in (*LEFT, *self.forgiven)):
            self.troubles.append(f"{page.url}: {said.text} ({said.location.get('url')})")

    @property
    def is_on_phone(self) -> bool:
        return self.width < 600

    # --- what they do ------------------------------------------------------------------------------------

    def open(self, path: str) -> Self:
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self

    def sign_in(self) -> Self:
        self.open("/sign-in")
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")
        return self

    def press(self, name: str, *, within: Locator | None = None) -> None:
        (within or self.page.locator("main")).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        (within or self.page.locator("main")).get_by_role("link", name=name).first.click()

    def go_to(self, place: str) -> None:
        """Follow the navigation: beside the page, or in the drawer of a phone."""
        if self.is_on_phone:
            self.page.get_by_label("Menu").click()
            frame = self.page.locator(".drawer__panel")
        else:
            frame = self.page.locator(".sidebar")
        frame.get_by_role("link", name=re.compile(rf"^{re.escape(place)}\b")).click()

    def opens(self, name: str) -> Page:
        """Follow a link that opens beside this page."""
        with self.context.expect_page() as opened:
            self.page.locator("main").get_by_role("link", name=name).first.click()
        opened.value.wait_for_load_state()
        return opened.value

    def press_on_bar(self, page: Page, name: str, *, opens: bool = True) -> Page:
        """Press something on the review bar, which no script can reach: where the accessibility tree says it is."""
        expect(page.locator("greenroom-bar")).to_be_attached()
        session = self.context.new_cdp_session(page)
        session.send("DOM.enable")
        node = next(
            node
            for node in session.send("Accessibility.getFullAXTree")["nodes"]
            if node.get("name", {}).get("value") == name and node["role"]["value"] in {"link", "button"}
        )
        box = session.send("DOM.getBoxModel", {"backendNodeId": node["backendDOMNodeId"]})["model"]["content"]
        middle = ((box[0] + box[2]) / 2, (box[1] + box[5]) / 2)
        if not opens:
            page.mouse.click(*middle)
            return page
        with self.context.expect_page() as opened:
            page.mouse.click(*middle)
        opened.value.wait_for_load_state()
        return opened.value

    # --- what they see -----------------------------------------------------------------------------------

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def unread(self) -> Locator:
        """Return the number beside the inbox, where there is one."""
        frame = ".bottombar" if self.is_on_phone else ".sidebar"
        return self.page.locator(frame).get_by_role("link", name="Inbox").locator(".count")

    def heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def looks(self, what: str, page: Page | None = None) -> None:
        """Look at the whole page: usable by everybody in both themes, as wide as the window, kept as a picture if wished."""
        page = page or self.page
        page.wait_for_load_state()  # a click may have led on only now
        expect(page.get_by_role("heading").first).to_be_visible()
        for theme in (OTHER[self.theme], self.theme):
            page.emulate_media(color_scheme=theme)
            self.picture(f"{theme}-{what}", page)
            found: Any = Axe().run(page).response["violations"]
            told = [
                f"{what}, {theme}: {each['id']}: {[node['html'] for node in each['nodes']]}" for each in found
            ]
            assert told == [], told
        assert page.evaluate("document.documentElement.scrollWidth") <= self.width, f"{what} scrolls sideways"
        if self.is_on_phone:
            assert page.evaluate(CUT_OFF) == [], f"{what} has a table of which a part is cut off"

    def picture(self, what: str, page: Page | None = None) -> None:
        if folder := os.environ.get("GREENROOM_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            file = Path(folder) / f"{self.width}-{what}-{self.name.split()[0].lower()}.png"
            (page or self.page).screenshot(path=file, full_page=True)

    # --- what goes on by itself ---------------------------------------------------------------------------

    def watches(self) -> None:
        """Stay on this page, which asks by itself how it goes on."""
        self.page.evaluate("window.stayed = true")
        with self.page.expect_request(POLLS):
            pass

    def has_stayed(self) -> None:
        assert self.page.evaluate("window.stayed"), "the page was loaded anew"

    def asks_no_more(self) -> None:
        """Whatever is shown is final: in the next minute, this page asks for nothing."""
        expect(self.page.locator("[data-live], main [hx-trigger*='every']")).to_have_count(0)
        known = len(self.asked)
        self.page.clock.run_for(60_000)
        assert [request.url for request in self.asked[known:]] == [], "it still asks"
