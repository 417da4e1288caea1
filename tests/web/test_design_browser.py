"""The design system in a real browser: accessible in both themes, no sideways scrolling, and the modules do their part."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, render_template_string, request
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from app.web import formats, languages, samples

pytestmark = pytest.mark.browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
LINES = ["one\n", "two\n", "three\n"]
BOARD = """{% from "components/board.html" import board %}{{ board(columns, current="in_review") }}"""
PAGE = (
    """{% extends "layouts/app.html" %}{% from "components/work.html" import log_viewer %}
{% from "components/button.html" import post_button %}{% block content %}<div class="page page--full">"""
    + BOARD
    + """{{ log_viewer("log", "/log", live=true, poll_ms=30) }}{{ log_viewer("old-log", "/log", title="Over") }}
{{ post_button("Refused", "/refused", attrs={"hx-post": "/refused", "hx-target": "#log", "hx-swap": "outerHTML"}) }}
</div>{% endblock content %}"""
)


def demo() -> Flask:
    """A small application around the real templates: a board that takes drops, a log that grows."""
    app = Flask("demo", root_path=str(Path(__file__).parents[2]))
    app.config.update(SECRET_KEY="demo", moved=[])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    languages.init_app(app)
    formats.init_app(app)
    _pages(app)
    _parts(app)
    return app


def _pages(app: Flask) -> None:
    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return Response(status=204)

    @app.get("/design")
    @app.get("/design/plain")
    def design() -> str:
        name = "plain" if request.path.endswith("plain") else "page"
        return app.jinja_env.get_template(f"design/{name}.html").render(**samples.everything())

    @app.get("/page")
    def page() -> str:
        return render_template_string(PAGE, **movable())


def _parts(app: Flask) -> None:
    @app.get("/log")
    def log() -> Response:
        text = "".join(LINES)
        offset = int(request.args["offset"])
        new = text[offset:][:5]
        headers = {
            "X-Log-Offset": str(offset + len(new)),
            "X-Log-Ended": str(offset + len(new) >= len(text)).lower(),
        }
        return Response(new, mimetype="text/plain", headers=headers)

    @app.post("/move")
    def move() -> str:
        app.config["moved"].append((request.form.to_dict(), request.headers.get("X-CSRFToken")))
        return render_template_string(BOARD, **movable())

    @app.post("/refused")
    def refused() -> Response:
        html = app.jinja_env.get_template("errors/_toast.html").render(
            status=409, kind="conflict", message="Somebody else was first.", g={}
        )
        return Response(html, 409, headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})


def movable() -> dict[str, Any]:
    context = samples.everything()
    for column in context["columns"]:
        for card in column.cards:
            card.move_url = "/move"
    return context


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, Flask]]:
    app = demo()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium here: set CHROMIUM or install it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(site: tuple[str, Flask], chromium: Browser):
    """Open a page at a width, in a theme; a script error or a violated policy fails the test."""
    pages: list[Page] = []
    troubles: list[str] = []

    def opened(path: str, *, width: int = 1280, theme: str = "light", scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=theme, java_script_enabled=scripts,
            reduced_motion="reduce", timezone_id="Pacific/Auckland",
        )  # fmt: skip
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None
        )
        page.goto(site[0] + path)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert troubles == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/design", "/design/plain"])
def test_everybody_can_use_it(visit, path: str, width: int, theme: str) -> None:
    page = visit(path, width=width, theme=theme)

    found = Axe().run(page)

    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_theme_is_kept(visit) -> None:
    page = visit("/design")
    page.get_by_role("button", name="Dark").first.click()
    dark = page.evaluate("getComputedStyle(document.body).color")

    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).color") == dark
    expect(page.get_by_role("button", name="Dark").first).to_have_attribute("aria-pressed", "true")


def test_a_dialog_opens_and_closes(visit) -> None:
    page = visit("/design")
    page.get_by_role("link", name="Open a dialog").click()
    expect(page.locator("#sample-dialog")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("#sample-dialog")).to_be_hidden()


def test_a_menu_closes_on_a_click_elsewhere(visit) -> None:
    page = visit("/design")
    page.get_by_text("Move to", exact=True).first.click()
    expect(page.get_by_text("Somebody has to try it first.").first).to_be_visible()

    page.get_by_role("heading", name="States").click()

    expect(page.get_by_text("Somebody has to try it first.").first).to_be_hidden()


def test_the_drawer_opens_without_scripts(visit) -> None:
    page = visit("/design", width=360, scripts=False)

    page.get_by_label("Menu").click()

    expect(page.locator(".drawer__panel").get_by_role("link", name="Members")).to_be_visible()
    expect(page.locator(".drawer__panel [data-needs-js]").first).to_be_hidden()
    page.locator(".drawer__panel").get_by_role("button", name="Sign out").click(trial=True)


def test_keys_walk_the_board_and_explain_themselves(visit) -> None:
    page = visit("/page")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-selected]")).to_have_attribute("id", "card-19")
    page.keyboard.press("k")
    expect(page.locator("[data-selected]")).to_have_attribute("id", "card-20")

    page.keyboard.press("?")

    expect(page.locator("#keys-help")).to_be_visible()


def test_a_log_grows_to_its_end(visit) -> None:
    page = visit("/page")

    expect(page.locator("#log pre")).to_have_text("".join(LINES))

    expect(page.locator("#log")).not_to_have_attribute("data-live", "")


def test_a_log_that_is_over_is_fetched_whole(visit) -> None:
    page = visit("/page")

    expect(page.locator("#old-log pre")).to_have_text("".join(LINES))


def test_an_error_with_a_place_becomes_a_toast_that_can_be_closed(visit) -> None:
    page = visit("/page")
    page.get_by_role("button", name="Refused").click()
    expect(page.locator("#toasts")).to_contain_text("Somebody else was first.")

    page.locator("#toasts").get_by_role("button", name="Close").click()

    expect(page.locator("#toasts .toast")).to_have_count(0)
    expect(page.locator("#log")).to_be_visible()


def drag(page: Page, card: str, column: str) -> None:
    """Move the mouse in steps: drag and drop listens to where it has been."""
    page.locator(column).scroll_into_view_if_needed()
    start, end = page.locator(card).bounding_box(), page.locator(column).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 60, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(start["x"] + 70, start["y"] + 40, steps=4)
    for step in range(100):  # a resting mouse still tells where it is; this one must move to be heard
        page.mouse.move(end["x"] + 80 + step % 5, end["y"] + 40, steps=3)
        if page.locator(f"{column} {card}").count():
            break
    page.mouse.up()


def test_a_card_moves_where_it_may(visit, site) -> None:
    site[1].config["moved"].clear()
    page = visit("/page", width=2200)
    with page.expect_response("**/move"):
        drag(page, "#card-17", "#column-in_development [data-cards]")

    form, token = site[1].config["moved"][0]

    assert form["to"] == "in_development"
    assert "15" in {form["before"], form["after"]}
    assert token == "token"


def test_a_card_that_may_not_move_goes_back_and_says_why(visit, site) -> None:
    site[1].config["moved"].clear()
    page = visit("/page", width=2200)

    drag(page, "#card-17", "#column-merged [data-cards]")

    expect(page.locator("#toasts")).to_contain_text("cannot go to Live from here. Open: Being built.")
    expect(page.locator("#column-ready #card-17")).to_be_visible()
    assert site[1].config["moved"] == []


def test_times_are_told_in_the_readers_zone(visit) -> None:
    page = visit("/design")

    title = page.locator("#people time[data-ago]").first.get_attribute("title")

    assert title
    assert "UTC" not in title
