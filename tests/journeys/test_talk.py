"""People talk about a request: labels, a comment that speaks to somebody, reactions, and watching."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask, invitation_for, new_project, organization_of
from tests.journeys.visitor import Visitor
from tests.support.installation import PASSWORD, Installation

pytestmark = [pytest.mark.real, pytest.mark.browser]

LABEL = "opening hours"


@pytest.mark.parametrize(
    ("window", "name"), [(DESKTOP, "Cleo Carpenter"), (PHONE, "Dan Draughtsman")], ids=["desktop", "phone"]
)
def test_talk_about_a_request(installation, visit, window, name) -> None:
    here, ada = installation, visit(installation, "Ada Admin", window).sign_in()
    developer = visit(here, name, window)
    join(here, developer)
    project = new_project(here, f"Talk with {name.split()[0]}")
    path = f"{here_of(project)}/requests/1"
    ask(here, "POST", f"/projects/{project['id']}/requests", {"title": "Show when we are open"})

    make_labels(ada, here, of=name.split()[0])
    put_one_on(ada, path, label=f"{LABEL} of {name.split()[0]}")
    look_for_it(ada, here_of(project), label=f"{LABEL} of {name.split()[0]}")
    speak_to(ada, path, name)
    change_it(ada, name)
    hear_and_react(developer.sign_in(), ada, name)
    stop_watching(developer)
    take_it_back(ada, path)


def here_of(project: Any) -> str:
    return f"/{project['repository']['cloneUrl'].split('/', 3)[3].removesuffix('.git')}"


def join(here: Installation, newcomer: Visitor) -> None:
    secret = invitation_for(here, newcomer.email, "developer").rpartition("/")[2]
    body = {"name": newcomer.name, "email": newcomer.email, "password": PASSWORD}
    answer = here.post(f"/api/invitations/token/{secret}/accept", body, key="")
    assert answer.status == 200, answer.text


def make_labels(ada: Visitor, here: Installation, *, of: str) -> None:
    ada.open(f"/{organization_of(here)['slug']}")
    ada.go_to("Labels")
    ada.heading("Labels")
    form = ada.page.locator("#new-label")
    for label, colour in ((LABEL, "#f5d90a"), ("checkout", "#0b3d62")):
        form.get_by_label("Name").fill(f"{label} of {of}")
        form.get_by_label("Colour").fill(colour)
        ada.press("Make it", within=form)
        expect(ada.page.locator("tr", has_text=f"{label} of {of}")).to_be_visible()
    row = ada.page.locator("tr", has_text=f"checkout of {of}")
    row.locator("summary", has_text="Change").click()
    row.get_by_label("What it is for").fill("Paying, and what comes before it")
    ada.looks("70-labels")
    ada.press("Save", within=row)
    ada.sees("Paying, and what comes before it")


def rail(visitor: Visitor) -> Locator:
    return visitor.page.locator("#rail")


def put_one_on(ada: Visitor, path: str, *, label: str) -> None:
    ada.open(path)
    menu = rail(ada).locator(".menu", has=ada.page.locator("summary", has_text=re.compile(r"^\s*Label\s*$")))
    menu.locator("summary").click()
    ada.looks("71-choose-a-label")
    menu.get_by_role("button", name=label).click()
    ada.sees(f"added the label {label}")
    expect(rail(ada).locator(".badge--label", has_text=label).first).to_be_visible()


def look_for_it(ada: Visitor, board: str, *, label: str) -> None:
    """The board shows it, and is narrowed to it; a key leads from a card to its labels."""
    ada.open(board)
    ada.page.locator("#filter-label").select_option(label=label)
    expect(ada.page.locator(".request-card .badge--label", has_text=label)).to_be_visible()
    assert "label=" in ada.page.url
    ada.looks("72-board-by-label")
    ada.page.keyboard.press("j")
    ada.page.keyboard.press("l")
    expect(rail(ada).locator(".menu[open]")).to_contain_text("What is it about?")


def speak_to(ada: Visitor, path: str, name: str) -> None:
    """A few letters behind an @ find who is meant."""
    ada.open(path)
    text = ada.page.get_by_label("Say something")
    text.press_sequentially(f"Does this work on holidays, @{name[:3].lower()}")
    expect(ada.page.get_by_role("option", name=name)).to_have_attribute("aria-selected", "true")
    ada.looks("73-whom-you-mean")
    text.press("Enter")
    expect(text).to_have_value(f"Does this work on holidays, @{name} ")
    text.press_sequentially("or **not**?")
    ada.press("Comment")
    expect(ada.page.locator(".comment strong", has_text=f"@{name}")).to_be_visible()


def change_it(ada: Visitor, name: str) -> None:
    said = ada.page.locator(".comment", has_text="holidays")
    said.locator("summary", has_text="Change").click()
    said.get_by_label("Your words").fill(f"Does this work on *Sundays*, @{name}?")
    ada.press("Save", within=said)
    expect(ada.page.locator(".comment", has_text="Sundays")).to_contain_text("changed")


def hear_and_react(developer: Visitor, ada: Visitor, name: str) -> None:
    """Who is spoken to is told once, however often it was changed, and led to the words."""
    developer.open("/inbox")
    told = developer.page.locator("main").get_by_role("link", name="spoke to you on #1")
    expect(told).to_have_count(1)
    told.click()
    said = developer.page.locator(".comment", has_text="Sundays")
    expect(said.locator("summary", has_text="Change")).to_have_count(0)
    said.get_by_label("React").click()
    developer.looks("74-react")
    developer.press("Celebrate", within=said)
    expect(said.get_by_role("button", name="Celebrate 1")).to_have_attribute("aria-pressed", "true")
    ada.page.reload()
    hers = ada.page.locator(".comment", has_text="Sundays")
    ada.press("Celebrate 1", within=hers)
    expect(hers.get_by_role("button", name="Celebrate 2")).to_be_visible()
    developer.page.reload()
    expect(said.get_by_role("button", name="Celebrate 2")).to_have_attribute("title", re.compile(name))


def stop_watching(developer: Visitor) -> None:
    expect(rail(developer)).to_contain_text("1 person")
    developer.press("Watch", within=rail(developer))
    expect(rail(developer)).to_contain_text("2 people")
    developer.press("Stop watching", within=rail(developer))
    expect(rail(developer)).to_contain_text("1 person")
    developer.looks("75-request")


def take_it_back(ada: Visitor, path: str) -> None:
    ada.open(path)
    said = ada.page.locator(".comment", has_text="Sundays")
    said.locator("summary", has_text="Take back").click()
    ada.press("Take back", within=said)
    ada.sees("said something and took it back")
    expect(ada.page.get_by_text("Sundays")).to_have_count(0)
