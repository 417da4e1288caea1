import io
import tarfile
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.apps import operations, queries
from app.apps.models import App, AppVersion, RetentionTier
from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import session
from app.core.errors import Conflict, Invalid
from app.engine import routes
from app.projects.models import Starter


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path.replace("__", "/"), content)
    packed.seek(0)
    return packed


def new(project, **more):
    return {"workspaceId": str(project.id), "name": "Shop", **more}


class TestCreate:
    def test_makes_a_repository_with_a_default_version(self, people, api):
        project = people.project()

        answer = api(
            "POST", "/apps", people.key(people.bob), json=new(project, starter="flask", handle="the-shop")
        )

        assert answer.status_code == 201, answer.json
        made = session.get(App, answer.json["id"])
        assert (made.name, made.handle, made.created_by_id) == ("Shop", "the-shop", people.bob.id)
        assert answer.json["defaultVersionId"] == made.default_version_id
        assert answer.json["status"] == "draft"
        assert "app.py" in queries.repository_of_app(made).files("main")
        assert queries.commits_of(queries.default_version(made))[0].author == "Bob Builder"
        assert made.api_key_id is not None

    def test_may_begin_with_nothing(self, make_app):
        app = make_app(starter=Starter.EMPTY)

        assert queries.tip_of(queries.default_version(app)) is None
        assert queries.files_in(queries.default_version(app)) == []

    def test_may_take_over_the_history_of_the_project(self, people, api):
        project = people.project()

        answer = api("POST", "/apps", people.key(people.bob), json=new(project, fromRepository=True))

        made = session.get(App, answer.json["id"])
        first = queries.first_app(project)
        assert queries.tip_of(queries.default_version(made)) == queries.tip_of(queries.default_version(first))
        assert made.repository_path != first.repository_path

    def test_cannot_take_over_what_is_not_there(self, people):
        project = people.project(starter=Starter.EMPTY)

        with pytest.raises(Conflict, match="nothing on main"):
            operations.create_app(project, by=people.bob, name="Shop", from_repository=True)

        assert session.scalars(select(App).where(App.name == "Shop")).all() == []

    @pytest.mark.parametrize(("who", "status"), [("eve", 404), ("vic", 403), ("rae", 403), (None, 401)])
    def test_is_for_developers(self, people, api, who, status):
        project = people.project()
        key = (
            people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)
            if who
            else None
        )

        answer = api("POST", "/apps", key, json=new(project))

        assert answer.status_code == status
        assert session.scalars(select(App).where(App.name == "Shop")).all() == []

    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({"name": ""}, 422),
            ({"handle": "Not A Host"}, 422),
            ({"handle": "www"}, 422),
            ({"handle": "edit-1--website"}, 422),
            ({"handle": "12-website"}, 422),
            ({"handle": "website"}, 409),
            ({"starter": "cobol"}, 422),
        ],
    )
    def test_says_what_does_not_hold(self, people, api, more, status):
        answer = api("POST", "/apps", people.key(people.bob), json=new(people.project(), **more))

        assert answer.status_code == status
        assert answer.json["message"]

    def test_gives_every_app_a_handle_of_its_own(self, make_app):
        assert make_app().handle != make_app().handle

    @pytest.mark.parametrize("name", ["12 Website", "Preview", "localhost"])
    def test_gives_none_the_address_of_something_else(self, make_app, name):
        handle = make_app(name).handle

        assert routes.why_unfit(handle) is None
        assert handle.startswith("app-")

    @pytest.mark.parametrize("name", ["12 Website", "www"])
    def test_gives_no_project_such_an_address_either(self, people, name):
        project = people.project(name)

        assert project.host_label.startswith("project-")
        assert queries.first_app(project).handle == project.host_label

    def test_leaves_a_later_project_of_the_same_name_an_address(self, people, make_app):
        make_app("Blog", handle="blog")

        project = people.project("Blog")

        assert project.host_label != "blog"
        assert queries.first_app(project).handle == project.host_label


