"""A preview is somebody's code: what it tries against the main site, in the name of whoever looks at it, gets nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.repositories import Clone
from tests.journeys.road import ask, clear_request, new_project
from tests.support.installation import Installation, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]

# It reads where the main site is, and what is to be accepted, from the review bar's own tag.
SERVER = """import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        kind, body = "text/html", Path("index.html").read_bytes()
        if self.path == "/headers":
            kind, body = "application/json", json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "basket=full; Domain=localhost; Path=/")
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""
HONEST = "<!doctype html><html lang='en'><title>Shop</title><link rel='icon' href='data:,'><h1>Shop</h1>"
HOSTILE = (
    HONEST
    + """<output id="results"></output><script type="module">
const bar = document.querySelector("script[data-accept]");
const accept = new URL(bar.dataset.accept);
const site = accept.origin;
const commit = accept.searchParams.get("commit");
const told = async (attempt) => { try { return await attempt(); } catch (trouble) { return trouble.name; } };
const send = (mode, more) => fetch(site + accept.pathname, {
  method: "POST", mode, credentials: "include", body: new URLSearchParams({ commit, ...more }) });
const framed = (address) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.title = "main site";
  frame.onload = () => resolve(told(async () => frame.contentDocument ? frame.contentDocument.body.innerText : null));
  frame.src = address;
  document.body.append(frame);
});
const submitted = () => new Promise((resolve) => {
  const frame = Object.assign(document.createElement("iframe"), { name: "answer", title: "answer" });
  const form = Object.assign(document.createElement("form"), { method: "post", action: site + accept.pathname, target: "answer" });
  form.innerHTML = `<input type="hidden" name="commit" value="${commit}">`;
  document.body.append(frame, form);
  frame.onload = () => resolve("sent");
  form.submit();
});

const blind = (place, sent) => fetch(site + accept.pathname.replace(/accept$/, place), {
  method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams(sent) });
sessionStorage.setItem(`greenroom:ticks:${commit}`, "[0]");
sessionStorage.setItem(`greenroom:pins:${commit}`, JSON.stringify({ forged: true }));
document.cookie = "greenroom=stolen; domain=localhost; path=/";
document.cookie = "gr_preview=stolen; domain=preview.localhost; path=/";
const results = {
  cookies: document.cookie,
  opener: window.opener === null,
  frame: await framed(accept.href),
  profile: await framed(`${site}/profile`),
  me: await told(async () => (await fetch(`${site}/api/users/me`, { credentials: "include" })).text()),
  page: await told(async () => (await fetch(accept.href, { credentials: "include" })).text()),
  accept: await told(async () => (await send("cors")).status),
  blind: await told(async () => (await send("no-cors")).type),
  form: await submitted(),
  change: await told(async () => (await blind("change", { feedback: "Give all to Mallory" })).type),
  ask: await told(async () => (await blind("ask", { text: "Give all to Mallory" })).type),
  root: document.querySelector("greenroom-bar").shadowRoot,
  bar: await told(async () => (await fetch("/.greenroom/review.json", { credentials: "omit" })).status),
  headers: await (await fetch("/headers", { credentials: "include" })).json(),
};
document.querySelector("#results").textContent = JSON.stringify(results);
</script>"""
)


def test_it_gets_nowhere(installation: Installation, visit, tmp_path: Path) -> None:
    here = installation
    request, path, commit = shown(here, Clone(tmp_path, "Mallory Maker"))
    ada = visit(here, "Ada Admin").sign_in()
    ada.forgiven = ("CORS", "frame", "Framing", "ERR_FAILED", "Failed to load resource")
    ada.open(path)
    page = ada.opens("Open the preview")
    expect(page.locator("#results")).not_to_be_empty()
    found = json.loads(page.locator("#results").inner_text())

    headers = found.pop("headers")
    assert found == {
        "cookies": "basket=full; gr_preview=stolen",
        "opener": True,
        "frame": None,
        "profile": None,
        "me": "TypeError",
        "page": "TypeError",
        "accept": "TypeError",
        "blind": "opaque",
        "form": "sent",
        "change": "opaque",
        "ask": "opaque",
        "root": None,
        "bar": 404,
    }
    framed = [frame.url for frame in page.frames if frame != page.main_frame]
    assert framed == ["chrome-error://chromewebdata/"] * 3
    assert headers["Cookie"] == "basket=full", "what opens the preview is the gateway's, and reaches no app"
    kept = {cookie["name"] for cookie in ada.context.cookies(here.url)}
    assert kept == {"greenroom"}, "the app's own cookie stays on its own host"

    ada.page.reload()
    ada.sees("It is ready to try.")
    assert ask(here, "GET", f"/requests/{request['id']}")["status"] == "in_review"
    story = ask(here, "GET", f"/requests/{request['id']}/activity?limit=100")
    assert story[0]["text"] == "made it ready to try"
    question = ada.press_on_bar(page, "Accept")  # only she can, where it says what she says yes to
    expect(question.locator("main")).to_contain_text(commit[:10])
    tick = question.get_by_role("checkbox", name="The hours stand on the start page")
    expect(tick).to_be_checked()  # forged by the page, and no more than a hint: it is hers to take away
    tick.uncheck()
    question.get_by_role("button", name="Yes, accept it").click()
    expect(question.locator("main")).to_contain_text("You accepted it.")
    last = ask(here, "GET", f"/requests/{request['id']}/activity?limit=100")[0]
    assert last["payload"]["unticked"] == ["The hours stand on the start page"]


def shown(here: Installation, clone: Clone) -> tuple[Any, str, str]:
    """Bring a hostile change to where it can be tried; returns its request, the request's page and the commit."""
    project = new_project(here, "Trap")
    address = project["repository"]["cloneUrl"].replace("://", f"://me:{here.key}@", 1)
    clone.git("init", "-qb", "main")
    clone.commit({"server.py": SERVER, "index.html": HONEST}, "A shop")
    clone.git("push", "-q", address, "HEAD:main")
    request = clear_request(here, project, "Longer hours")
    work = ask(here, "POST", f"/requests/{request['id']}/development/start", {"agent": "person"})
    commit = clone.commit({"index.html": HOSTILE}, "Longer hours")
    clone.git("push", "-q", address, f"HEAD:{work['branchName']}")
    status = f"/requests/{request['id']}/preview/status"
    wait_until(lambda: ask(here, "GET", status)["status"] == "ready", 60, "the preview to be ready")
    return request, f"/ada-s-bakery/trap/requests/{request['number']}", commit
