"""Developers push what they have with git, work on a request's branch, and see it built, tried, merged and live."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.repositories import FLASK, VITE, Clone
from tests.journeys.road import ask, clear_request, invitation_for, new_project
from tests.journeys.visitor import Visitor
from tests.support.installation import PASSWORD, Installation

pytestmark = [pytest.mark.real, pytest.mark.browser]


@pytest.fixture
def clone(tmp_path: Path) -> Callable[..., Clone]:
    """Return a way to an empty folder, or to a clone of an address, on somebody's machine."""

    def make(who: str, name: str, address: str = "") -> Clone:
        folder = tmp_path / who.replace(" ", "-").lower() / name
        folder.mkdir(parents=True)
        made = Clone(folder, who)
        made.git(*(["clone", "-q", address, "."] if address else ["init", "-qb", "main"]))
        return made

    return make


def come_in(visitor: Visitor, here: Installation, role: str) -> str:
    """Come by an invitation and make a key on the keys page; returns the key."""
    visitor.open(invitation_for(here, visitor.email, role))
    visitor.page.get_by_label("Your name").fill(visitor.name)
    visitor.page.get_by_label("Choose a password").fill(PASSWORD)
    visitor.press("Join Ada's Bakery")
    visitor.heading("Projects")
    visitor.open("/profile/keys")
    visitor.page.get_by_label("What for").fill("git on my laptop")
    visitor.press("Make the key")
    visitor.sees("Your new key, shown this once")
    return visitor.page.get_by_label("Your new key", exact=True).input_value()


def with_key(address: str, key: str) -> str:
    return address.replace("://", f"://me:{key}@", 1)


def take_on(bob: Visitor, request: str) -> str:
    """Take a request on by hand; returns the branch that the page names."""
    bob.open(request)
    bob.press("Do it by hand")
    bob.sees("The work waits for commits on")
    commands = bob.page.locator("pre", has_text="git fetch").inner_text()
    return re.search(r"requests/\d+-[\w-]+", commands)[0]  # type: ignore[index]


def merge(bob: Visitor, here: Installation, request_id: str, commit: str) -> None:
    """Ada accepts it; Bob opens the pull request, sees that it merges, and merges."""
    ask(
        here,
        "POST",
        f"/requests/{request_id}/transition",
        {"action": "approve", "payload": {"commitSha": commit}},
    )
    bob.page.reload()
    bob.press("Only open the pull request")
    bob.sees("can be merged into main.")
    bob.page.reload()
    bob.page.locator("#standing summary", has_text="Merge it").click()
    bob.press("Yes, do it")
    bob.sees("merged it")


def see_live(bob: Visitor, project: str) -> Page:
    bob.open(f"{project}/live")
    expect(bob.page.locator("[data-live]")).to_have_count(0)
    bob.sees("Live since")
    bob.looks("live")
    return bob.opens("Open")