class TestImport:
    def send(self, people, api, packed, **more):
        project = people.project()
        data = {"workspaceId": str(project.id), "name": "Old shop", "archive": (packed, "shop.zip"), **more}
        return api("POST", "/apps/import", people.key(people.bob), data=data)

    def test_takes_a_zip_without_its_outer_folder(self, people, api):
        packed = zipped(shop__index_html="<h1>Hi</h1>", shop__css__main="body {}", shop__node_modules__x="")

        answer = self.send(people, api, packed)

        assert answer.status_code == 201, answer.json
        made = session.get(App, answer.json["id"])
        assert queries.repository_of_app(made).files("main") == ["css/main", "index_html"]

    def test_takes_a_tar(self, people, api):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            entry = tarfile.TarInfo("index.html")
            entry.size = 2
            archive.addfile(entry, io.BytesIO(b"Hi"))
        packed.seek(0)

        answer = self.send(people, api, packed)

        made = session.get(App, answer.json["id"])
        assert queries.file_at(queries.default_version(made), "index.html").text == "Hi"

    @pytest.mark.parametrize("path", ["../evil", "/etc/passwd", "a/../../b", ".git/config"])
    def test_refuses_paths_that_lead_out(self, people, api, path):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.html", "Hi")
            archive.writestr(path, "evil")
        packed.seek(0)

        answer = self.send(people, api, packed)

        stored = session.scalars(select(App).where(App.name == "Old shop")).first()
        if path == ".git/config":  # left out like everything else that is no file of an app
            assert queries.repository_of_app(stored).files("main") == ["index.html"]
        else:
            assert answer.status_code == 422
            assert "leads out of the app" in answer.json["message"]
            assert stored is None

    def test_refuses_links(self, people, api):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            entry = tarfile.TarInfo("passwd")
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)
        packed.seek(0)

        assert self.send(people, api, packed).status_code == 422

    def test_refuses_what_is_no_archive(self, people, api):
        answer = self.send(people, api, io.BytesIO(b"not an archive"))

        assert answer.status_code == 422
        assert "no zip or tar" in answer.json["message"]


