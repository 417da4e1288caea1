"""An idea, a file or a request becomes a spec before one's eyes; it is changed, shared, and asked for."""

import signal

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import new_project
from tests.specs.test_hand_in_a_file import pdf
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


def test_a_file_becomes_a_spec_and_its_stories_requests(installation: Installation, visit) -> None:
    project = new_project(installation, "Tables from a file", "static")
    board = f"/{project['url'].split('/', 3)[3]}"

    ada = visit(installation, "Ada Admin", PHONE).sign_in()
    ada.page.wait_for_url(f"{installation.url}/")
    ada.open(f"{board}/specs/new")
    ada.page.get_by_label("Or a file").set_input_files(
        {
            "name": "idea.pdf",
            "mimeType": "application/pdf",
            "buffer": pdf("Guests can book a table. Guests can cancel a booking."),
        }
    )
    ada.looks("spec-new")
    installation.kill("worker-quick", signal.SIGSTOP)  # so that there is something to watch
    try:
        ada.press("Write it")
        ada.sees("It waits for its turn.")
        ada.looks("spec-waiting")
        ada.page.evaluate("window.stayed = true")
    finally:
        installation.kill("worker-quick", signal.SIGCONT)
    ada.sees("Written without a language model")
    ada.has_stayed()
    spec = ada.page.url

    for title in ("Book a table", "Cancel a booking"):
        ada.open(spec)
        story = ada.page.locator("article", has_text=title).first
        story.get_by_role("button", name="Ask for this").click()
        ada.heading(title)
    ada.open(spec)
    expect(ada.page.get_by_role("link", name="On the board as #")).to_have_count(2)
    ada.open(board)
    for title in ("Book a table", "Cancel a booking"):
        ada.sees(title)

    ada.follow("Book a table")
    ada.follow("Write a spec")
    ada.heading("A spec of #1")
    ada.looks("spec-of-request")
    ada.press("Write it")
    ada.sees("Written without a language model")
    ada.follow("#1 Book a table")
    ada.heading("Book a table")
    expect(
        ada.page.get_by_role("region", name="Specs").get_by_role("link", name="Book a table")
    ).to_be_visible()
    ada.looks("request-with-spec")
