"""Somebody looks for what was asked: by the search, by the palette, and while they are about to ask it again."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask, clear_request, new_project, organization_of
from tests.journeys.visitor import Visitor
from tests.support.installation import Installation

pytestmark = [pytest.mark.real, pytest.mark.browser]

TITLE = "Stay open longer before Christmas"


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_finds_what_was_asked(installation, visit, window) -> None:
    here, ada = installation, visit(installation, "Ada Admin", window).sign_in()
    project = new_project(here, f"Bakery {ada.width}")
    made = clear_request(here, project, f"{TITLE} {ada.width}")
    ask(here, "POST", f"/requests/{made['id']}/activity", {"text": "The Café next door closes at noon."})

    search(ada, made)
    go_by_palette(ada, made)
    see_what_is_similar(ada, here, project, made)


def search(ada: Visitor, made: Any) -> None:
    """Words lead there while they are typed, those of a comment too, and the address keeps them."""
    ada.open("/search")
    box = ada.page.get_by_role("searchbox")
    box.fill(f"CHRISTMAS open {ada.width}")
    found = ada.page.locator("#found").get_by_role("link", name=made["title"])
    expect(found).to_be_visible()
    box.fill("nowhere to be found")
    ada.sees("Nothing found")
    ada.looks("70-found-nothing")
    box.fill("cafe noon")
    expect(ada.page.locator("#found mark").first).to_have_text("Café")
    ada.sees("Comment: The Café next door closes at noon.")
    ada.looks("71-found")
    expect(ada.page).to_have_url(re.compile(r"/search\?q=cafe"))
    expect(found).to_have_attribute("href", re.compile(rf"/requests/{made['number']}$"))


def go_by_palette(ada: Visitor, made: Any) -> None:
    ada.page.keyboard.press("Control+k")
    expect(ada.page.get_by_role("combobox")).to_be_focused()
    ada.page.keyboard.type(f"chris longer {ada.width}")
    expect(ada.page.get_by_role("option", name=made["title"])).to_have_attribute("aria-selected", "true")
    ada.looks("72-palette")
    ada.page.keyboard.press("Enter")
    ada.heading(made["title"])
    ada.page.wait_for_load_state("networkidle")


def see_what_is_similar(ada: Visitor, here: Installation, project: Any, made: Any) -> None:
    """What resembles it stands beside the words, opens beside the form, and hinders nobody."""
    board = f"/{organization_of(here)['slug']}/{project['slug']}"
    ada.open(f"{board}/requests/new")
    title = ada.page.get_by_label("In one sentence")
    title.fill("Something else altogether")
    expect(ada.page.locator("#similar").get_by_role("link")).to_have_count(0)
    title.fill("Open longer at christmas")
    ada.sees("This was asked for already")
    ada.looks("73-similar")
    beside = ada.opens(made["title"])
    expect(beside.get_by_role("heading", level=1)).to_contain_text(made["title"])
    beside.close()
    expect(title).to_have_value("Open longer at christmas")
    ada.press("File it")
    ada.heading("Open longer at christmas")


def test_finds_without_scripts(installation, visit) -> None:
    here, ada = installation, visit(installation, "Ada Admin", PHONE, scripts=False).sign_in()
    made = clear_request(here, new_project(here, "Plain bakery"), "Sell bread without gluten")

    ada.open("/search")
    ada.page.get_by_role("searchbox").fill('"without gluten"')
    ada.press("Search")

    ada.sees(made["title"])
