"""A program makes the change; "Change this" by who asked puts it back to work, with just those words in its prompt."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.engine.repositories import Repository, Signature
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import CRITERIA, ask, invitation_for, new_project
from tests.journeys.visitor import Visitor
from tests.support.agents import SCRIPT
from tests.support.installation import PASSWORD, Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]

TITLE = "Say when we are open"
PROMPT = 'Put "Open 9 to 17" on the start page.'
FEEDBACK = 'On Sundays we are closed. Put "Closed on Sundays" there.'


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_two_rounds(installation, visit, window) -> None:
    here = installation
    who, where = ("Rita", "desktop") if window is DESKTOP else ("Rosa", "phone")
    project = new_project(here, f"Bakery on the {where}", "static")
    add_program(here, project)
    ada = visit(here, "Ada Admin", window).sign_in()
    rae = visit(here, f"{who} Requester", window)

    choose_program(ada, project)
    request = file_request(rae, here, project)
    start(ada, project, request)
    judge(rae, here, project, request, shows="Open 9 to 17", says="Change something")
    ask_for_change(rae, here, request)
    judge(rae, here, project, request, shows="Closed on Sundays", says="Accept it")
    rae.page.get_by_role("button", name="Yes, accept it").click()
    rae.sees("You accepted it.")
    rae.looks("67-accepted")


def add_program(here: Installation, project: Any) -> None:
    repository = Repository(here.home / "repositories" / f"{project['id']}.git")
    repository.commit_files(
        "main", {"bin/agent": SCRIPT.encode()}, kinds={"bin/agent": "executable"},
        message="Add the program", author=Signature("Bob Builder", "bob@example.org"),
    )  # fmt: skip


def address_of(project: Any) -> str:
    return str(project["repository"]["cloneUrl"]).split("/", 3)[3].removesuffix(".git")


def choose_program(ada: Visitor, project: Any) -> None:
    """The settings take its command, and try it."""
    ada.open(f"/{address_of(project)}/settings")
    section = ada.page.locator("#agent")
    section.get_by_text("Another one, by its command").click()
    section.get_by_role("textbox", name="Command").fill("./bin/agent {prompt_file}")
    ada.press("Save the agent")
    expect(ada.page.get_by_text("The agent is saved.")).to_be_visible()
    ada.press("Try it", within=ada.page.locator("#agent"))
    expect(ada.page.locator("#agent")).to_contain_text("./bin/agent is in the repository.")
    ada.looks("60-program")


def file_request(rae: Visitor, here: Installation, project: Any) -> Any:
    """Rae comes in and files a request that is clear at once."""
    rae.open(invitation_for(here, rae.email, "requester"))
    rae.page.get_by_label("Your name").fill(rae.name)
    rae.page.get_by_label("Choose a password").fill(PASSWORD)
    rae.press("Join Ada's Bakery")
    rae.heading("Projects")
    made = here.run("api-key", "create", "--email", rae.email, "--name", "t", "--scopes", "read,write")
    key = made.stdout.strip()
    asked = here.post(f"/api/projects/{project['id']}/requests", {"title": TITLE}, key=key).data
    agreed = {"gherkinCriteria": CRITERIA, "agentPrompt": PROMPT}
    assert here.post(f"/api/requests/{asked['id']}/interview/complete", agreed, key=key).status == 200
    return asked


def start(ada: Visitor, project: Any, request: Any) -> None:
    """Ada starts it by its name and sees what it says."""
    ada.open(f"/{address_of(project)}/requests/{request['number']}/work")
    ada.press("Start with agent")
    ada.sees("The change is made")
    log = ada.page.locator("[data-log] pre")
    expect(log).to_contain_text("Reading the request.")
    expect(log).to_contain_text("Wrote Open 9 to 17 on the page.")
    ada.sees("Round 1, by agent")
    ada.looks("61-work")


def judge(rae: Visitor, here: Installation, project: Any, request: Any, *, shows: str, says: str) -> None:
    """Rae opens the preview, sees what was made, and says what she thinks of it."""
    status = f"/requests/{request['id']}/preview/status"
    wait_until(lambda: ask(here, "GET", status)["status"] == "ready", 60, "the preview to be ready")
    rae.open(f"/{address_of(project)}/requests/{request['number']}")
    rae.sees("It is ready to try.")
    preview: Page = rae.opens("Open the preview")
    expect(preview.locator("#made")).to_have_text(shows)
    preview.close()
    rae.follow(says)


def ask_for_change(rae: Visitor, here: Installation, request: Any) -> None:
    """Her words start the next round by themselves."""
    rae.heading("What should be different?")
    rae.looks("64-change")
    rae.page.get_by_label("In your own words").fill(FEEDBACK)
    preview = f"/requests/{request['id']}/preview/status"
    before = ask(here, "GET", preview)["deploymentId"]
    rae.page.get_by_role("button", name="Ask for the change").click()
    done = {"round": 2, "status": "completed", "agent": "command", "preset": "own"}
    status = f"/requests/{request['id']}/development/status"
    wait_until(lambda: ask(here, "GET", status).items() >= done.items(), 60, "the second round")
    wait_until(lambda: ask(here, "GET", preview)["deploymentId"] != before, 60, "its preview")
