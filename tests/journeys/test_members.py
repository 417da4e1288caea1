"""An organization from its first day to its last: people come in, it gets a face, and it goes."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.support.installation import PASSWORD, Installation, wait_until
from tests.support.pictures import drawing

pytestmark = [pytest.mark.real, pytest.mark.browser]


def made_link(ada: Visitor) -> str:
    """Return the link that was shown just now, with its code beside it."""
    expect(ada.page.locator("#links .qr svg").first).to_be_visible()
    return ada.page.locator("#links .copy__value").first.input_value()


def come_in(guest: Visitor, link: str, place: str, *, address: str) -> None:
    guest.open(link)
    guest.page.get_by_label("Your name").fill(guest.name)
    if guest.page.get_by_label("E-mail").is_editable():
        guest.page.get_by_label("E-mail").fill(guest.email)
    guest.page.get_by_label("Choose a password").fill(PASSWORD)
    guest.press(f"Join {place}")
    guest.page.wait_for_url(address)


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_people_come_in_and_everything_goes(
    installation: Installation, visit, window, tmp_path: Path
) -> None:
    theme = window[1]
    place, home = f"Lane {theme}", f"/lane-{theme}"
    ada = visit(installation, "Ada Admin", window).sign_in()
    ada.forgiven = ("status of 422",)
    ada.page.wait_for_url(f"{installation.url}/")

    ada.go_to("Administration")
    ada.page.locator("#admin-tabs").get_by_role("link", name="Organizations").click()
    ada.looks("organizations")
    ada.page.locator("#make").get_by_label("Name").fill(place)
    ada.press("Make it")
    ada.heading(place)
    ada.looks("organization-to-administer")
    number = ada.page.url.rpartition("/")[2]

    ada.open(f"{home}/members")
    ada.page.get_by_label("E-mail addresses").fill(f"nia{theme}@example.org, nora{theme}@example.org")
    ada.press("Make the links")
    ada.sees("They are shown only now.")
    ada.looks("invited")
    invitation = made_link(ada)
    nia = visit(installation, f"Nia{theme} New", window)
    nia.open(invitation).looks("invitation")
    come_in(nia, invitation, place, address=f"{installation.url}{home}")

    ada.open(f"{home}/members")
    ada.page.get_by_label("How many people").fill("1")
    ada.press("Make a link for all")
    link = made_link(ada)
    ada.looks("join-link")
    gus = visit(installation, f"Gus{theme} Guest", window)
    gus.open(link).looks("join")
    come_in(gus, link, place, address=f"{installation.url}{home}")
    late = visit(installation, "Lou Late", window)
    late.forgiven = ("status of 410",)
    late.open(link).sees("As many people as this link was for have come in by it.")

    ada.open(f"{home}/members")
    ada.sees("1 of 1")
    ada.page.get_by_label("Name or e-mail").fill(f"gus{theme}")
    ada.page.get_by_label("Name or e-mail").press("Enter")
    expect(ada.page.locator("#people tbody tr")).to_have_count(1)
    ada.looks("members-found")
    ada.page.get_by_label("Name or e-mail").fill("")
    ada.page.get_by_label("Name or e-mail").press("Enter")
    expect(ada.page.locator("#people tbody tr")).to_have_count(3)

    ada.open(f"{home}/settings")
    picture = tmp_path / "logo.png"
    picture.write_bytes(drawing("PNG", (600, 300)))
    ada.page.get_by_label("Picture").set_input_files(picture)
    ada.press("Take this picture")
    ada.sees("Show initials instead")
    ada.page.get_by_label("Requests a month").fill("10")
    ada.press("Save the limits")
    expect(ada.page.locator("main img.place__mark--logo")).to_have_js_property("naturalWidth", 256)
    ada.looks("organization-settings")
    ada.follow("Usage")
    ada.sees("0 of 10")
    ada.looks("usage")

    if ada.is_on_phone:
        ada.page.get_by_label("Menu").click()
    frame = ada.page.locator(".drawer__panel" if ada.is_on_phone else ".sidebar")
    frame.locator("summary.place").click()
    expect(frame.locator(".menu__item[aria-current] img")).to_be_visible()
    ada.picture("switcher")
    other = frame.locator(".menu__panel .menu__item:has(.place__mark):not([aria-current])").first
    address = str(other.get_attribute("href"))
    other.click()
    ada.page.wait_for_url(f"{installation.url}{address}")

    ada.open(f"/admin/organizations/{number}")
    ada.page.locator("#delete").get_by_label(f"Write {place} to confirm").fill("something else")
    ada.press("Delete for good")
    ada.sees(f"Write the name as it stands: {place}")
    ada.page.locator("#delete").get_by_label(f"Write {place} to confirm").fill(place)
    ada.press("Delete for good")
    ada.heading("All organizations")
    nia.forgiven = ("status of 404",)
    assert nia.page.goto(f"{installation.url}{home}").status == 404

    def is_gone() -> bool:
        ada.open("/admin/organizations")
        return ada.page.get_by_role("link", name=place).count() == 0

    wait_until(is_gone, 60, f"{place} to be gone")
