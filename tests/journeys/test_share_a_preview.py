"""A preview is shown to somebody without an account, beside what was before it, and gone when Ada says so."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask, clear_request, new_project
from tests.support.installation import Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]


def shown(here: Installation, request, number: int) -> None:
    """Wait until a round of a request is up."""

    def is_up() -> bool:
        rounds = ask(here, "GET", f"/requests/{request['id']}/preview/rounds")
        return bool(rounds) and (rounds[0]["round"], rounds[0]["status"]) == (number, "ready")

    wait_until(is_up, 90, f"round {number} to be up")


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_link_opens_one_preview_until_it_is_revoked(installation: Installation, visit, window) -> None:
    project = new_project(installation, f"Kiosk {window[1]}", "static")
    request = clear_request(installation, project, "Open on Sundays")
    ask(installation, "POST", f"/requests/{request['id']}/development/start", {"agent": "outline"})
    shown(installation, request, 1)
    again = {"action": "request_changes", "payload": {"feedback": "Larger, please."}}
    ask(installation, "POST", f"/requests/{request['id']}/transition", again)
    shown(installation, request, 2)
    place = f"/{project['url'].split('/', 3)[3]}/requests/1/preview"

    ada = visit(installation, "Ada Admin", window).sign_in()
    ada.page.wait_for_url(f"{installation.url}/")
    ada.open(place).sees("Open round 1")
    ada.looks("preview-with-rounds")
    ada.open(f"{place}/comparison?with=round-1&width=phone")
    sides = ada.page.locator("iframe")
    expect(sides).to_have_count(2)
    for number in (0, 1):
        expect(sides.nth(number).content_frame.get_by_role("heading").first).to_be_visible()

    ada.open(place).press("Make a link")
    ada.sees("The link, shown this once")
    ada.looks("preview-shared")
    link = ada.page.locator("#shares .copy__value").input_value()

    guest = visit(installation, "Gus Guest", window)
    guest.forgiven = ("status of 401", "status of 410")
    guest.open(link)
    expect(guest.page.get_by_role("heading").first).to_be_visible()
    expect(guest.page.locator("greenroom-bar")).to_have_count(0)
    assert installation.url not in guest.page.content()
    assert {cookie["name"] for cookie in guest.context.cookies(installation.url)} == set()
    assert guest.page.goto(f"{installation.url}{place}").url.startswith(f"{installation.url}/sign-in")
    guest.open(link)

    ada.open(place)
    ada.page.locator("#shares summary", has_text="Revoke").click()
    ada.press("Revoke", within=ada.page.locator("#shares details[open]"))
    ada.sees("Revoked")
    address = f"{link.partition('/.greenroom')[0]}/?greenroom=stay"
    # asked for alone: a page whose parts are fetched while the link ends would be troubled by half of them
    alone = "async () => (await fetch('/?greenroom=stay')).status"
    wait_until(lambda: guest.page.evaluate(alone) == 401, 15, "the guest to be out")
    assert guest.page.goto(address).status == 401
    assert guest.page.goto(link).status == 410
