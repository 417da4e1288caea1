"""Ada edits a version in her browser, sees it at once beside the text, and loses nothing that Bob saved meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.road import new_project
from tests.support.installation import Installation

pytestmark = [pytest.mark.real, pytest.mark.browser]


def test_what_is_saved_is_seen_and_nothing_is_overwritten(installation: Installation, visit) -> None:
    project = new_project(installation, "Edited", "static")
    found = installation.request("GET", f"/api/apps?workspace_id={project['id']}").json["data"][0]
    version, place = found["defaultVersionId"], project["url"].split("/", 3)[3]
    files = f"/api/app-versions/{version}/files"
    address = f"/{place}/apps/{found['id']}/versions/{version}/edit?path=index.html"

    ada = visit(installation, "Ada Admin").sign_in()
    ada.forgiven = ("status of 409",)
    ada.page.wait_for_url(f"{installation.url}/")
    text, said = ada.page.locator(".cm-content").first, ada.page.locator("[data-part=status]")
    ada.open(address)
    expect(text).to_contain_text("<!doctype html>")
    ada.press("Start the preview")
    shown = ada.page.locator("iframe.editor__frame").content_frame
    expect(shown.get_by_role("heading", level=1)).to_be_visible()
    ada.looks("editor")

    text.click()
    ada.page.keyboard.press("Control+End")
    ada.page.keyboard.type("<p>Fresh bread</p>")
    expect(said).to_contain_text("not saved yet")
    ada.page.keyboard.press("Control+s")
    expect(said).to_contain_text("index.html is saved.")
    expect(shown.get_by_text("Fresh bread")).to_be_visible()

    now = installation.request("GET", f"{files}/read?path=index.html").json["content"]
    theirs = {"path": "index.html", "content": f"<!-- Bob was here -->\n{now}"}
    assert installation.request("PATCH", files, theirs).status == 200
    ada.page.keyboard.type("<p>And rolls</p>")
    ada.page.keyboard.press("Control+s")
    ada.sees("Somebody else saved index.html meanwhile. Nothing was overwritten.")
    expect(ada.page.locator(".cm-mergeView")).to_contain_text("Bob was here")
    ada.looks("editor-conflict")
    kept = installation.request("GET", f"{files}/read?path=index.html").json["content"]
    assert "Bob was here" in kept
    assert "And rolls" not in kept
    ada.press("Save mine")
    expect(said).to_contain_text("index.html is saved.")
    expect(shown.get_by_text("And rolls")).to_be_visible()

    ada.page.locator("summary", has_text="New file").click()
    ada.page.get_by_label("Where it goes").fill("notes/plan.md")
    ada.press("Make it")
    expect(ada.page.get_by_role("button", name="plan.md", exact=True)).to_be_visible()
    assert installation.request("GET", f"{files}/read?path=notes/plan.md").json["content"] == ""

    phone = visit(installation, "Ada Admin", PHONE).sign_in()
    phone.page.wait_for_url(f"{installation.url}/")
    phone.open(address)
    expect(phone.page.locator(".cm-content")).to_contain_text("<!doctype html>")
    phone.looks("editor")
    ada.press("Stop")
    ada.sees("See it while you write")
