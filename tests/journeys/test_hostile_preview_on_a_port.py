"""Where previews have ports, a hostile one shares the jar of cookies with the main site, and still gets nowhere."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.core import reach
from app.core.reach import Audience, Reach
from tests.journeys.repositories import Clone
from tests.journeys.road import ask, clear_request, new_project
from tests.support.installation import Installation, free_port, wait_until

pytestmark = [pytest.mark.real, pytest.mark.browser]

SERVER = """import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

EVIL = ["greenroom=evil; Path=/", "greenroom=evil; Path=/profile", "=greenroom=evil", "gr_preview=evil",
        "Greenroom=evil; HttpOnly", "session=mine; HttpOnly; Path=/", "theme=dark; Path=/"]


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        kind, body = "text/html", Path("index.html").read_bytes()
        if self.path == "/headers":
            kind, body = "application/json", json.dumps(self.headers.get_all("Cookie", [])).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for cookie in EVIL:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""
HOSTILE = """<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><h1>Shop</h1>
<output id="results"></output><script type="module">
const site = new URL(document.querySelector("script[data-accept]").dataset.accept).origin;
const told = async (attempt) => { try { return await attempt(); } catch (trouble) { return trouble.name; } };
const before = document.cookie;
document.cookie = "greenroom=planted; path=/";
document.cookie = "greenroom=planted; path=/profile";
document.cookie = "=greenroom=nameless; path=/";
document.cookie = "gr_preview=planted; path=/";
const results = {
  before,
  after: document.cookie.includes("planted") ? "planted" : document.cookie,
  me: await told(async () => (await fetch(`${site}/api/users/me`, { credentials: "include" })).text()),
  out: await told(async () => (await fetch(`${site}/sign-out`, { method: "POST", mode: "no-cors", credentials: "include" })).type),
  headers: await (await fetch("/headers", { credentials: "include" })).json(),
};
document.querySelector("#results").textContent = JSON.stringify(results);
</script>"""


class OnPorts(Installation):
    """An installation whose previews have ports on one address."""

    address = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"


@pytest.fixture
def street():
    first = free_port()
    here = OnPorts(settings={"GREENROOM_PREVIEW_PORTS": f"{first}-{first + 20}"})
    reach.answer(here.home, Reach(audience=Audience.PORTS, address=here.address))
    reach.confirm(here.home)
    try:
        here.start().admin()
        yield here
    finally:
        here.remove()


def said_by(session: str) -> str:
    return session.rsplit(".", 2)[0]


def test_it_gets_nowhere(street: OnPorts, visit, tmp_path: Path) -> None:
    request, page_of_request, address = shown(street, Clone(tmp_path, "Mallory Maker"))
    ada = visit(street, "Ada Admin").sign_in()
    ada.forgiven = ("CORS", "ERR_FAILED", "Failed to load resource")
    ada.open(page_of_request)
    session = true_session(ada)

    page = ada.opens("Open the preview")

    assert page.url == f"{address}/"
    expect(page.locator("#results")).not_to_be_empty()
    found = json.loads(page.locator("#results").inner_text())
    assert found["before"] == "theme=dark", "of all cookies on this host it reads its own readable one"
    assert (found["me"], found["out"]) == ("TypeError", "opaque")
    sent = "; ".join(found["headers"])
    assert "session=mine" in sent
    assert session not in sent
    assert "greenroom" not in sent
    assert "gr_" not in sent

    # Its moment is renewed with every page; what it says is not.
    assert said_by(true_session(ada)) == said_by(session), "neither its server nor its script took its place"
    names = {cookie["name"] for cookie in ada.context.cookies(street.url) if "evil" in cookie["value"]}
    assert names == set(), "what its server sets never has a name of ours"

    # Whatever its script planted beside the true one, she is who she is, everywhere, and her forms hold.
    ada.open("/profile")
    expect(ada.page.get_by_label("Name", exact=True)).to_have_value("ada")
    ada.page.get_by_label("Name", exact=True).fill("Ada Admin")
    ada.press("Save")
    expect(ada.page.get_by_label("Name", exact=True)).to_have_value("Ada Admin")
    ada.open(page_of_request)
    ada.sees("It is ready to try.")
    assert ask(street, "GET", f"/requests/{request['id']}")["status"] == "in_review"


def true_session(visitor) -> str:
    """Return the session that the site itself gave: the one that scripts cannot read."""
    (found,) = [
        cookie["value"]
        for cookie in visitor.context.cookies(visitor.url)
        if cookie["name"] == "greenroom" and cookie["httpOnly"]
    ]
    return found


def shown(here: OnPorts, clone: Clone) -> tuple[dict, str, str]:
    """Bring a hostile change to where it can be tried; returns its request, the request's page and the address."""
    project = new_project(here, "Trap")
    address = project["repository"]["cloneUrl"].replace("://", f"://me:{here.key}@", 1)
    clone.git("init", "-qb", "main")
    clone.commit({"server.py": SERVER, "index.html": "<h1>Shop</h1>"}, "A shop")
    clone.git("push", "-q", address, "HEAD:main")
    request = clear_request(here, project, "Longer hours")
    work = ask(here, "POST", f"/requests/{request['id']}/development/start", {"agent": "person"})
    clone.commit({"index.html": HOSTILE}, "Longer hours")
    clone.git("push", "-q", address, f"HEAD:{work['branchName']}")
    status = f"/requests/{request['id']}/preview/status"
    wait_until(lambda: ask(here, "GET", status)["status"] == "ready", 60, "the preview to be ready")
    told = ask(here, "GET", status)["previewUrl"]
    return request, f"/ada-s-bakery/trap/requests/{request['number']}", told
