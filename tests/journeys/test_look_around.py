"""A newcomer's first minute: from the printed link to an accepted preview, and everything of it away again."""

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.support.installation import PASSWORD, Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]

SECONDS_FROM_SIGN_UP = 60


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_accepts_a_preview_within_a_minute_of_signing_up(install, visit, window) -> None:
    here = install()
    ada = visit(here, "Ada Admin", window)

    sign_up(ada, here)
    began = time.monotonic()
    ada.page.get_by_role("button", name="Look around").first.click()
    ada.heading("Look around")
    ada.looks("60-being-made")
    ada.sees("A preview waits for you.")
    preview = ada.opens("Open the preview")
    expect(preview.get_by_text("Ordered by 4 pm, delivered today.")).to_be_visible()
    ada.looks("61-preview", preview)
    confirm = ada.press_on_bar(preview, "Accept")
    confirm.get_by_role("button", name="Yes, accept it").click()
    expect(confirm.get_by_text("You accepted it.")).to_be_visible()
    took = time.monotonic() - began
    print(f"accepted {took:.1f} s after signing up, on {window[0][0]} px")

    assert took < SECONDS_FROM_SIGN_UP
    see_the_board(ada, here)
    remove_it(ada, here)


def sign_up(ada: Visitor, here: Installation) -> None:
    link = re.search(rf"{re.escape(here.url)}/welcome/\S+", (here.home / "up.log").read_text())
    assert link
    ada.open(link[0])
    for label, words in {
        "Your name": ada.name,
        "E-mail": ada.email,
        "Password": PASSWORD,
        "Organization": "Northwind",
    }.items():
        ada.page.get_by_label(label).fill(words)
    ada.press("Begin")
    ada.press("This is my answer")


def see_the_board(ada: Visitor, here: Installation) -> None:
    """Its board shows every state, and what it says is so."""
    ada.open("/northwind/demo")
    ada.page.get_by_role("link", name="Open the board").click()
    expect(ada.page.locator(".board")).to_be_visible()
    assert urlsplit(ada.page.url).path == "/northwind/pedal-post"
    ada.looks("62-board")
    assert here.disagreements() == []
    go_by_palette(ada)


def go_by_palette(ada: Visitor) -> None:
    """Letters and Enter lead anywhere, and do what the page offers."""
    ada.page.keyboard.press("Control+k")
    expect(ada.page.get_by_role("combobox", name="Where to go")).to_be_focused()
    ada.page.keyboard.type("parcel is lost")
    expect(ada.page.get_by_role("option", name="Answer what happens")).to_have_attribute(
        "aria-selected", "true"
    )
    ada.looks("63-palette")
    ada.page.keyboard.press("Enter")
    ada.heading("Answer what happens when a parcel is lost")


def remove_it(ada: Visitor, here: Installation) -> None:
    """One button takes everything of it away."""
    ada.open("/northwind/demo")
    ada.page.get_by_text("Remove the sample").click()
    ada.press("Yes, remove all of it")
    ada.sees("There is no sample here")
    ada.open("/northwind")
    ada.sees("No projects yet")
    wait_until(lambda: here.disagreements() == [], 60, "everything to be as it is said to be")
    assert list((here.home / "repositories").glob("*.git")) == []
    assert list((here.home / "checkouts").glob("preview-*")) == []