class TestChange:
    def test_keeps_what_is_not_said(self, people, api, shop):
        config = {"nodeVersion": "22", "env": {"MODE": "demo"}, "retentionTier": "short"}

        answer = api(
            "PATCH", f"/apps/{shop.id}", people.key(people.bob), json={"publicAccess": True, "config": config}
        )

        assert answer.status_code == 200, answer.json
        session.refresh(shop)
        assert (shop.name, shop.is_public, shop.config) == ("Shop", True, config)
        line = session.scalars(select(AuditEntry).where(AuditEntry.act == "app.changed")).one()
        assert line.detail == "config, who sees it"

    def test_says_at_once_who_sees_what_is_live(self, people, api, bell, shop, main):
        operations.start_build(main, by=people.bob)
        bell.work()
        deploy = operations.deploy_latest(shop, by=people.bob)
        bell.work()
        lives = routes.find(shop.handle).directory
        key, seen = people.key(people.bob), []

        for is_public in (True, False):
            api("PATCH", f"/apps/{shop.id}", key, json={"publicAccess": is_public})
            seen.append(routes.find(shop.handle).access)

        assert seen == ["public", "private"]
        assert routes.find(shop.handle).directory == lives
        assert [each.id for each in queries.newest_deploys(shop, most=5)] == [deploy.id]

    def test_says_who_sees_what_is_about_to_be_live(self, people, api, bell, shop, main, monkeypatch):
        operations.start_build(main, by=people.bob)
        bell.work()
        operations.deploy_latest(shop, by=people.bob)

        key, path = people.key(people.bob), f"/apps/{shop.id}"

        def settle(*_args, **_more):  # while it is started
            assert api("PATCH", path, key, json={"publicAccess": True}).status_code == 200

        monkeypatch.setattr("app.engine.serving.start", settle)
        bell.work()

        assert routes.find(shop.handle).access == "public"

    def test_lets_clones_begin_with_what_goes_live(self, people, shop, main):
        fork = operations.fork_version(shop, by=people.bob, name="Next")
        operations.edit_app(shop, by=people.bob, default_version_id=fork.id)

        assert queries.repository_of_app(shop).default_branch == fork.branch

        operations.delete_version(main, by=people.bob)
        operations.purge_version(main, by=people.bob)
        assert queries.repository_of_app(shop).branches().keys() == {fork.branch}

    def test_chooses_another_default_version(self, people, api, shop):
        fork = operations.fork_version(shop, by=people.bob, name="Next")

        api("PATCH", f"/apps/{shop.id}", people.key(people.bob), json={"defaultVersionId": fork.id})

        session.refresh(shop)
        assert shop.default_version_id == fork.id

    def test_knows_only_versions_of_its_own(self, people, make_app):
        one, other = make_app(), make_app("Other")

        with pytest.raises(Invalid, match="no version of this app"):
            operations.edit_app(one, by=people.bob, default_version_id=other.default_version_id)

    def test_refuses_settings_that_it_does_not_know(self, people, api, shop):
        answer = api("PATCH", f"/apps/{shop.id}", people.key(people.bob), json={"config": {"colour": "red"}})

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"][-1] == "colour"

    def test_gives_nobody_a_handle_that_is_taken(self, people, api, make_app):
        one = make_app(handle="one")
        make_app("Other", handle="two")

        assert (
            api("PATCH", f"/apps/{one.id}", people.key(people.bob), json={"handle": "two"}).status_code == 409
        )

        session.refresh(one)
        assert one.handle == "one"

    @pytest.mark.parametrize(("who", "status"), [("eve", 404), ("vic", 403)])
    def test_is_for_developers(self, people, api, shop, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("PATCH", f"/apps/{shop.id}", key, json={"name": "Mine"}).status_code == status

        session.refresh(shop)
        assert shop.name == "Shop"


class TestDelete:
    def test_settles_when_it_is_over_by_what_holds_at_that_time(self, people, api, shop):
        operations.edit_app(shop, by=people.bob, config={"retentionTier": "short"})

        assert api("DELETE", f"/apps/{shop.id}", people.key(people.bob)).json == {"success": True}

        session.refresh(shop)
        assert (shop.retention_tier, shop.purge_at - shop.deleted_at) == (
            RetentionTier.SHORT,
            timedelta(days=7),
        )
        assert queries.files_in(queries.default_version(shop))

    @pytest.mark.parametrize(("tier", "days"), [("medium", 30), ("long", 90), ("none", None)])
    def test_knows_the_tiers(self, people, shop, tier, days):
        operations.edit_app(shop, by=people.bob, config={"retentionTier": tier})

        operations.delete_app(shop, by=people.bob)

        kept = shop.purge_at - shop.deleted_at if shop.purge_at else None
        assert kept == (timedelta(days=days) if days else None)

    def test_lets_nothing_be_changed_until_it_is_taken_back(self, people, api, shop):
        key = people.key(people.bob)
        api("DELETE", f"/apps/{shop.id}", key)

        refused = api("PATCH", f"/apps/{shop.id}", key, json={"name": "New"})
        saved = api(
            "POST", f"/app-versions/{shop.default_version_id}/files", key, json={"path": "a", "content": ""}
        )

        assert (refused.status_code, saved.status_code) == (409, 409)
        assert "Take it back first" in refused.json["message"]

    def test_is_taken_back_as_it_was(self, people, api, shop):
        key = people.key(people.bob)
        api("DELETE", f"/apps/{shop.id}", key)

        answer = api("POST", f"/apps/{shop.id}/restore", key)

        assert answer.status_code == 200
        assert (answer.json["deletedAt"], answer.json["retentionTier"]) == (None, None)
        session.refresh(shop)
        assert shop.purge_at is None

    def test_never_takes_the_project_s_own(self, people, api):
        first = queries.first_app(people.project())

        answer = api("DELETE", f"/apps/{first.id}", people.key(people.ada))

        assert answer.status_code == 409
        session.refresh(first)
        assert first.deleted_at is None

    @pytest.mark.parametrize(("who", "status"), [("eve", 404), ("vic", 403)])
    def test_is_for_developers(self, people, api, shop, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("DELETE", f"/apps/{shop.id}", key).status_code == status

        session.refresh(shop)
        assert shop.deleted_at is None


class TestPurge:
    def test_waits_for_the_deletion(self, people, api, shop):
        answer = api("DELETE", f"/apps/{shop.id}/purge", people.key(people.ada))

        assert answer.status_code == 409
        assert shop.repository_path.exists()

    def test_leaves_nothing(self, people, api, shop):
        operations.delete_app(shop, by=people.bob)
        path, app_id = shop.repository_path, shop.id

        answer = api("DELETE", f"/apps/{app_id}/purge", people.key(people.ada))

        assert answer.status_code == 200
        assert not path.exists()
        assert session.scalars(select(AppVersion).where(AppVersion.app_id == app_id)).all() == []
        assert session.scalars(select(App.id).where(App.id == app_id)).first() is None

    @pytest.mark.parametrize(("who", "status"), [("eve", 404), ("bob", 403)])
    def test_is_for_admins(self, people, api, shop, who, status):
        operations.delete_app(shop, by=people.bob)
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("DELETE", f"/apps/{shop.id}/purge", key).status_code == status

        assert shop.repository_path.exists()

    def test_happens_by_itself_once_the_time_is_over(self, people, make_app, monkeypatch):
        over, kept, safe = make_app("Over"), make_app("Kept"), make_app("Safe")
        operations.edit_app(over, by=people.bob, config={"retentionTier": "short"})
        operations.edit_app(kept, by=people.bob, config={"retentionTier": "none"})
        for each in (over, kept):
            operations.delete_app(each, by=people.bob)
        later = clock.now() + timedelta(days=8)
        monkeypatch.setattr("app.apps.queries.apps.now", lambda: later)
        ids = [each.id for each in (over, kept, safe)]

        assert operations.purge_what_is_over() == 1

        assert [session.scalar(select(App.id).where(App.id == each)) for each in ids] == [None, *ids[1:]]
