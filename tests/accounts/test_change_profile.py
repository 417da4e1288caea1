import re

import pytest

from app.accounts import operations
from tests.support.people import PASSWORD


class TestChangeProfile:
    def test_saves_name_and_theme(self, people, browse):
        browser = browse(people.ada)

        answer = browser.post("/profile", {"name": "  Ada Lovelace ", "theme": "dark"})

        assert answer.status_code == 303
        page = browser.get("/profile").text
        assert 'value="Ada Lovelace"' in page
        assert 'value="dark" checked' in page
        assert 'data-theme="dark"' in page

    def test_shows_the_form_again_with_what_was_wrong(self, people, browse):
        answer = browse(people.ada).post("/profile", {"name": "Ada", "theme": "purple"})

        assert answer.status_code == 422
        assert "Choose one of these." in answer.text

    def test_by_programs(self, people, browse):
        client, key = browse().client, {"Authorization": f"Bearer {people.key(people.bob)}"}

        answer = client.patch("/api/profile", json={"name": "Bobby"}, headers=key)

        assert answer.json["data"]["name"] == "Bobby"
        assert client.get("/api/profile", headers=key).json["data"]["theme"] == "system"

    def test_needs_the_scope_to_write(self, people, browse):
        key = {"Authorization": f"Bearer {people.key(people.bob, 'read')}"}

        assert browse().client.patch("/api/profile", json={"name": "Bobby"}, headers=key).status_code == 403


class TestTimeZone:
    def test_is_what_times_are_written_in(self, people, browse):
        browser = browse(people.ada)

        answer = browser.post("/profile", {"name": "Ada", "time_zone": "Asia/Tokyo"})

        assert answer.status_code == 303
        assert people.ada.time_zone == "Asia/Tokyo"
        page = browser.get("/profile/sessions").text
        assert 'data-time-zone="Asia/Tokyo"' in page
        assert re.search(r'title="[\d: -]+ JST" data-ago', page)

    def test_is_the_device_s_again_when_none_is_chosen(self, people, browse):
        operations.change_profile(people.ada, time_zone="Asia/Tokyo")

        browse(people.ada).post("/profile", {"name": "Ada", "time_zone": ""})

        assert people.ada.time_zone == ""
        assert "data-time-zone" not in browse(people.ada).get("/profile").text

    def test_is_one_that_there_is(self, people, browse, api):
        answer = browse(people.ada).post("/profile", {"name": "Ada", "time_zone": "Mars/Base"})
        by_program = api("PATCH", "/profile", people.key(people.ada), json={"timeZone": "../etc/passwd"})

        assert (answer.status_code, by_program.status_code) == (422, 422)
        assert "Choose a time zone" in answer.text
        assert people.ada.time_zone == ""


class TestChangeEmail:
    def test_is_what_one_signs_in_with(self, people, browse):
        browser = browse(people.ada)

        answer = browser.post(
            "/profile/email", {"email": " Countess@Example.com ", "current_password": PASSWORD}
        )

        assert answer.status_code == 303
        assert "From now on you sign in with countess@example.com." in browser.get("/profile").text
        assert operations.sign_in("countess@example.com", PASSWORD).id == people.ada.id

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"current_password": "wrong"}, "not the password you have now"),
            ({"email": "bob@example.com"}, "cannot be taken here"),
            ({"email": "no address"}, "This is no e-mail address"),
            ({"current_password": ""}, "This is needed."),
        ],
    )
    def test_shows_the_form_again_with_what_was_wrong(self, people, browse, sent, words):
        whole = {"email": "new@example.com", "current_password": PASSWORD, **sent}

        answer = browse(people.ada).post("/profile/email", whole)

        assert answer.status_code == 422
        assert words in answer.text
        assert PASSWORD not in answer.text
        assert people.ada.email == "ada@example.com"

    @pytest.mark.parametrize(("method", "path"), [("PATCH", "/profile"), ("PUT", "/users/me")])
    def test_by_programs_needs_the_password_too(self, people, api, method, path):
        key = people.key(people.bob)

        refused = api(method, path, key, json={"email": "rob@example.com"})
        taken = api(method, path, key, json={"email": "rob@example.com", "currentPassword": PASSWORD})

        assert refused.status_code == 422
        assert refused.json["errors"][0]["loc"] == ["body", "currentPassword"]
        assert taken.json["data"]["email"] == "rob@example.com"

    def test_asks_for_no_password_where_it_stays(self, people, api):
        answer = api(
            "PATCH", "/profile", people.key(people.bob), json={"email": "Bob@example.com", "name": "B"}
        )

        assert (answer.status_code, answer.json["data"]["name"]) == (200, "B")

    def test_says_when_it_was_too_often(self, people, api):
        key = people.key(people.bob)
        guess = {"email": "rob@example.com", "currentPassword": "guess"}

        answers = [api("PATCH", "/profile", key, json=guess).status_code for _ in range(21)]

        assert answers == [422] * 20 + [429]


class TestChangePassword:
    def test_ends_every_other_session(self, people, browse):
        here, elsewhere = browse(people.ada), browse(people.ada)

        answer = here.post("/profile/password", {"current": PASSWORD, "new": "another long one"})

        assert answer.status_code == 303
        assert here.get("/profile").status_code == 200
        assert elsewhere.get("/profile").status_code == 302
        assert operations.sign_in("ada@example.com", "another long one").id == people.ada.id

    def test_ends_access_tokens(self, people, browse, api):
        token, _ = operations.issue_token(people.ada)

        browse(people.ada).post("/profile/password", {"current": PASSWORD, "new": "another long one"})

        assert api("GET", "/users/me", token).status_code == 401

    def test_asks_for_the_one_that_was(self, people, browse):
        answer = browse(people.ada).post("/profile/password", {"current": "wrong", "new": "another long one"})

        assert answer.status_code == 422
        assert "not the password you have now" in answer.text

    def test_refuses_a_short_one(self, people, browse):
        answer = browse(people.ada).post("/profile/password", {"current": PASSWORD, "new": "short"})

        assert answer.status_code == 422
        assert "at least 10 characters" in answer.text
