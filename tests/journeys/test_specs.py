"""An idea is written down, becomes a spec before one's eyes, is changed, and read by somebody with its link."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import new_project
from tests.support.installation import Installation

pytestmark = [pytest.mark.real, pytest.mark.browser]

IDEA = """Guests can book a table. Guests can pay a deposit with Stripe.
The owner must see all bookings for today."""


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_idea_becomes_a_spec_that_others_read(installation: Installation, visit, window) -> None:
    project = new_project(installation, f"Tables {window[1]}", "static")
    board = f"/{project['url'].split('/', 3)[3]}"

    ada = visit(installation, "Ada Admin", window).sign_in()
    ada.page.wait_for_url(f"{installation.url}/")
    ada.open(board).go_to("Specs")
    ada.heading("Specs")
    ada.looks("specs-none")
    ada.follow("New spec")
    ada.forgiven = ("status of 422",)
    ada.press("Write it")
    ada.sees("Please provide a valid input string")
    ada.looks("spec-refused")
    ada.page.get_by_label("The text").fill(IDEA)
    ada.press("Write it")

    ada.sees("Written without a language model")
    story = ada.page.locator("article", has_text="Book a table").first
    expect(story).to_be_visible()
    expect(ada.page.locator("svg.graph")).to_have_count(2)
    ada.looks("spec")
    address = ada.page.url

    story.get_by_role("form", name="A guest can book a table").get_by_role("button").click()
    expect(story.get_by_text("Not done")).to_be_visible()
    story.get_by_role("link", name="Change Book a table").click()
    ada.looks("spec-story")
    ada.page.get_by_label("How it is checked").fill(
        "A guest can book a table\nThe table is free at that time"
    )
    ada.press("Save")
    ada.sees("The table is free at that time")
    expect(story.get_by_text("Not done")).to_be_visible()

    ada.open(f"{address}/versions")
    ada.sees("Changed US-001")
    ada.looks("spec-versions")
    ada.open(address)
    story.get_by_role("button", name="Ask for this").click()
    ada.heading("Book a table")

    ada.open(address)
    link = ada.page.locator("aside .copy__value").input_value()
    guest = visit(installation, "Gus Guest", window).open(link)
    guest.heading("Book a table")
    guest.sees("The table is free at that time")
    guest.looks("spec-hosted")
    assert guest.context.request.get(link).headers["content-type"].startswith("text/markdown")
