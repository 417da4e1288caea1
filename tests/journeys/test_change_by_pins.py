"""Rae ticks, points and asks on the preview itself; the next round shows her what she had asked for."""

import shutil
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.engine.sandbox import probe
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask, clear_request, new_project
from tests.journeys.visitor import Visitor
from tests.support.installation import Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]


@pytest.fixture(scope="module")
def installation():
    """An installation that looks at its previews with a browser of its own."""
    if not probe().is_walled:
        pytest.skip("no sandbox on this machine")
    here = Installation(settings={"GREENROOM_BROWSER": ""})
    try:
        here.start().admin()
        yield here
    finally:
        here.remove()


def notes_told(preview: Page) -> list[str]:
    """What the gateway says was asked before; it may know the round before for a moment."""
    told = preview.evaluate("async () => (await fetch('/.greenroom/review.json')).json()")
    return [each["note"] for each in told["asked"]]


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_pins_to_the_next_round(installation, visit, window) -> None:
    here = installation
    project = new_project(here, f"Shop {window[1]}", "static")
    request = clear_request(here, project, "Longer hours")
    ask(here, "POST", f"/requests/{request['id']}/development/start", {"agent": "outline"})
    looked_at(here, request, 1)
    path = f"/ada-s-bakery/{project['slug']}/requests/{request['number']}"
    ada = visit(here, "Ada Admin", window).sign_in()

    ada.open(path)
    if shutil.which("chromium"):
        expect(ada.page.get_by_role("img", name="The preview at the width of a phone")).to_be_visible()
    ada.looks("60-checked")
    preview = ada.opens("Open the preview")
    point(ada, preview, "h1", "Say “Open till nine”")
    change = ada.press_on_bar(preview, "Go on with 1")
    expect(change.get_by_label("What should be different here")).to_have_value("Say “Open till nine”")
    assert change.url.endswith(f"/change?commit={request_commit(here, request)}"), (
        "nothing of it stays in the address"
    )
    ada.looks("61-change", change)
    change.get_by_role("button", name="Ask for the change").click()
    expect(change.locator("#feed")).to_contain_text("on /, at")
    expect(change.locator("#feed")).to_contain_text("Say “Open till nine”")

    looked_at(here, request, 2)
    preview.reload()
    wait_until(lambda: notes_told(preview) == ["Say “Open till nine”"], 10, "the bar to know the new round")
    preview.reload()
    question = ada.press_on_bar(preview, "Ask")
    ada.looks("62-ask", question)
    question.get_by_label("Your question").fill("On holidays, too?")
    question.get_by_role("button", name="Ask").click()
    expect(question.locator("#feed")).to_contain_text("about /")
    accept = ada.press_on_bar(preview, "Accept")
    ada.looks("63-accept", accept)
    accept.get_by_role("checkbox").first.check()
    accept.get_by_role("button", name="Yes, accept it").click()
    expect(accept.locator("main")).to_contain_text("You accepted it.")


def looked_at(here: Installation, request: Any, round_: int) -> None:
    """Wait until a round can be tried and a machine has looked at it."""

    def is_done() -> bool:
        preview = ask(here, "GET", f"/requests/{request['id']}/preview")
        stands = ask(here, "GET", f"/requests/{request['id']}")
        is_checked = bool(preview["checks"]) and preview["checks"]["state"] == "done"
        is_built = stands["round"] == round_ and stands["status"] == "in_review"
        return is_built and preview["status"] == "ready" and is_checked

    wait_until(is_done, 120, f"round {round_} to be looked at")


def request_commit(here: Installation, request: Any) -> str:
    return str(ask(here, "GET", f"/requests/{request['id']}/preview")["commitSha"])


def point(visitor: Visitor, preview: Page, selector: str, note: str) -> None:
    visitor.press_on_bar(preview, "Change this", opens=False)
    preview.locator(selector).first.click()
    preview.keyboard.type(note)
    visitor.press_on_bar(preview, "Pin it", opens=False)
