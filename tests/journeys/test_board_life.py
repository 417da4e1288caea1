"""The life of a board: steps, waiting, votes, duplicates, a view of one's own, and wishes of guests."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask, new_project
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.real, pytest.mark.browser]


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_lives_on_the_board(installation, visit, window) -> None:
    project = new_project(installation, f"Shop {window[0][0]}")
    hours, again, letters = (
        ask(installation, "POST", f"/projects/{project['id']}/requests", {"title": title})
        for title in ("Show the hours", "When are you open?", "Bigger letters")
    )
    ada = visit(installation, "Ada Admin", window).sign_in()
    ada.forgiven = ("422",)  # a number that leads to no request

    tick_steps(ada, hours)
    wait_for_another(ada, hours, letters)
    vote(ada, again)
    close_as_the_same(ada, again, hours)
    order_by_hand(ada, project)
    keep_a_view(ada, project)
    address = open_the_way_in(ada, project)
    ask_as_a_guest(visit(installation, "Gil Guest", window), address)
    take_it_over(ada, project)

    counted = ask(installation, "GET", f"/requests/{hours['id']}")
    assert counted["steps"] == {"total": 2, "done": 1}
    assert [each["number"] for each in counted["blockedBy"]] == [letters["number"]]
    assert counted["votes"] == 1
    assert ask(installation, "GET", f"/requests/{again['id']}")["duplicateOfId"] == hours["id"]


def tick_steps(ada: Visitor, request) -> None:
    ada.open(request["url"])
    steps = ada.page.locator("#steps")
    for words in ("Ask the shop", "Draw a sketch"):
        steps.get_by_label("A new step").fill(words)
        ada.press("Add step", within=steps)
        expect(steps.get_by_text(words)).to_be_visible()
    steps.get_by_role("button", name="Done: Ask the shop").click()
    expect(steps.get_by_role("heading")).to_contain_text("1 of 2")
    steps.get_by_label("Change the step: Draw a sketch").click()
    ada.press("One up", within=steps)
    expect(steps.locator("li").first).to_contain_text("Draw a sketch")
    ada.looks("70-steps")


def wait_for_another(ada: Visitor, request, other) -> None:
    ada.page.get_by_text("Wait for another").click()
    ada.page.get_by_label("Which request comes first?").fill("#999")
    ada.press("Wait for it")
    ada.sees("There is no such request that you can see.")
    ada.looks("71-no-such-request")
    ada.page.get_by_label("Which request comes first?").fill(f"#{other['number']}")
    ada.press("Wait for it")
    expect(ada.page.locator("#rail")).to_contain_text(f"#{other['number']} Bigger letters")
    ada.looks("72-waits")


def vote(ada: Visitor, request) -> None:
    ada.open(request["url"])
    ada.press("Vote · 0")
    expect(ada.page.get_by_role("button", name="Voted · 1")).to_be_visible()


def close_as_the_same(ada: Visitor, request, other) -> None:
    ada.page.get_by_text("It is the same as another").click()
    ada.page.get_by_label("As which request?").fill(str(other["number"]))
    ada.press("Close it as the same")
    ada.sees(f"It is the same as #{other['number']} Show the hours.")
    ada.looks("73-the-same")
    ada.follow(f"Open #{other['number']}")
    expect(ada.page.locator("#rail")).to_contain_text("When are you open?")


def order_by_hand(ada: Visitor, project) -> None:
    ada.open(f"{project['url']}?column=draft")
    cards = ada.page.locator("#column-draft [data-card]")
    expect(cards.last).to_contain_text("Show the hours")
    cards.last.get_by_label(re.compile("^Move #")).click()
    ada.looks("74-board")
    ada.press("To the top", within=cards.last)
    expect(cards.first).to_contain_text("Show the hours")
    expect(cards.first).to_contain_text("1 of 2")


def keep_a_view(ada: Visitor, project) -> None:
    ada.open(f"{project['url']}?sort=-votes&list=1")
    ada.page.get_by_text("Save this view").click()
    ada.page.get_by_label("What is it called?").fill("Most wanted")
    ada.looks("75-save-a-view")
    ada.press("Save")
    kept = ada.page.get_by_role("group", name="Saved views").get_by_role("link", name="Most wanted")
    expect(kept).to_have_attribute("aria-current", "page")
    expect(ada.page.locator(".item").first).to_contain_text("Show the hours")
    ada.follow("Manage views")
    ada.looks("76-views")


def open_the_way_in(ada: Visitor, project) -> str:
    ada.open(f"{project['url']}/intake")
    ada.press("Open it and make a link")
    link = ada.page.get_by_label("Link", exact=True)
    expect(link).to_be_visible()
    ada.looks("77-the-way-in")
    return link.input_value()


def ask_as_a_guest(gil: Visitor, address: str) -> None:
    gil.open(address)
    gil.looks("78-a-wish")
    gil.page.get_by_label("In one sentence").fill("More light")
    gil.page.get_by_label("Your name").fill(gil.name)
    gil.press("Send it")
    gil.heading("Thank you")
    gil.looks("79-thanks")


def take_it_over(ada: Visitor, project) -> None:
    ada.open(f"{project['url']}?column=draft")
    ada.sees("from a guest")
    ada.follow("More light")
    ada.sees("Gil Guest, a guest, asks for this.")
    ada.looks("80-from-a-guest")
    ada.press("Take it over")
    ada.sees("A few questions, and it is clear what to build.")
