"""The ways in and one's own pages in a real Chromium, as a person on a phone and at a desk sees them."""

import os
import re
import shutil
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app.core.db import let_go
from app.organizations import operations
from app.projects.models import Starter
from tests.support.people import PASSWORD

# A page that is left while it loads drops connections, and the server of the tests its open file.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class _Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):  # noqa: A002 - werkzeug's name
        pass


@pytest.fixture
def chromium(app, people):
    """Serve the application under its own name to a Chromium that nobody else hears of."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium here: set CHROMIUM or install it")
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    rules = f"MAP greenroom.test:80 127.0.0.1:{server.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", f"--host-resolver-rules={rules}"]
        )
        yield browser
        browser.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(chromium):
    """Open a fresh browser at a width, in a theme, with or without scripts."""
    contexts = []

    def opened(*, width=1280, theme="light", scripts=True):
        context = chromium.new_context(
            base_url="http://greenroom.test",
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def sign_in(page, email="ada@example.com"):
    page.goto("/sign-in?next=/profile")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/profile")


@pytest.mark.parametrize("scripts", [True, False])
def test_comes_in_through_an_invitation(people, visit, scripts):
    _, url = operations.invite(people.organization, by=people.ada, email="nia@example.com")
    let_go()
    page = visit(width=360, theme="dark", scripts=scripts)

    page.goto(url)
    expect(page.get_by_text("Ada Admin invites you to Acme")).to_be_visible()
    page.get_by_label("Your name").fill("Nia New")
    page.get_by_label("Choose a password").fill("short")
    if not scripts:
        page.get_by_label("Choose a password").evaluate("field => field.removeAttribute('minlength')")
        page.get_by_role("button", name="Join Acme").click()
        expect(page.get_by_role("alert")).to_contain_text("at least 10 characters")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Join Acme").click()

    expect(page).to_have_url("http://greenroom.test/acme")
    expect(page.get_by_text("No projects yet")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_goes_where_one_wanted_to_go(people, visit, scripts):
    page = visit(scripts=scripts)

    page.goto("/profile/keys")
    page.get_by_label("E-mail").fill("bob@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("http://greenroom.test/profile/keys")
    page.get_by_label("What for").fill("laptop")
    page.get_by_role("button", name="Make the key").click()

    expect(page.get_by_label("Your new key", exact=True)).to_have_value(re.compile("^gr_"))


def test_keeps_the_theme_on_every_page(people, visit):
    page = visit()
    sign_in(page)

    page.get_by_label("Dark").last.check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page.goto("/acme/members")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_is_for_everybody(people, visit, width, theme):
    people.project("Intranet", starter=Starter.EMPTY)
    operations.invite(people.organization, by=people.ada)
    people.key(people.ada)
    let_go()
    page = visit(width=width, theme=theme)
    sign_in(page)

    for path in (
        *("/profile", "/profile/keys", "/inbox", "/acme", "/acme/members", "/acme/settings"),
        *("/acme/projects/new", "/acme/intranet/settings"),
    ):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
