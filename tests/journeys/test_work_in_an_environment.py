"""A task is published, an environment of it is made, opened, worked in, verified and torn down, all in the browser."""

import pytest
from playwright.sync_api import expect

from tests.environments.conftest import packed
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.road import new_project
from tests.support.installation import Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]

GONE = 410
TASK = """name: mend-the-door-{place}
version: 1.0.0
description: The door of the shop does not open.
instruction: Make {{{{ web_url }}}} say that the door is open.
services:
  web: {{command: python3 -m http.server $PORT --bind 127.0.0.1}}
provision: {{script: prepare.sh}}
verification: {{method: script, script: check.sh}}
"""
FILES = {
    "index.html": "<!doctype html><html lang=en><title>Shop</title><link rel=icon href=data:,><h1>The door is shut</h1></html>",
    "prepare.sh": "echo The shop is prepared",
    "check.sh": "grep -q 'door is open' index.html && echo The door is open",
}


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_task_is_published_and_worked_on(installation: Installation, visit, window) -> None:
    place = window[1]
    project = new_project(installation, f"Shop {place}")
    board = f"/{project['url'].split('/', 3)[3]}"
    task = {"task.yaml": TASK.format(place=place)}

    ada = visit(installation, "Ada Admin", window).sign_in()
    ada.page.wait_for_url(f"{installation.url}/")
    ada.open(board).go_to("Environments")
    ada.heading("Environments")
    ada.sees("No environments yet")
    ada.looks("environments-none")

    ada.forgiven = ("status of 422",)
    publish(ada, {"task.yaml": task["task.yaml"].replace("1.0.0", "one")})
    ada.sees("Line 2: version has to be three numbers, such as 1.4.0")
    ada.looks("task-refused")
    publish(ada, task | FILES)
    expect(ada.page.get_by_text(f"mend-the-door-{place}@1.0.0 is published.")).to_be_visible()
    ada.looks("environments-with-task")

    ada.page.get_by_label("Minutes it lives").fill("30")
    ada.press("Make it")
    ada.heading(f"mend-the-door-{place}@1.0.0")
    ada.page.evaluate("window.stayed = true")
    expect(ada.page.get_by_role("heading", name="Services")).to_be_visible()
    ada.has_stayed()
    ada.looks("environment")

    ada.sees("say that the door is open.")
    assert ada.page.get_by_text("{{").count() == 0

    shop = ada.opens("web")
    expect(shop.get_by_role("heading")).to_have_text("The door is shut")

    run(ada, "sed -i 's/is shut/is open/' index.html; echo mended; cat prepared.txt")
    said = ada.page.get_by_role("region", name="What it says")
    expect(said).to_contain_text("mended")
    expect(said).to_contain_text("exit code 1")
    ada.looks("environment-after-a-command")
    shop.reload()
    expect(shop.get_by_role("heading")).to_have_text("The door is open")

    ada.press("Find out now")
    ada.sees("Yes, it is done.")
    ada.looks("environment-verified")

    ada.page.locator("summary", has_text="Tear it down").click()
    ada.press("Yes, tear it down")
    ada.sees("Torn down")
    expect(ada.page.get_by_role("heading", name="Run a command")).to_have_count(0)
    ada.looks("environment-over")
    ada.forgiven = ("status of 410",)
    wait_until(lambda: shop.reload().status == GONE, 30, "its address to say that it is gone")


def publish(visitor, files: dict[str, str]) -> None:
    archive = {"name": "task.tar.gz", "mimeType": "application/gzip", "buffer": packed(files).read()}
    visitor.page.get_by_label("Archive").set_input_files(archive)
    visitor.press("Publish")


def run(visitor, command: str) -> None:
    visitor.page.get_by_label("Command").fill(command)
    visitor.press("Run it")
