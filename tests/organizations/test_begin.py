import pytest

from app.accounts.operations import first_admin_link
from app.accounts.queries import user_by_email

SENT = {
    "name": "Ada",
    "email": "ada@example.com",
    "password": "correct horse battery",
    "organization": "Acme & Co",
}


@pytest.fixture
def path(database):
    return first_admin_link().partition("greenroom.test")[2]


class TestBegin:
    def test_makes_the_first_admin_and_goes_on_to_who_shall_reach_it(self, path, browse):
        browser = browse()
        assert "You are the first here" in browser.get(path).text

        answer = browser.post(path, SENT)

        assert (answer.status_code, answer.location) == (303, "/admin/reach")
        assert user_by_email("ada@example.com").is_admin
        assert browser.get("/acme-co/members").status_code == 200

    def test_works_once(self, path, browse):
        browse().post(path, SENT)

        assert browse().get(path).status_code == 404
        assert browse().post(path, {**SENT, "email": "eve@example.com"}).status_code == 404

    def test_shows_the_form_again_with_what_was_wrong(self, path, browse):
        answer = browse().post(path, {**SENT, "email": "ada", "password": "short"})

        assert answer.status_code == 422
        assert 'value="Acme &amp; Co"' in answer.text
        assert "This is no e-mail address" in answer.text or "at least 10 characters" in answer.text
        assert browse().get(path).status_code == 200

    def test_is_not_open_with_another_secret(self, path, browse):
        assert browse().get("/welcome/guessed").status_code == 404
