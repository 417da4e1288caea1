"""On a host that is shared with previews, a session that they plant is not believed."""

from dataclasses import replace

import pytest

from app.accounts.operations import begin_sign_in
from app.core import installation as here


@pytest.fixture
def shared():
    before = here.installation()
    here.configure(replace(before, preview_ports=range(8100, 8200)))
    yield
    here.configure(before)


@pytest.fixture
def former():
    before = here.installation()
    here.configure(replace(before, url="https://green.example.com", former_url="http://localhost:8000"))
    yield
    here.configure(before)


def session_of(app, user, address: str) -> str:
    """Return the session's cookie of somebody who signed in from an address."""
    marker = str(begin_sign_in(user, address=address).id)
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        return str(app.session_interface.get_signing_serializer(app).dumps({"_user_id": marker}))


def who(app, cookies: str, address: str) -> str:
    answer = app.test_client(use_cookies=False).get(
        "/profile", headers={"Cookie": cookies}, environ_base={"REMOTE_ADDR": address}
    )
    return answer.text if answer.status_code == 200 else ""


class TestShareAHost:
    def test_a_session_holds_where_it_was_begun(self, app, people, shared):
        ada = session_of(app, people.ada, "10.0.0.5")

        assert "ada@example.com" in who(app, f"greenroom={ada}", "10.0.0.5")
        assert who(app, f"greenroom={ada}", "10.0.0.6") == ""

    def test_one_that_was_planted_neither_signs_in_nor_out(self, app, people, shared):
        ada = session_of(app, people.ada, "10.0.0.5")
        mallory = session_of(app, people.bob, "10.0.0.66")

        for cookies in (
            f"greenroom={mallory}; greenroom={ada}",
            f"greenroom=garbage; greenroom={ada}",
            f"greenroom={ada}; greenroom={mallory}",
        ):
            assert "ada@example.com" in who(app, cookies, "10.0.0.5")
        assert who(app, f"greenroom={mallory}", "10.0.0.5") == ""


class TestFormerAddress:
    def test_keeps_those_who_are_signed_in_there(self, app, people, former):
        before = session_of(app, people.ada, "127.0.0.1")
        here.configure(replace(here.installation(), preview_ports=range(8100, 8200)))

        for address, status in (("http://localhost:8000", 200), ("http://10.0.0.1:8000", 302)):
            answer = app.test_client(use_cookies=False).get(
                "/profile",
                base_url=address,
                headers={"Cookie": f"greenroom={before}"},
                environ_base={"REMOTE_ADDR": "127.0.0.1"},
            )
            assert answer.status_code == status, address

    def test_has_a_cookie_that_a_browser_keeps_there(self, app, people, former):
        visitor = app.test_client()  # never here before

        before = visitor.get("/sign-in", base_url="http://localhost:8000")
        after = visitor.get("/sign-in", base_url="https://green.example.com")

        assert before.headers["Set-Cookie"].startswith("greenroom=")
        assert "Secure" not in before.headers["Set-Cookie"]
        assert after.status_code == 200

    def test_may_still_send_forms(self, people, browse, former):
        ada = browse(people.ada)

        for origin, status in [
            ("http://localhost:8000", 303),
            ("https://green.example.com", 303),
            ("http://localhost:8101", 403),
        ]:
            answer = ada.post("/sign-out", headers={"Origin": origin})
            assert answer.status_code == status, origin
            ada = browse(people.ada)
