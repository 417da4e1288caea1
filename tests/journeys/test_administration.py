"""Somebody looks after the whole installation: figures, people, projects, connections, what runs, who did what."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.visitor import Visitor
from tests.support.installation import Installation

pytestmark = [pytest.mark.real, pytest.mark.browser]


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_looks_after_the_installation(installation, visit, window) -> None:
    name = f"Shop {window[0][0]}"
    organization = installation.get("/api/organizations").data[0]
    made = installation.post(
        "/api/admin/projects", {"organizationId": organization["id"], "name": name, "starter": "static"}
    )
    assert made.status == 201, made.text
    ada = visit(installation, "Ada Admin", window).sign_in()

    ada.go_to("Administration")
    see_how_it_does(ada)
    invite_and_shut(ada, installation, window)
    connect(ada, name, organization["name"])
    see_what_runs(ada)
    see_the_rest(ada)
    read_the_log(ada, installation)
    delete_the_project(ada, installation, name)


def go_on_to(ada: Visitor, tab: str) -> None:
    ada.page.get_by_role("navigation", name="Administration").get_by_role("link", name=tab).click()


def is_told(ada: Visitor, words: str) -> None:
    """What came of a form stands above the page."""
    expect(ada.page.get_by_role("status").filter(has_text=words)).to_be_visible()


def see_how_it_does(ada: Visitor) -> None:
    ada.heading("Administration")
    expect(ada.page.get_by_role("img", name="Requests by day")).to_be_visible()
    expect(ada.page.locator("#health").get_by_text("Away")).to_have_count(0)
    ada.looks("80-administration")


def invite_and_shut(ada: Visitor, here: Installation, window: tuple[tuple[int, int], str]) -> None:
    """A person comes in by a link, and their account is shut and deleted again."""
    go_on_to(ada, "People")
    ada.press("Make the link")
    ada.sees("Send this link")
    ada.looks("81-people")
    secret = urlsplit(ada.page.get_by_label("Invitation link").input_value()).path.rpartition("/")[2]
    sent = {
        "name": "Gus Guest",
        "email": f"gus{window[0][0]}@example.org",
        "password": "correct horse battery",
    }
    assert here.post(f"/api/invitations/token/{secret}/accept", sent, key="").status == 200
    go_on_to(ada, "People")
    ada.follow("Gus Guest")
    ada.heading("Gus Guest")
    ada.looks("82-person")
    ada.page.locator("#state summary").click()
    ada.press("Yes, shut it")
    is_told(ada, "The account of Gus Guest is changed.")
    ada.press("Delete the account of Gus Guest")
    is_told(ada, "The account of Gus Guest is deleted.")


def connect(ada: Visitor, project: str, organization: str) -> None:
    """What opens a connection goes in and never comes out."""
    go_on_to(ada, "Connections")
    ada.page.get_by_label("Name", exact=True).last.fill(f"Host of {project}")
    ada.press("Make it, then say what opens it")
    ada.heading(f"Host of {project}")
    ada.page.get_by_label(re.compile("Token")).fill("a-long-token-of-ours-9876")
    ada.press("Save")
    ada.sees("Set; it ends with 9876.")
    assert "a-long-token" not in ada.page.content()
    ada.page.get_by_label("Let a project go through it").select_option(label=f"{organization} · {project}")
    ada.press("Connect")
    expect(ada.page.locator("#projects").get_by_role("link", name=project)).to_be_visible()
    ada.looks("83-connection")
    ada.page.locator("#removal summary").click()
    ada.press("Yes, remove it")
    is_told(ada, "is gone, with what opened it.")
    ada.looks("84-connections")


def see_what_runs(ada: Visitor) -> None:
    go_on_to(ada, "Running")
    ada.heading("What runs now")
    ada.sees("Room on the disk")
    ada.looks("85-running")


def see_the_rest(ada: Visitor) -> None:
    """Each further page is a tab, and the tab that one is at is in sight."""
    for number, tab in enumerate(("Language model", "Failures", "Deliveries", "Mail"), 90):
        go_on_to(ada, tab)
        current = ada.page.locator("#admin-tabs [aria-current]")
        expect(current).to_have_text(tab)
        expect(current).to_be_in_viewport(ratio=1)
        ada.looks(f"{number}-{tab.lower().replace(' ', '-')}")


def read_the_log(ada: Visitor, here: Installation) -> None:
    go_on_to(ada, "Audit log")
    expect(ada.page.locator("td").get_by_text("Connection removed").first).to_be_visible()
    ada.looks("86-audit")
    ada.page.get_by_label("Name or e-mail").fill("nobody at all")
    ada.press("Narrow")
    ada.sees("Nothing is told here")
    assert here.get("/admin/audit.ndjson").status == 403  # a key keeps to its organization
    slug = here.get("/api/organizations").data[0]["slug"]
    ada.open(f"/{slug}/settings")
    ada.follow("Open the audit log")
    ada.heading("Audit log")
    ada.looks("87-audit-of-organization")


def delete_the_project(ada: Visitor, here: Installation, name: str) -> None:
    """Typed to be sure, it goes with all that runs of it."""
    ada.open("/admin/projects")
    ada.looks("88-projects")
    ada.follow(name)
    ada.looks("89-project")
    slug = name.lower().replace(" ", "-")
    ada.page.get_by_label(re.compile(f"Type {slug}")).fill(slug)
    ada.press("Delete it for good")
    is_told(ada, f"The project {name} is deleted.")
    assert name not in [one["name"] for one in here.get("/api/admin/projects").data]
