import pytest

from tests.support.people import PASSWORD


@pytest.fixture
def visitor(people, browse):
    return browse()


def enter(visitor, **sent):
    return visitor.post("/sign-in", {"email": "ada@example.com", "password": PASSWORD, **sent})


class TestSignIn:
    def test_shows_the_door_to_anybody(self, visitor):
        answer = visitor.get("/sign-in?next=/acme")

        assert answer.status_code == 200
        assert '<input type="hidden" name="next" value="/acme">' in answer.text

    def test_says_on_a_new_installation_that_nobody_has_begun(self, browse):
        assert "Nobody has begun here yet" in browse().get("/sign-in").text

    def test_lets_in_and_goes_where_one_wanted_to_go(self, visitor):
        answer = enter(visitor, next="/profile?x=1")

        assert (answer.status_code, answer.location) == (303, "/profile?x=1")
        assert "ada@example.com" in visitor.get("/profile").text

    def test_asks_for_sign_in_and_remembers_the_address(self, visitor):
        answer = visitor.get("/profile/keys?a=b")

        assert answer.status_code == 302
        assert answer.location == "/sign-in?next=/profile/keys?a%3Db"

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\r\nb", "/\t/evil"],
    )
    def test_goes_to_no_other_site(self, visitor, elsewhere):
        assert enter(visitor, next=elsewhere).location == "/"

    @pytest.mark.parametrize("sent", [{"password": "wrong, all of it"}, {"email": "nobody@example.com"}])
    def test_refuses_without_saying_which_was_wrong(self, visitor, sent):
        answer = enter(visitor, **sent)

        assert answer.status_code == 422
        assert "do not belong together" in answer.text
        assert "wrong, all of it" not in answer.text
        assert visitor.get("/profile").status_code == 302

    def test_keeps_nothing_of_the_session_before(self, visitor):
        with visitor.client.session_transaction() as session:
            session["planted"] = "by somebody"
            before = session["csrf_token"]

        enter(visitor)

        with visitor.client.session_transaction() as session:
            assert "planted" not in session
            assert session.get("csrf_token") != before

    def test_refuses_a_form_of_another_site(self, visitor):
        answer = visitor.client.post("/sign-in", data={}, headers={"Origin": "https://evil.example"})

        assert answer.status_code == 403

    def test_says_when_it_was_too_often(self, visitor):
        answers = [enter(visitor, password="guessing").status_code for _ in range(21)]

        assert answers == [422] * 20 + [429]
        assert "too often" in enter(visitor).text

    def test_counts_only_what_failed(self, people, browse):
        assert {enter(browse()).status_code for _ in range(25)} == {303}


class TestSignOut:
    def test_forgets_who_was_here(self, people, browse):
        browser = browse(people.ada)

        answer = browser.post("/sign-out")

        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert browser.get("/profile").status_code == 302

    def test_is_no_link(self, people, browse):
        browser = browse(people.ada)

        assert browser.get("/sign-out").status_code == 404
        assert browser.get("/profile").status_code == 200


class TestToken:
    def test_opens_the_api_for_a_quarter_of_an_hour(self, people, browse):
        client = browse().client

        answer = client.post("/api/auth/token", json={"email": "bob@example.com", "password": PASSWORD})

        token = answer.json["data"]
        assert (answer.status_code, token["tokenType"], token["expiresIn"]) == (200, "Bearer", 900)
        who = client.get("/api/users/me", headers={"Authorization": f"Bearer {token['accessToken']}"})
        assert who.json["data"]["email"] == "bob@example.com"

    def test_is_refused_in_the_error_body(self, people, browse):
        answer = browse().client.post("/api/auth/token", json={"email": "bob@example.com", "password": "no"})

        assert (answer.status_code, answer.json["type"]) == (401, "unauthenticated")

    def test_says_when_it_was_too_often(self, people, browse):
        client = browse().client
        for _ in range(20):
            client.post("/api/auth/token", json={"email": "bob@example.com", "password": "no"})

        answer = client.post("/api/auth/token", json={"email": "bob@example.com", "password": PASSWORD})

        assert (answer.status_code, answer.json["type"]) == (429, "too_many_requests")
