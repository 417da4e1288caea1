"""Two people walk the whole road in their browsers: asked for, built, tried, accepted, merged, live."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import ask as ask_api
from tests.journeys.road import invitation_for, new_project
from tests.journeys.visitor import Visitor
from tests.support.installation import PASSWORD, Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]

TITLE = "Show the opening hours on the contact page"
STORY = [
    "Rae Requester asked for this",
    "Rae Requester started the questions",
    "Rae Requester accepted how it will be checked",
    "Ada Admin started the work",
    "Greenroom finished the work",
    "Greenroom made it ready to try",
    "Rae Requester accepted it",
    "Ada Admin opened the merge",
    "Ada Admin merged it",
    "It is live.",
]


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_the_first_link_to_the_live_page(install, visit, window) -> None:
    here = install()
    ada, rae = visit(here, "Ada Admin", window), visit(here, "Rae Requester", window)

    begin(ada, here)
    invitation = invite(ada)
    join(rae, invitation)
    ask(rae)
    answer(rae)
    build(ada, rae, here)
    preview = accept(rae)
    merge(ada)
    see_it_live(ada, rae, here, preview)


def test_without_scripts(installation, visit) -> None:
    """The forms alone carry a wish from its sentence to its preview; each answers with where to go on."""
    here, rae = installation, visit(installation, "Rae Requester", PHONE, scripts=False)
    ada = visit(here, "Ada Admin", scripts=False).sign_in()
    project = new_project(here, "Corner shop", "static")
    rae.open(invitation_for(here, rae.email, "requester"))
    rae.page.get_by_label("Your name").fill(rae.name)
    rae.page.get_by_label("Choose a password").fill(PASSWORD)
    rae.press("Join Ada's Bakery")
    rae.follow("Corner shop")
    rae.follow("Write the first request")
    rae.page.get_by_label("In one sentence").fill(TITLE)
    rae.press("File it")
    rae.go_to("Board")
    rae.page.get_by_label("A new request, in one sentence").fill("Link to the bakery photos")
    rae.press("Add")
    rae.picture("50-board")
    rae.page.locator("#board").get_by_role("link", name=TITLE).click()

    rae.press("Answer the questions")
    rae.heading("Questions")
    for question in rae.page.locator("fieldset.question").all():
        question.get_by_role("radio").first.check()
    with rae.page.expect_navigation():
        rae.press("Save the answers")
    for question in rae.page.locator("fieldset.question").all():
        expect(question.get_by_role("radio").first).to_be_checked()
    rae.picture("51-answered")
    rae.press("See how you will check it")
    rae.page.get_by_role("button", name="Accept: this is how").click()
    rae.sees("It is clear what to build.")

    ada.open("/")
    ada.page.locator("#needs-you").get_by_role("link", name=TITLE).click()
    ada.heading(TITLE)
    ada.press("Start the work")
    ada.heading(TITLE)
    status = f"/requests/{first_request(here, project)}/preview/status"
    wait_until(lambda: ask_api(here, "GET", status)["status"] == "ready", 60, "the preview to be ready")
    rae.page.reload()
    rae.sees("It is ready to try.")
    rae.picture("52-ready-to-try")
    for visitor in (ada, rae):
        answers = [(request.url, request.response()) for request in visitor.asked if request.method == "POST"]
        assert [
            (url, answer and answer.status)
            for url, answer in answers
            if answer is None or answer.status != 303
        ] == []


def first_request(here: Installation, project: Any) -> str:
    found = ask_api(here, "GET", f"/projects/{project['id']}/requests?limit=100")
    return str(next(each["id"] for each in found if each["number"] == 1))


def begin(ada: Visitor, here: Installation) -> None:
    """The link that the start printed makes the first admin, the first organization and project."""
    printed = (here.home / "up.log").read_text()
    link = re.search(rf"{re.escape(here.url)}/welcome/\S+", printed)
    assert link, printed
    ada.open(link[0])
    ada.heading("Welcome to your Greenroom")
    ada.looks("01-welcome")
    ada.page.get_by_label("Your name").fill(ada.name)
    ada.page.get_by_label("E-mail").fill(ada.email)
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.page.get_by_label("Organization").fill("Northwind")
    ada.press("Begin")

    ada.heading("Who shall reach this?")
    ada.looks("02-reach")
    ada.press("This is my answer")  # this computer
    ada.heading("How do you want to begin?")
    ada.looks("02-begin")
    ada.follow("Choose a starter")
    ada.heading("Your first project")
    ada.looks("02-new-project")
    ada.page.get_by_label("Name", exact=True).fill("Website")
    expect(ada.page.get_by_role("radio", name="A small website")).to_be_checked()
    ada.press("Make the project")

    ada.sees("No requests yet")
    assert urlsplit(ada.page.url).path == "/northwind/website"
    ada.looks("03-empty-board")


def invite(ada: Visitor) -> str:
    """The link is shown once, to be copied."""
    ada.go_to("Members")
    ada.heading("Members")
    ada.page.get_by_label("E-mail addresses").fill("rae@example.org")
    ada.page.get_by_role("radio", name="Requester").check()
    ada.press("Make the links")
    ada.sees("Send this link")
    ada.looks("04-invited")
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ada.url)
    link = ada.page.get_by_label("Link for rae@example.org")
    ada.page.locator("#links").get_by_role("button", name="Copy").click()
    expect(ada.page.locator("#links").get_by_role("button", name="Copied")).to_be_visible()
    assert ada.page.evaluate("navigator.clipboard.readText()") == link.input_value()
    return link.input_value()


def join(rae: Visitor, link: str) -> None:
    """Who invites to what stands there before anything is asked."""
    rae.open(link)
    rae.heading("Join Northwind")
    rae.sees("Ada Admin invites you to Northwind on Greenroom.")
    rae.sees("You come in as Requester.")
    rae.looks("05-invitation")
    rae.page.get_by_label("Your name").fill(rae.name)
    expect(rae.page.get_by_label("E-mail")).to_have_value(rae.email)
    rae.page.get_by_label("Choose a password").fill(PASSWORD)
    rae.press("Join Northwind")
    rae.heading("Projects")
    rae.looks("06-projects")
    expect(rae.page.get_by_role("link", name="New project")).to_have_count(0)


def ask(rae: Visitor) -> None:
    """One with the form, one more with the line above the board."""
    rae.follow("Website")
    rae.follow("Write the first request")
    rae.heading("What do you need?")
    rae.looks("07-new-request")
    rae.page.get_by_label("In one sentence").fill(TITLE)
    rae.page.get_by_label("More about it").fill("People call us to ask **when** we are open.")
    rae.press("File it")
    rae.heading(TITLE)
    rae.looks("08-request-filed")

    rae.go_to("Board")
    rae.page.get_by_label("A new request, in one sentence").fill("Link to the bakery photos")
    rae.page.keyboard.press("Enter")
    expect(rae.page.locator("#column-draft")).to_contain_text("Link to the bakery photos")
    expect(rae.page.get_by_label("A new request, in one sentence")).to_have_value("")
    rae.looks("09-board")
    rae.page.locator("#board").get_by_role("link", name=TITLE).click()


def answer(rae: Visitor) -> None:
    """The questions offer what the app itself has; the scenarios grow beside the answers."""
    rae.press("Answer the questions")
    rae.heading("Questions")
    rae.looks("10-questions")
    questions = rae.page.locator("fieldset.question")
    assert 1 <= questions.count() <= 5
    before = rae.page.locator("#criteria").inner_text()
    for question in questions.all():
        choices = question.get_by_role("radio")
        if choices.count() > 1:
            choices.first.check()
        else:
            question.get_by_role("textbox").fill("Monday to Friday, 7 to 18")
    expect(rae.page.locator("#criteria")).not_to_have_text(before)
    rae.looks("11-answered")
    rae.press("See how you will check it")
    rae.heading(re.compile("How you.ll check it"))
    rae.looks("12-criteria")
    rae.page.get_by_role("button", name="Accept: this is how").click()
    rae.sees("It is clear what to build.")
    rae.looks("13-request-ready")


def build(ada: Visitor, rae: Visitor, here: Installation) -> None:
    """Ada starts; whoever looks sees it go on, and asks no more once it is there."""
    ada.open("/")
    expect(ada.page).to_have_title("(1) Home · Greenroom")
    ada.looks("14-home")
    for visitor in (ada, rae):
        visitor.context.clock.install()
    ada.page.locator("#needs-you").get_by_role("link", name=TITLE).click()
    ada.heading(TITLE)
    ada.looks("15-ready-to-build")
    with held(here, "worker-build"):
        with held(here, "worker-quick"):  # so that there is something to watch
            ada.press("Start the work")
            ada.sees("It waits for its turn.")
            ada.looks("16-work-waiting")
            rae.page.reload()
            rae.sees("It is being built.")
            ada.watches()
            rae.watches()
        ada.sees("The change is made")
        rae.sees("It was built, and is being made ready to try.")
        rae.has_stayed()
        rae.looks("17-being-made-ready")
        rae.follow("Watch it")
        rae.heading("Preview")
        rae.sees("Waiting for its turn to be built.")
        rae.looks("18-preview-queued")
        rae.watches()
    rae.sees("Up and running.")
    ada.sees("It is ready to try.")
    for visitor in (ada, rae):
        visitor.has_stayed()
        visitor.asks_no_more()
    ada.looks("19-work-done")
    rae.looks("20-preview-ready")


@contextmanager
def held(here: Installation, role: str) -> Iterator[None]:
    """Hold a process for a while: what it would do waits."""
    here.kill(role, signal.SIGSTOP)
    try:
        yield
    finally:
        here.kill(role, signal.SIGCONT)


def accept(rae: Visitor) -> str:
    """She opens it at its own address and says yes on the main site, to just what she saw; returns its label."""
    rae.follow("Back to the request")
    rae.sees("It is ready to try.")
    rae.looks("21-ready-to-try")
    preview = rae.opens("Open the preview")
    label = urlsplit(preview.url).hostname.split(".")[0]  # type: ignore[union-attr]
    assert urlsplit(preview.url).path == "/"
    rae.looks("22-preview", preview)
    preview.get_by_role("link", name="See what request 1 would change").click()
    expect(preview.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(preview.get_by_text("Outline: not the finished change.")).to_be_visible()
    rae.looks("23-outline", preview)

    question = rae.press_on_bar(preview, "Accept")
    assert question.url.startswith(f"{rae.url}/northwind/website/requests/1/accept?commit=")
    expect(question.get_by_role("heading", level=1)).to_have_text("Accept this?")
    commit = parse_qs(urlsplit(question.url).query)["commit"][0]
    expect(question.locator("main")).to_contain_text(f"You say yes to version {commit[:10]}")
    rae.looks("24-accept", question)
    question.get_by_role("button", name="Yes, accept it").click()
    expect(question.locator("main")).to_contain_text("You accepted it.")
    rae.looks("25-accepted", question)
    question.close()
    preview.close()
    return label


def merge(ada: Visitor) -> None:
    """Ada hears of it and merges it, in one step."""
    ada.go_to("Inbox")
    ada.sees(f"Rae Requester accepted #1 {TITLE}. It can be merged.")
    ada.looks("26-inbox")
    ada.page.locator("main").get_by_role("link", name="accepted").click()
    ada.sees("Rae Requester accepted it.")
    ada.follow("Work", within=ada.page.get_by_role("navigation", name="Parts of the request"))
    ada.looks("27-work-accepted")
    ada.page.locator("#standing summary", has_text="Merge it").click()
    ada.looks("28-merge")
    ada.press("Yes, do it")
    ada.sees("merged it")
    ada.follow("Work", within=ada.page.get_by_role("navigation", name="Parts of the request"))
    ada.sees("is merged into main.")
    ada.looks("29-merged")


def see_it_live(ada: Visitor, rae: Visitor, here: Installation, preview: str) -> None:
    """It is live at the app's address, its preview is gone, and everybody can read how it came about."""
    rae.page.reload()
    expect(rae.page.locator("#standing")).to_contain_text("Live since")
    live = rae.opens("See it live")
    assert urlsplit(live.url).hostname == "website.preview.localhost"
    expect(live.get_by_role("link", name="See what request 1 would change")).to_be_visible()
    live.close()
    wait_until(lambda: here.open(preview).status == 410, 60, "the preview to be gone")
    rae.forgiven = ("410",)
    assert rae.page.goto(f"http://{preview}.preview.localhost:{here.gateway_port}/").status == 410
    rae.looks("30-preview-gone")

    rae.open("/northwind/website/requests/1")
    assert [line.split(" · ")[0] for line in rae.page.locator("#feed .feed > li").all_inner_texts()] == STORY
    rae.looks("31-request-live")
    rae.go_to("Inbox")
    expect(rae.page).to_have_title("(1) Inbox · Greenroom")  # her other wish waits for its answers
    rae.sees(f"#1 {TITLE} is live.")
    rae.looks("32-inbox")
    expect(rae.unread()).to_have_text("1")  # the last step of what she watches stands for those before
    rae.press("Mark all as read")
    expect(rae.page.get_by_role("button", name="Mark as read")).to_have_count(0)
    rae.page.reload()
    expect(rae.unread()).to_have_count(0)

    ada.open("/northwind/website?column=merged")
    expect(ada.page.locator("#column-merged")).to_contain_text(TITLE)
    expect(ada.page).to_have_title("Website · Greenroom")
    ada.looks("33-board")
