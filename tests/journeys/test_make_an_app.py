"""Ada makes an app, sees each save at once beside the text, puts it live, breaks it, and takes it back."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.journeys.conftest import PHONE
from tests.journeys.road import new_project
from tests.journeys.visitor import Visitor
from tests.support.installation import Installation
from tests.support.regular import Regular

pytestmark = [pytest.mark.real, pytest.mark.browser]

PASTE = """(place, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  place.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@dataclass
class Workshop:
    """An app in Ada's window: its pages, its editor, and what runs beside the text."""

    ada: Visitor
    address: str
    version: str

    @classmethod
    def begin(cls, ada: Visitor, project: Any, name: str, starter: str) -> "Workshop":
        place = project["url"].split("/", 3)[3]
        ada.open(f"/{place}/apps")
        ada.follow("New app")
        ada.page.get_by_label("Name", exact=True).fill(name)
        ada.page.get_by_role("radio", name=starter).check()
        ada.press("Make the app")
        ada.heading(name)
        ada.page.get_by_role("link", name=re.compile("^main")).click()
        ada.page.wait_for_url(re.compile(r"/versions/\w+$"))
        return cls(ada, ada.page.url.split("/versions/")[0], ada.page.url)

    @property
    def shown(self) -> FrameLocator:
        return self.ada.page.frame_locator("iframe.editor__frame")

    def edit(self, path: str) -> None:
        self.ada.open(f"{self.version}/edit?path={path}")
        expect(self.ada.page.locator(".cm-content").first).to_be_visible()

    def rewrite(self, was: str, becomes: str) -> None:
        """Put other words into the open file, as by pasting it whole, and save it."""
        version, path = self.version.rsplit("/", 1)[1], self.ada.page.url.rsplit("path=", 1)[1]
        files = f"{self.ada.url}/api/app-versions/{version}/files/read?path={path}"
        text = self.ada.context.request.get(files).json()["content"]
        assert was in text
        writing = self.ada.page.locator(".cm-content").first
        writing.click()
        self.ada.page.keyboard.press("Control+a")
        writing.evaluate(PASTE, text.replace(was, becomes))
        self.ada.page.keyboard.press("Control+s")
        expect(self.ada.page.locator("[data-part=status]")).to_contain_text("is saved.")

    def build(self) -> None:
        self.ada.open(f"{self.address}/builds")
        self.ada.press("Build it")
        self._ends(re.compile(r"/builds/\d+$"))

    def put_live(self) -> None:
        self.ada.press("Put it live")
        self._ends(re.compile(r"/deploys$"))
        self.ada.sees("Live since")

    def go_back(self, build: int) -> None:
        self.ada.press(f"Go back to build {build}")
        self._ends(re.compile(r"/deploys$"))

    def _ends(self, address: re.Pattern[str]) -> None:
        """Wait on a page that asks by itself how it goes on, until it asks no more."""
        self.ada.page.wait_for_url(address)
        expect(self.ada.page.locator("main [hx-trigger*='every']")).to_have_count(0)


def sign_in(visit, here: Installation) -> Visitor:
    ada = visit(here, "Ada Admin").sign_in()
    ada.page.wait_for_url(f"{here.url}/")
    return ada


def test_a_react_app_from_its_first_word_to_the_way_back(installation: Installation, visit) -> None:
    begun, first, second = "Supper for as many as come", "Supper is at eight", "Supper is on the roof"
    ada = sign_in(visit, installation)
    # What is broken on purpose says so aloud: Vite in the page, and its line once the page is left.
    ada.forgiven = ("[vite]", "WebSocket", "status of 500")
    work = Workshop.begin(ada, new_project(installation, "Kitchen"), "Supper club", "A React app")
    ada.open(f"{work.address}/settings")
    ada.page.get_by_label("Everybody may see it, without signing in").check()
    ada.press("Save")

    work.edit("src/App.jsx")
    ada.press("Start the preview")
    expect(work.shown.get_by_role("heading", level=1)).to_have_text(begun)
    work.shown.get_by_role("button", name="One more").click()
    expect(work.shown.get_by_text("5 guests")).to_be_visible()
    ada.looks("app-editor-react")
    work.rewrite(begun, first)
    expect(work.shown.get_by_role("heading", level=1)).to_have_text(first)
    expect(work.shown.get_by_text("5 guests")).to_be_visible()  # the page was not loaded anew

    work.build()
    ada.sees("Build 1 is ready to be put live.")
    work.put_live()
    one = installation.open("supper-club", key="").text.strip()
    regular = Regular(installation, "supper-club")
    with regular.asking():
        regular.sees(one)
        work.edit("src/App.jsx")
        work.rewrite(first, second)
        work.build()
        ada.sees("Build 2 is ready to be put live.")
        work.put_live()
        two = installation.open("supper-club", key="").text.strip()
        assert two != one
        regular.sees(two)

        work.edit("src/App.jsx")
        work.rewrite("return (", "return ((")
        work.build()
        ada.sees("Build 3 failed")
        expect(ada.page.locator("main")).to_contain_text("src/App.jsx")
        expect(ada.page.get_by_role("button", name="Put it live")).to_have_count(0)
        ada.looks("app-build-failed")
        live = ada.context.new_page()
        live.goto(f"http://supper-club.preview.localhost:{installation.gateway_port}/")
        expect(live.get_by_role("heading", level=1)).to_have_text(second)

        ada.open(f"{work.address}/deploys")
        ada.follow("Go back to this")
        ada.sees("Goes off")
        ada.looks("app-go-back")
        work.go_back(1)
        regular.sees(one)
        live.reload()
        expect(live.get_by_role("heading", level=1)).to_have_text(first)
    assert regular.failed == []
    assert {said for _, said in regular.answers} == {one, two}


def test_a_flask_app_starts_again_by_itself_beside_the_text(installation: Installation, visit) -> None:
    ada = sign_in(visit, installation)
    work = Workshop.begin(ada, new_project(installation, "Letters"), "Guest book", "A Flask app")

    work.edit("app.py")
    ada.press("Start the preview")
    expect(work.shown.get_by_role("heading", level=1)).to_have_text("A place to start from")
    work.rewrite(
        'render_template("home.html")', 'render_template("home.html").replace("A place", "A warm place")'
    )
    expect(work.shown.get_by_role("heading", level=1)).to_have_text("A warm place to start from")
    ada.open(f"{work.version}/edit?path=templates/home.html")
    work.rewrite("A place to start from", "A place by the oven")
    expect(work.shown.get_by_role("heading", level=1)).to_have_text("A warm place by the oven")
    ada.looks("app-editor-flask")
    ada.press("Stop")
    ada.sees("See it while you write")

    phone = visit(installation, "Ada Admin", PHONE).sign_in()
    phone.page.wait_for_url(f"{installation.url}/")
    phone.open(work.version)
    phone.heading("Guest book")
    phone.sees(re.compile("Change app.py"))
    phone.looks("app-version")
