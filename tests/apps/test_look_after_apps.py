"""The pages of apps, as people fill them in."""

import io
import zipfile

from sqlalchemy import select

from app.apps import operations, queries
from app.apps.models import App
from app.core.db import session


def made(name):
    return session.scalars(select(App).where(App.name == name)).first()


class TestTheList:
    def test_shows_what_there_is_and_what_is_deleted(self, people, browse, make_app):
        make_app("Open shop")
        operations.delete_app(make_app("Closed shop"), by=people.bob)

        page = browse(people.vic).get("/acme/website/apps").text

        assert page.index("Open shop") < page.index("Deleted") < page.index("Closed shop")
        assert "/apps/new" not in page
        assert "/apps/new" in browse(people.bob).get("/acme/website/apps").text


class TestANewApp:
    def test_begins_with_a_starter(self, people, browse):
        people.project()

        answer = browse(people.bob).post("/acme/website/apps/new", {"name": "Shop", "beginning": "flask"})

        app = made("Shop")
        assert (answer.status_code, answer.location) == (303, f"{app.path}/versions")
        assert "app.py" in queries.repository_of_app(app).files("main")

    def test_begins_with_files(self, people, browse):
        people.project()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("site/index.html", "Hi")
        packed.seek(0)

        sent = {"name": "Old", "beginning": "upload", "archive": (packed, "old.zip")}
        browse(people.bob).post("/acme/website/apps/new", sent)

        assert queries.file_at(queries.default_version(made("Old")), "index.html").text == "Hi"

    def test_keeps_what_was_typed_where_something_is_missing(self, people, browse):
        people.project()

        sent = {"name": "Old shop", "beginning": "upload"}
        answer = browse(people.bob).post("/acme/website/apps/new", sent)

        assert answer.status_code == 422
        assert "Choose a zip or tar." in answer.text
        assert 'value="Old shop"' in answer.text
        assert made("Old shop") is None


class TestSettings:
    def test_are_saved_and_leave_the_rest(self, people, browse, shop):
        operations.edit_app(shop, by=people.bob, config={"env": {"MODE": "demo"}, "build": "make"})

        sent = {"name": "Bakery", "handle": shop.handle, "is_public": "true", "auto_build": "true"}
        answer = browse(people.bob).post(f"{shop.path}/settings", {**sent, "retention_tier": "long"})

        assert answer.status_code == 303
        session.refresh(shop)
        assert (shop.name, shop.is_public) == ("Bakery", True)
        assert shop.config == {"env": {"MODE": "demo"}, "autoBuild": True, "retentionTier": "long"}

    def test_say_what_does_not_hold(self, people, browse, shop):
        answer = browse(people.bob).post(f"{shop.path}/settings", {"name": "Bakery", "handle": "www"})

        assert answer.status_code == 422
        assert "kept for Greenroom itself" in answer.text
        session.refresh(shop)
        assert shop.name == "Shop"

    def test_delete_take_back_and_remove(self, people, browse, shop):
        browse(people.bob).post(f"{shop.path}/deletion")
        session.refresh(shop)
        assert shop.is_deleted
        assert "Take it back" in browse(people.bob).get(f"{shop.path}/settings").text
        browse(people.bob).post(f"{shop.path}/restoration")
        session.refresh(shop)
        assert not shop.is_deleted
        browse(people.bob).post(f"{shop.path}/deletion")
        answer = browse(people.ada).post(f"{shop.path}/removal")

        assert answer.location == "/acme/website/apps"
        session.expire_all()
        assert made("Shop") is None


class TestVersions:
    def test_are_forked_and_compared(self, people, browse, shop, main):
        browse(people.bob).post(f"{shop.path}/versions", {"name": "Dark", "parent_id": main.id})
        fork = next(each for each in queries.versions_of(shop) if each.name == "Dark")
        operations.update_file(fork, by=people.bob, path="index.html", content=b"<h1>Dark & new</h1>\n")

        page = browse(people.vic).get(fork.path).text

        assert "Dark &amp; new" in page
        assert "1 file differs from main" in page
        assert "Change index.html" in page
        assert "/deletion" not in page

    def test_come_back_as_they_were(self, people, browse, shop, main):
        before = queries.tip_of(main)
        operations.update_file(main, by=people.bob, path="index.html", content=b"worse")

        sent = {"name": "As it was", "parent_id": main.id, "commit": before}
        answer = browse(people.bob).post(f"{shop.path}/versions", sent)

        back = next(each for each in queries.versions_of(shop) if each.name == "As it was")
        assert answer.location == back.path
        assert queries.tip_of(back) == before

    def test_are_named_deleted_and_taken_back(self, people, browse, shop):
        fork = operations.fork_version(shop, by=people.bob, name="Dark")
        bob = browse(people.bob)

        assert bob.post(f"{fork.path}/name", {"name": ""}).status_code == 422
        bob.post(f"{fork.path}/name", {"name": "Darker"})
        bob.post(f"{fork.path}/deletion")
        session.refresh(fork)
        assert (fork.name, fork.is_deleted) == ("Darker", True)
        assert "Darker" in bob.get(f"{shop.path}/versions").text
        bob.post(f"{fork.path}/restoration")
        session.refresh(fork)
        assert not fork.is_deleted
