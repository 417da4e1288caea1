"""A machine looks at a preview that came up: what it can tell is said, what it cannot is not guessed."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import select

from app.core import jobs, ledger
from app.core.db import session, transaction
from app.core.installation import configure, installation
from app.engine import looking
from app.engine.instances import Instance, InstanceState
from app.engine.sandbox import probe
from app.previews import operations
from app.previews.checks import picture_path
from app.previews.queries import latest_preview
from tests.support.road import reviewed_request, shown_request

PAGE = "<!doctype html><html lang='en'><meta name='viewport' content='width=device-width'><title>Shop</title>"


class Door(socketserver.ThreadingUnixStreamServer):
    """The gateway's own door, and a site of a few pages behind it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/": PAGE}
        self.asked: list[str] = []
        path = installation().gateway_socket
        path.unlink(missing_ok=True)
        super().__init__(str(path), _Answer)


class _Answer(BaseHTTPRequestHandler):
    server: Door

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.headers['Host']}{self.path}")
        page = self.server.pages.get(self.path)
        self.send_response(200 if page is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((page or "no").encode())

    def address_string(self) -> str:
        return "here"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def door(app) -> Iterator[Door]:
    door = Door()
    thread = threading.Thread(target=door.serve_forever, daemon=True)
    thread.start()
    yield door
    door.shutdown()
    door.server_close()
    installation().gateway_socket.unlink()
    thread.join()


@pytest.fixture
def walls() -> None:
    if not probe().is_walled:
        pytest.skip("no sandbox on this machine")


@pytest.fixture
def no_browser(app) -> Iterator[None]:
    here = installation()
    configure(replace(here, browser="none"))
    yield
    configure(here)


@pytest.fixture
def request_(people, bell):
    return reviewed_request(people)


def looked_at(request, bell) -> dict[str, tuple[str, str, list[str]]]:
    """Build the preview of a request and return what was found on it."""
    preview = operations.start_preview(request, by=None)
    bell.work()
    session.refresh(preview)
    assert preview.checks["state"] == "done"
    return {
        each["name"]: (each["outcome"], each["words"], each["details"]) for each in preview.checks["results"]
    }


class TestWhatIsSaid:
    def test_without_a_gateway_nothing_is_guessed(self, request_, bell):
        found = looked_at(request_, bell)

        assert found["starts"][0] == "passed"
        assert found["answers"][:2] == ("not_checked", "Not checked: The gateway could not be asked.")
        assert {found[name][0] for name in ("links", "console", "phone", "picture")} == {"not_checked"}

    def test_what_answers_badly_is_not_looked_at_further(self, request_, bell, door):
        door.pages.clear()

        found = looked_at(request_, bell)

        assert found["answers"][:2] == ("failed", "It answers with 404.")
        assert found["links"][:2] == ("not_checked", "Not checked: there is no answer to look at.")
        assert len(door.asked) == 1

    def test_links_that_lead_nowhere_are_named_with_their_page(self, request_, bell, door, walls, no_browser):
        door.pages |= {
            "/": f"{PAGE}<a href='/a'>a</a><a href='gone.html#x'>gone</a><a href='http://example.com/'>away</a>",
            "/a": f"{PAGE}<a href='/'>home</a><img src='/missing.png' alt=''>",
        }

        found = looked_at(request_, bell)

        label = request_.preview_label
        assert found["links"] == (
            "failed", "2 of 4 addresses lead nowhere.", ["/gone.html (404), on /", "/missing.png (404), on /a"],
        )  # fmt: skip
        host = f"{label}.{installation().preview_domain}"
        assert set(door.asked) == {f"{host}{path}" for path in ("/", "/a", "/gone.html", "/missing.png")}

    def test_a_site_without_end_is_followed_for_a_while(self, request_, bell, door, walls, no_browser):
        class Endless(dict):
            def get(self, path, default=None):
                number = int(path[1:] or 0)
                return f"{PAGE}<a href='/{number + 1}'>on</a><a href='/{number + 2}'>on</a>"

        door.pages = Endless()

        found = looked_at(request_, bell)

        assert found["links"][0] == "passed"
        assert "the others were not tried" in found["links"][1]
        assert len(door.asked) <= 42

    def test_no_browser_is_said(self, request_, bell, door, walls, no_browser):
        found = looked_at(request_, bell)

        for name in ("console", "phone", "picture"):
            assert found[name][:2] == ("not_checked", "Not checked: no browser on this server.")

    @pytest.mark.browser
    def test_a_browser_tells_what_it_sees(self, request_, bell, door, walls, people, browse):
        if looking.find_browser() is None:
            pytest.skip("no Chromium on this machine")
        door.pages["/"] = (
            f"{PAGE}<h1>Shop</h1><p style='width:900px'>wide</p><script>console.error('oh', 7)</script>"
        )

        found = looked_at(request_, bell)

        assert found["console"] == ("failed", "The browser has 1 complaint.", ["oh 7 (/:1)"])
        assert found["phone"][0] == "failed"
        assert found["picture"][0] == "passed"
        page = browse(people.vic).get(f"{request_.path}/preview").text
        assert "The browser has 1 complaint." in page
        picture = next(part for part in page.split('"') if part.endswith("/desktop"))
        shown = browse(people.vic).get(picture)
        assert (shown.status_code, shown.mimetype) == (200, "image/webp")
        assert shown.data[8:12] == b"WEBP"
        assert browse(people.eve).get(picture).status_code == 404
        assert browse().get(picture).status_code == 302

    @pytest.mark.browser
    def test_what_a_hostile_page_wants_from_elsewhere_is_not_opened(self, request_, bell, door, walls):
        if looking.find_browser() is None:
            pytest.skip("no Chromium on this machine")
        tries = "".join(
            f"<img src='{url}' alt=''>"
            for url in (
                "http://127.0.0.1:22/",
                "http://169.254.169.254/",
                installation().url,
                "file:///etc/passwd",
            )
        )
        door.pages["/"] = f"{PAGE}{tries}<script>alert(1)</script>"

        found = looked_at(request_, bell)

        assert found["answers"][0] == "passed"
        assert {host.partition("/")[0] for host in door.asked} == {
            f"{request_.preview_label}.{installation().preview_domain}"
        }


class TestWhatIsShown:
    def test_polls_until_the_look_is_over(self, request_, bell, people, browse):
        preview = operations.start_preview(request_, by=None)
        bell.work()
        with transaction():
            preview.checks = {"state": "waiting", "results": []}
        address = f"{request_.path}/preview/checks"

        waiting = browse(people.rae).htmx("GET", address).text
        operations.check_preview.later(preview.id)
        bell.work()
        final = browse(people.rae).htmx("GET", address).text

        assert 'hx-trigger="every 2s"' in waiting
        assert "hx-trigger" not in final
        assert "Its files are there" in final

    def test_programs_get_it_with_the_preview(self, request_, bell, people, api):
        looked_at(request_, bell)

        told = api("GET", f"/requests/{request_.id}/preview", people.key(people.vic)).json["data"]["checks"]

        assert told["state"] == "done"
        assert [each["name"] for each in told["results"]] == [
            "starts", "answers", "links", "console", "phone", "picture",
        ]  # fmt: skip
        assert told["pictures"] == {}

    def test_a_picture_that_is_not_there_is_404(self, request_, bell, people, browse):
        preview = operations.start_preview(request_, by=None)
        picture_path(preview.name, "phone").write_bytes(b"RIFF....WEBP")

        assert browse(people.rae).get(preview.picture_at("phone")).status_code == 200
        assert browse(people.rae).get(preview.picture_at("desktop")).status_code == 404


class TestWhatComesBetween:
    @pytest.fixture
    def look(self, request_, bell):
        """The run that will look, once everything before it was done."""
        while bell.kinds[0] != "previews.check_preview":
            jobs.perform(bell.runs.pop(0))
        return bell.runs.pop(0)

    def test_it_gives_way_to_what_waits_to_be_built(self, request_, bell, look, door, walls):
        preview = latest_preview(request_)
        with transaction():
            waiting = ledger.open_queued("tests.build", preview.id, queue="build", seconds=9, attempts=1)

        jobs.perform(look)

        session.expire_all()
        assert preview.is_being_checked
        assert preview.times_given_way == 1
        with transaction():
            ledger.cancel(waiting)
        bell.work()
        assert preview.checks["state"] == "done"

    def test_a_look_that_came_to_nothing_says_why(self, request_, look):
        preview = latest_preview(request_)
        run = ledger.open_run("previews.check_preview", preview.id)

        with transaction():
            ledger.cancel(run)

        session.expire_all()
        assert preview.checks["state"] == "done"
        assert {each["words"] for each in preview.checks["results"]} == {"Not checked: it was stopped."}

    def test_one_that_was_put_to_sleep_meanwhile_is_not_judged(self, people, bell):
        request = shown_request(people)
        preview = latest_preview(request)
        operations.check(preview)
        operations.put_to_sleep(request, by=people.rae)
        with transaction():
            instance = session.scalars(select(Instance).where(Instance.label == preview.instance_name)).one()
            instance.state = InstanceState.ASLEEP  # as the keeper notes it

        bell.work()

        assert {each["words"] for each in preview.checks["results"]} == {
            "Not checked: it was put to sleep, and a look wakes nothing."
        }