def test_a_flask_app_with_a_websocket(installation, visit, clone) -> None:
    here, bob = installation, visit(installation, "Bob Builder")
    key = come_in(bob, here, "developer")
    bob.looks("keys")
    project = new_project(here, "Shop")
    path = urlsplit(project["repository"]["cloneUrl"]).path.removesuffix(".git")
    bob.open(path)
    shown = bob.page.locator("#push-commands").get_by_text(re.compile("git remote add")).inner_text()
    assert f"git remote add greenroom {project['repository']['cloneUrl']}" in shown
    bob.looks("empty-repository")

    mine = clone("Bob Builder", "shop")
    mine.git("remote", "add", "greenroom", with_key(project["repository"]["cloneUrl"], key))
    mine.commit(FLASK, "The shop as it is")
    said = mine.git("push", "greenroom", "HEAD:main")
    assert (
        f"remote: Greenroom: this is built and goes live at http://shop.preview.localhost:{here.gateway_port}"
        in said
    )
    live = see_live(bob, path)
    expect(live.locator("#hours")).to_have_text("Open 9 to 17")
    expect(live.locator("#said")).to_have_text("HELLO OVER THERE")
    live.close()

    request = clear_request(here, project, "Open until seven")
    branch = take_on(bob, f"{path}/requests/1")
    assert branch == "requests/1-open-until-seven"
    bob.looks("by-hand")
    mine.git("fetch", "-q", "greenroom")
    mine.git("switch", "-q", branch)
    page = FLASK["templates/home.html"].replace("9 to 17", "9 to 19")
    commit = mine.commit({"templates/home.html": page}, "Open until seven")
    said = mine.git("push", "greenroom", "HEAD")
    assert f"remote:   Preview: http://1-shop.preview.localhost:{here.gateway_port}" in said
    bob.sees("It is ready to try.")
    preview = bob.opens("Open the preview")
    assert urlsplit(preview.url).netloc == f"1-shop.preview.localhost:{here.gateway_port}"
    expect(preview.locator("#hours")).to_have_text("Open 9 to 19")
    expect(preview.locator("#said")).to_have_text("HELLO OVER THERE")
    expect(preview.locator("greenroom-bar")).to_be_attached()
    preview.close()

    merge(bob, here, request["id"], commit)
    live = see_live(bob, path)
    expect(live.locator("#hours")).to_have_text("Open 9 to 19")
    expect(live.locator("#said")).to_have_text("HELLO OVER THERE")


def test_a_page_that_vite_builds(installation, visit, clone) -> None:
    here, bea = installation, visit(installation, "Bea Builder")
    key = come_in(bea, here, "developer")
    project = new_project(here, "Garden")
    address = project["repository"]["cloneUrl"]
    path = urlsplit(address).path.removesuffix(".git")
    first = clone("Bea Builder", "first")
    first.commit(VITE, "The garden as it is")
    first.git("push", "-q", with_key(address, key), "HEAD:main")
    live = see_live(bea, path)
    expect(live.locator("#app p")).to_have_text("2 beds, production")
    live.close()

    request = clear_request(here, project, "A bed of dill")
    branch = take_on(bea, f"{path}/requests/1")
    mine = clone("Bea Builder", "garden", with_key(address, key))
    mine.git("switch", "-q", branch)
    commit = mine.commit({"beds.js": 'export const beds = ["beans", "chard", "dill"];\n'}, "A bed of dill")
    assert "remote:   Preview: http://1-garden.preview.localhost" in mine.git("push", "origin", "HEAD")
    bea.sees("It is ready to try.")
    preview = bea.opens("Open the preview")
    expect(preview.locator("#app p")).to_have_text("3 beds, production")
    preview.close()

    merge(bea, here, request["id"], commit)
    expect(see_live(bea, path).locator("#app p")).to_have_text("3 beds, production")
    mine.git("switch", "-q", "main")
    mine.git("pull", "-q")
    assert "dill" in (mine.folder / "beds.js").read_text()


def test_who_may_not_push_is_told_so(installation, visit, clone) -> None:
    here = installation
    address = new_project(here, "Website", "static")["repository"]["cloneUrl"]
    looks = come_in(visit(here, "Vic Viewer"), here, "viewer")
    builds = come_in(visit(here, "Ben Builder"), here, "developer")

    theirs = clone("Vic Viewer", "website", with_key(address, looks))
    theirs.commit({"index.html": "<h1>Mine</h1>"}, "Mine")
    refused = theirs.try_git("push", "origin", "HEAD:mine")
    assert refused.failed
    assert "You may clone Website, not push to it." in refused.text

    mine = clone("Ben Builder", "website", with_key(address, builds))
    before = mine.git("rev-parse", "HEAD")
    mine.commit({"index.html": "<h1>Mine</h1>"}, "Mine")
    refused = mine.try_git("push", "origin", "HEAD:main")
    assert refused.failed
    assert "main is protected: push to a branch of its own and have it merged in Greenroom." in refused.text
    mine.git("push", "-q", "origin", "HEAD:mine")
    assert before.strip() in mine.git("ls-remote", "origin", "refs/heads/main")
