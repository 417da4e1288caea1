"""Somebody settles in: profile, browsers, keys, what they are told of; and is let in again with a new password."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask, invitation_for, new_project, organization_of
from tests.journeys.visitor import Visitor
from tests.support.installation import PASSWORD, Installation

pytestmark = [pytest.mark.real, pytest.mark.browser]

NEW_PASSWORD = "another long password"


@pytest.mark.parametrize(
    ("name", "window"), [("Dora Desk", DESKTOP), ("Phil Phone", PHONE)], ids=["desktop", "phone"]
)
def test_settles_in_and_is_let_in_again(installation: Installation, visit, name, window) -> None:
    person = visit(installation, name, window)
    place = join(installation, person)
    elsewhere = visit(installation, name)
    for browser in (elsewhere, person):
        browser.sign_in().page.wait_for_url(f"{installation.url}/")

    says_who_they_are(person)
    signs_out(person, elsewhere)
    makes_a_key(person)
    chooses(person)
    reads_the_inbox(person)
    is_let_in_again(person, visit(installation, "Ada Admin", window), place)


def join(here: Installation, person: Visitor) -> str:
    """Come in by an invitation, and be given something to do; returns the organization's address."""
    organization = organization_of(here)
    secret = invitation_for(here, person.email, "developer").rpartition("/")[2]
    newcomer = {"name": person.name, "email": person.email, "password": PASSWORD}
    joined = here.request("POST", f"/api/invitations/token/{secret}/accept", newcomer, key="")
    assert joined.status == 200, joined.text
    user = joined.data["user"]
    project = new_project(here, f"Stall of {person.name}", "empty")
    request = ask(here, "POST", f"/projects/{project['id']}/requests", {"title": "A longer table"})
    ask(here, "POST", f"/requests/{request['id']}/assign", {"userId": user["id"]})
    return f"/{organization['slug']}"


def says(person: Visitor, text: str) -> None:
    expect(person.page.locator(".notices").get_by_text(text)).to_be_visible()


def says_who_they_are(person: Visitor) -> None:
    person.open("/profile").looks("profile")
    person.page.get_by_label("Time zone").select_option("Asia/Tokyo")
    person.press("Save")
    says(person, "Your profile is saved.")
    expect(person.page.locator("html")).to_have_attribute("data-time-zone", "Asia/Tokyo")
    person.page.get_by_label("E-mail", exact=True).fill(f"new-{person.email}")
    person.page.locator("#email").get_by_label("The password you have now").fill(PASSWORD)
    person.press("Change e-mail")
    person.email = f"new-{person.email}"
    says(person, f"From now on you sign in with {person.email}.")


def signs_out(person: Visitor, elsewhere: Visitor) -> None:
    person.follow("Signed in")
    person.sees("This one")
    person.looks("signed-in")
    person.press("Sign out", within=person.page.locator("#browsers"))
    says(person, "That browser is signed out.")
    elsewhere.open("/profile").heading("Sign in")


def makes_a_key(person: Visitor) -> None:
    person.follow("API keys")
    person.page.get_by_label("What for").fill("git on my laptop")
    person.press("Make the key")
    person.sees("Your new key, shown this once")
    person.looks("a-new-key")
    person.open("/profile/keys?status=active").sees("git on my laptop")
    person.looks("keys")


def chooses(person: Visitor) -> None:
    person.follow("Notifications")
    person.page.get_by_label("A comment on lines").uncheck()
    person.press("Save")
    says(person, "Saved what you are told of.")
    expect(person.page.get_by_label("A comment on lines")).not_to_be_checked()
    person.looks("choices")


def reads_the_inbox(person: Visitor) -> None:
    person.open("/inbox").sees("A longer table")
    person.looks("inbox")
    person.follow("Unread 1")
    person.page.get_by_role("button", name="Mark as read").click()
    person.sees("You have read everything.")
    person.looks("inbox-read")


def is_let_in_again(person: Visitor, ada: Visitor, place: str) -> None:
    ada.sign_in().page.wait_for_url(f"{ada.url}/")
    ada.open(f"{place}/members").press("New password", within=ada.page.locator("tr", has_text=person.email))
    ada.looks("link-to-a-new-password")
    link = ada.page.get_by_label("Link to a new password").input_value()
    person.open("/profile/sessions")
    person.open(link).looks("new-password")
    person.page.get_by_label("New password").fill(NEW_PASSWORD)
    person.press("Set the password")
    person.heading("Sign in")
    person.page.get_by_label("E-mail").fill(person.email)
    person.page.get_by_label("Password").fill(NEW_PASSWORD)
    person.press("Sign in")
    person.page.wait_for_url(f"{person.url}/")
