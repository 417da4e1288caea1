"""A new answer to who shall reach this: everything starts anew by itself, and a wrong one locks nobody out."""

import http.client
import os
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from app.core import reach
from app.core.reach import Audience, Proxy, Reach
from app.core.supervised import AGAIN
from tests.journeys.road import ask, clear_request, new_project
from tests.support.installation import Installation, free_port, parent_of, wait_until

pytestmark = pytest.mark.real


def decide(here: Installation, answer: Reach) -> None:
    """Give an answer as the page does, and wait until everything runs anew."""
    before = wait_until(lambda: here.main_pid("web"), 10, "the web process")
    reach.answer(here.home, answer)
    os.kill(here.supervisor, AGAIN)
    wait_until(lambda: here.main_pid("web") not in {None, before}, 30, "a new web process")
    wait_until(lambda: is_ready(here), 30, "all to be ready")


def is_ready(here: Installation) -> bool:
    try:
        return here.get("/readyz", key="", timeout=5).status == 200
    except (OSError, http.client.HTTPException):
        return False


def fetch(address: str, **headers: str) -> tuple[int, str]:
    parts = urlsplit(address)
    line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    with closing(line):
        line.request("GET", parts.path or "/", headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def is_open(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def test_a_port_for_each_preview_comes_and_goes_with_the_answer(install) -> None:
    first = free_port()
    here = install(GREENROOM_PREVIEW_PORTS=f"{first}-{first + 20}")
    here.admin()
    supervisor = here.supervisor
    project = new_project(here, "Cafe", "static")
    request = clear_request(here, project, "Longer hours")
    status = f"/requests/{request['id']}/preview/status"
    ask(here, "POST", f"/requests/{request['id']}/development/start", {"agent": "outline"})
    wait_until(lambda: ask(here, "GET", status)["status"] == "ready", 60, "the preview to be ready")
    assert ".preview.localhost:" in ask(here, "GET", status)["previewUrl"]

    decide(here, Reach(audience=Audience.PORTS, address="127.0.0.1"))

    assert here.supervisor == supervisor
    assert parent_of(supervisor) is not None
    wait_until(lambda: "open-preview" not in ask(here, "GET", status)["previewUrl"], 20, "a port")
    address = ask(here, "GET", status)["previewUrl"]
    port = int(address.rpartition(":")[2])
    assert port in range(first, first + 21)
    wait_until(lambda: is_open(port), 10, "the port to be open")
    assert fetch(address, **{"X-Greenroom-Key": here.key})[0] == 200
    assert fetch(address)[0] == 401
    wait_until(lambda: here.disagreements() == [], 30, "the truth")

    decide(here, Reach())

    assert ".preview.localhost:" in ask(here, "GET", status)["previewUrl"]
    wait_until(lambda: not is_open(port), 10, "the port to be closed")
    wait_until(lambda: here.disagreements() == [], 30, "the truth")


def test_the_address_before_answers_until_the_new_one_was_opened(install) -> None:
    here = install()
    here.admin()

    decide(here, Reach(audience=Audience.DOMAIN, site="green.test", previews="shown.test", proxy=Proxy.NONE))

    page = {"Accept": "text/html"}
    assert here.get("/sign-in", key="", headers=page).status == 200
    told = here.run("reach").stdout
    assert f"Greenroom is at http://green.test:{here.port}" in told
    assert f"{here.url} answers as well" in told

    back = here.run("reach", "--this-computer")

    assert "starts anew" in back.stdout
    wait_until(lambda: here.url in here.run("reach").stdout, 10, "the way back")
    wait_until(lambda: is_ready(here), 30, "all to be ready")
    assert "answers as well" not in here.run("reach").stdout


def test_what_cannot_be_listened_at_is_taken_back_and_told(install) -> None:
    # A port of the whole network is not free where somebody has it on one other address.
    here = install(wait=False)
    with socket.create_server(("127.0.0.2", here.port)):
        here.start()

        decide(here, Reach(audience=Audience.PORTS, address="127.0.0.2"))

        kept = reach.read(here.home)
        assert kept.now == Reach()
        assert f"Port {here.port} is taken" in kept.trouble
        assert f"Port {here.port} is taken" in here.run("reach").stdout
    assert here.stop() == 0
    assert here.leftovers() == []
