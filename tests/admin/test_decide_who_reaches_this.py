"""The page that asks who shall reach this: its answer is kept, and holds once it was opened."""

import socket
from dataclasses import replace

import pytest

from app.accounts.operations import begin_sign_in
from app.core import db, reach, supervised
from app.core import installation as here
from app.core.reach import Audience, Reach

PORTS = Reach(audience=Audience.PORTS, address="192.168.1.20")


@pytest.fixture
def fresh(tmp_path):
    """An installation of its own, in which nothing was answered and the environment is silent."""
    before = here.installation()
    here.configure(replace(before, home=tmp_path, pinned=frozenset()))
    yield tmp_path
    here.configure(before)


@pytest.fixture
def rung(monkeypatch):
    """The new starts that were asked for."""
    asked: list[str] = []
    monkeypatch.setattr(supervised, "ask_for_new_start", lambda where: bool(asked.append(where.url)) or True)
    return asked


@pytest.fixture
def olga(people):
    """An admin of the whole installation."""
    with db.transaction():
        people.ada.is_admin = True
    return people.ada


class TestAsk:
    def test_the_first_time_it_is_a_page_of_its_own(self, fresh, olga, browse):
        page = browse(olga).get("/admin/reach").text

        assert "Who shall reach this?" in page
        assert 'class="plain"' in page
        assert 'value="computer" checked' in page

    def test_members_and_admins_of_an_organization_may_not(self, fresh, people, browse):
        for user in (people.ada, people.bob, people.vic, people.eve):
            assert browse(user).get("/admin/reach").status_code == 403
            assert browse(user).post("/admin/reach", {"audience": "computer"}).status_code == 403

    def test_the_sandbox_is_asked_about_where_there_is_none(self, fresh, olga, browse, monkeypatch):
        from app.engine import sandbox
        from app.engine.sandbox.work import Sandbox

        monkeypatch.setattr(sandbox, "probe", lambda: Sandbox("none", "bubblewrap is not installed.", None))

        page = browse(olga).get("/admin/reach").text

        assert "May code that people push see everything here?" in page
        assert "install bubblewrap" in page
        assert "GREENROOM_UNSANDBOXED=1" in page


class TestDecide:
    def test_this_computer_starts_nothing_anew_and_goes_on(self, fresh, olga, browse, rung):
        answer = browse(olga).post("/admin/reach", {"audience": "computer", "address": "192.168.1.20"})

        assert (answer.status_code, answer.location) == (303, "/acme/begin")
        assert reach.read(fresh) == reach.Kept(is_answered=True)
        assert rung == []

    def test_the_network_starts_anew_and_says_the_new_address(self, fresh, olga, browse, rung):
        browser = browse(olga)

        answer = browser.post("/admin/reach", {"audience": "ports", "address": "192.168.1.20"})

        assert (answer.status_code, answer.location) == (303, "/admin/reach")
        assert reach.read(fresh).now == PORTS
        assert len(rung) == 1
        assert f"http://192.168.1.20:{here.installation().port}" in browser.get("/admin/reach").text

    def test_names_are_made_of_the_address(self, fresh, olga, browse, rung):
        browse(olga).post("/admin/reach", {"audience": "names", "address": "192.168.1.20"})

        assert reach.read(fresh).now.previews == "192-168-1-20.sslip.io"

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"audience": "everybody"}, "Choose one of these."),
            ({"audience": "ports"}, "Say which address this server has"),
            ({"audience": "ports", "address": "http://nas:80/"}, "Only the name"),
            ({"audience": "names", "address": "nas.lan"}, "Names can be made of an address"),
            ({"audience": "domain", "site": "green.example.com"}, "Say which domain the previews have."),
            (
                {"audience": "domain", "site": "a.example", "previews": "*.a.example"},
                "need different domains",
            ),
        ],
    )
    def test_what_does_not_hold_is_asked_again(self, fresh, olga, browse, rung, sent, said):
        answer = browse(olga).post("/admin/reach", sent)

        assert answer.status_code == 422
        assert said in answer.text
        assert not reach.read(fresh).is_answered
        assert rung == []

    def test_the_environment_wins_and_the_page_says_so(self, fresh, olga, browse, rung):
        here.configure(replace(here.installation(), pinned=frozenset({"GREENROOM_URL"})))

        assert "The environment decides" in browse(olga).get("/admin/reach").text
        answer = browse(olga).post("/admin/reach", {"audience": "ports", "address": "192.168.1.20"})

        assert answer.status_code == 422
        assert "GREENROOM_URL" in answer.text
        assert not reach.read(fresh).is_answered


class TestOpen:
    @pytest.fixture
    def waiting(self, fresh):
        """The network was let in, and nobody has opened the new address."""
        reach.answer(fresh, PORTS)
        here.configure(
            replace(
                here.installation(),
                url="http://192.168.1.20:8000",
                former_url="http://localhost:8000",
                host="0.0.0.0",
            )
        )
        return fresh

    def test_the_address_before_holds_until_an_admin_came_by_the_new_one(
        self, waiting, olga, people, browse, rung
    ):
        browse(olga).get("/admin/reach", base_url="http://localhost:8000")
        browse(people.bob).get("/", base_url="http://192.168.1.20:8000")
        browse().get("/sign-in", base_url="http://192.168.1.20:8000")
        assert reach.read(waiting).before == Reach()

        browser = browse(olga)
        with browser.client.session_transaction(base_url="http://192.168.1.20:8000") as session:
            session["_user_id"] = str(begin_sign_in(olga).id)
        browser.get("/", base_url="http://192.168.1.20:8000")

        assert reach.read(waiting).before is None
        assert here.installation().former_url == ""
        assert rung == [], "it listens where it should already"

    def test_the_page_polls_until_then(self, waiting, olga, browse):
        browser = browse(olga)
        page = browser.get("/admin/reach").text
        assert "Open the new address" in page
        assert 'hx-trigger="every 2s"' in browser.htmx("GET", "/admin/reach").text

        reach.confirm(waiting)

        assert "every 2s" not in browser.htmx("GET", "/admin/reach").text


class TestCheck:
    def test_what_was_found_stands_on_the_page_and_nothing_is_kept(self, fresh, olga, browse, rung):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            here.configure(replace(here.installation(), port_range=range(port, port + 1)))
            sent = {"audience": "ports", "address": "192.168.1.20"}

            page = browse(olga).post("/admin/reach/checks", sent)
            fragment = browse(olga).htmx("POST", "/admin/reach/checks", data=sent)

        assert "1 of 1 belong to other programs" in page.text
        assert fragment.text.lstrip().startswith('<div class="stack" id="reach-checks"')
        assert 'value="192.168.1.20"' in page.text
        assert not reach.read(fresh).is_answered
