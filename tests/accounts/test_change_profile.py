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


class TestChangePassword:
    def test_ends_every_other_session(self, people, browse):
        here, elsewhere = browse(people.ada), browse(people.ada)

        answer = here.post("/profile/password", {"current": PASSWORD, "new": "another long one"})

        assert answer.status_code == 303
        assert here.get("/profile").status_code == 200
        assert elsewhere.get("/profile").status_code == 302
        assert operations.sign_in("ada@example.com", "another long one").id == people.ada.id

    def test_asks_for_the_one_that_was(self, people, browse):
        answer = browse(people.ada).post("/profile/password", {"current": "wrong", "new": "another long one"})

        assert answer.status_code == 422
        assert "not the password you have now" in answer.text

    def test_refuses_a_short_one(self, people, browse):
        answer = browse(people.ada).post("/profile/password", {"current": PASSWORD, "new": "short"})

        assert answer.status_code == 422
        assert "at least 10 characters" in answer.text
