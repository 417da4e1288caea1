"""A real change without a model: pointed at on the live page, put in, tried, accepted, merged, live."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask, new_project
from tests.journeys.visitor import Visitor
from tests.support.installation import Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]

SITES = {
    "static": ("Good things, made with care", "Warm bread & <b>good</b> company {{ 7 * 7 }}", "index.html"),
    "flask": ("A place to start from", "Warm bread & <b>good</b> company {{ 7 * 7 }}", "templates/home.html"),
}


@pytest.mark.parametrize(
    ("window", "starter"),
    [(DESKTOP, "static"), (PHONE, "static"), (DESKTOP, "flask")],
    ids=["desktop", "phone", "flask"],
)
def test_point_put_in_accept_merge(installation, visit, window, starter) -> None:
    here, (old, new, file) = installation, SITES[starter]
    name = f"Corner {starter} {window[0][0]}"
    project = new_project(here, name, starter)
    label = project["slug"]
    wait_until(lambda: here.open(label).status == 200, 120, "the first version to be live")
    ada = visit(here, "Ada Admin", window).sign_in()

    number = file_request(here, project, "A warmer headline")
    request = f"{ada.url}/{organization(here)}/{project['slug']}/requests/{number['number']}"
    ada.open(request)
    ada.page.locator("main").get_by_role("link", name="Point at what should change").first.click()
    expect(ada.page.get_by_role("heading", level=1)).to_have_text(old)
    change_headline(ada, old, new, by_keys=starter == "flask")

    ada.page.wait_for_url(f"{request}/touch-up")
    expect(ada.page.get_by_label("What should stand there")).to_have_value(new)
    ada.sees(f"It lands in {file}, line")
    ada.looks(f"60-touch-up-{starter}")
    ada.press("Make these changes")

    ada.sees("It is ready to try.")
    preview = ada.opens("Open the preview")
    expect(preview.get_by_role("heading", level=1)).to_have_text(new)
    ada.looks(f"61-touched-up-{starter}", preview)
    preview.close()
    ada.follow("Accept it")
    ada.press("Yes, accept it")
    merge(ada, request)
    wait_until(
        lambda: b"Warm bread &amp; &lt;b&gt;good&lt;/b&gt;" in here.open(label).body, 120, "it to be live"
    )
    live = here.open(label).text
    assert "greenroom" not in live
    assert "49" not in live


def organization(here: Installation) -> str:
    return str(ask(here, "GET", "/users/me")["organizations"][0]["slug"])


def file_request(here: Installation, project, title: str):
    return ask(here, "POST", f"/projects/{project['id']}/requests", {"title": title})


def change_headline(visitor: Visitor, old: str, new: str, *, by_keys: bool) -> None:
    """Point at the headline and write another; the panel is out of every script's reach, not of a keyboard's."""
    page = visitor.page
    expect(page.locator("greenroom-pointing")).to_be_attached()
    heading = page.get_by_role("heading", level=1)
    if by_keys:
        walk_to(visitor, page, old)
    else:
        box = heading.bounding_box()
        at = (box["x"] + min(60, box["width"] / 2), box["y"] + min(20, box["height"] / 2))
        page.touchscreen.tap(*at) if visitor.is_on_phone else page.mouse.click(*at)
    wait_until(lambda: in_panel(visitor, page, "Text", "textbox") is not None, 10, "the panel to be open")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(new)
    expect(heading).to_have_text(new)
    visitor.picture("62-pointing")
    press_in_panel(visitor, page, "Keep")
    expect(heading).to_have_text(new)
    press_in_panel(visitor, page, "Done")


def walk_to(visitor: Visitor, page: Page, words: str) -> None:
    """Go from one thing to the next with the arrow keys until its words are read out, and take it."""
    session = visitor.context.new_cdp_session(page)
    for _ in range(30):
        page.keyboard.press("ArrowDown")
        told = [
            node.get("name", {}).get("value", "")
            for node in session.send("Accessibility.getFullAXTree")["nodes"]
        ]
        if any(f"Text: {words}. Enter changes it." in each for each in told):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keys never came to {words}")


def in_panel(visitor: Visitor, page: Page, name: str, role: str):
    session = visitor.context.new_cdp_session(page)
    session.send("DOM.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return next(
        (
            session.send("DOM.getBoxModel", {"backendNodeId": node["backendDOMNodeId"]})["model"]["content"]
            for node in nodes
            if node.get("name", {}).get("value") == name and node["role"]["value"] == role
        ),
        None,
    )


def press_in_panel(visitor: Visitor, page: Page, name: str) -> None:
    box = in_panel(visitor, page, name, "button")
    assert box, f"there is no button {name}"
    at = ((box[0] + box[2]) / 2, (box[1] + box[5]) / 2)
    page.touchscreen.tap(*at) if visitor.is_on_phone else page.mouse.click(*at)


def merge(ada: Visitor, request: str) -> None:
    ada.open(f"{request}/work")
    ada.page.locator("#standing summary", has_text="Merge it").click()
    ada.press("Yes, do it")
    ada.sees("merged it")
