import re

from app.web.assets import version_of


def addresses(page):
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


class TestKeepAssets:
    def test_every_file_of_a_page_names_its_version_and_is_kept_for_good(self, browse):
        browser = browse()
        found = addresses(browser.get("/sign-in").text)

        assert len(found) > 20
        for address in found:
            answer = browser.get(address)
            assert re.match(r"/static/v-[0-9a-f]{12}/", address)
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            answer.close()

    def test_what_bears_no_version_or_an_older_one_is_asked_for_again(self, browse):
        for address in ("/static/css/tokens.css", "/static/v-0123456789ab/css/tokens.css"):
            with browse().get(address) as answer:
                assert answer.status_code == 200
                assert answer.headers["Cache-Control"] == "no-cache"

    def test_what_is_not_there_is_not_kept(self, browse):
        page = browse().get("/sign-in").text
        version = addresses(page)[0].split("/")[2]

        answer = browse().get(f"/static/{version}/css/nothing.css")

        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("Cache-Control", "")

    def test_a_changed_file_is_another_version(self, tmp_path):
        (tmp_path / "a.css").write_text("a { color: red }")
        before = version_of(tmp_path)

        (tmp_path / "a.css").write_text("a { color: blue }")

        assert version_of(tmp_path) != before
        assert version_of(tmp_path) == version_of(tmp_path)
