import pytest

from app.apps import operations, queries
from app.apps.models import AppVersion
from app.core.db import session
from app.projects.models import Starter


class TestFork:
    def test_begins_where_its_parent_stands(self, people, api, shop, main):
        answer = api("POST", "/app-versions", people.key(people.bob), json={"appId": shop.id, "name": "Dark"})

        assert answer.status_code == 201, answer.json
        fork = session.get(AppVersion, answer.json["id"])
        assert (fork.parent_id, fork.created_by_id, fork.status) == (main.id, people.bob.id, "ready")
        assert queries.tip_of(fork) == queries.tip_of(main)

    def test_goes_its_own_way(self, people, main, shop):
        fork = operations.fork_version(shop, by=people.bob)

        operations.update_file(fork, by=people.bob, path="index.html", content=b"mine")

        assert queries.file_at(fork, "index.html").text == "mine"
        assert queries.file_at(main, "index.html").text != "mine"

    def test_brings_an_earlier_state_back(self, people, api, shop, main):
        before = queries.tip_of(main)
        operations.update_file(main, by=people.bob, path="index.html", content=b"worse")

        sent = {"appId": shop.id, "parentId": main.id, "commit": before, "name": "As it was"}
        answer = api("POST", "/app-versions", people.key(people.bob), json=sent)

        fork = session.get(AppVersion, answer.json["id"])
        assert queries.tip_of(fork) == before
        assert queries.file_at(fork, "index.html").text != "worse"

    def test_knows_only_commits_of_its_parent(self, people, api, shop, main):
        fork = operations.fork_version(shop, by=people.bob)
        other = operations.update_file(fork, by=people.bob, path="index.html", content=b"x").commit

        for commit in (other, "f" * 40, "main"):
            sent = {"appId": shop.id, "parentId": main.id, "commit": commit}
            answer = api("POST", "/app-versions", people.key(people.bob), json=sent)
            assert answer.status_code == (201 if commit == "main" else 422)

    def test_needs_something_to_begin_with(self, people, api, make_app):
        empty = make_app(starter=Starter.EMPTY)

        answer = api("POST", "/app-versions", people.key(people.bob), json={"appId": empty.id})

        assert answer.status_code == 409
        assert "nothing in main yet" in answer.json["message"]

    def test_takes_no_parent_from_another_app(self, people, api, make_app):
        one, other = make_app(), make_app()

        sent = {"appId": one.id, "parentId": other.default_version_id}
        answer = api("POST", "/app-versions", people.key(people.bob), json=sent)

        assert answer.status_code == 422

    @pytest.mark.parametrize(("who", "status"), [("eve", 404), ("vic", 403)])
    def test_is_for_developers(self, people, api, shop, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("POST", "/app-versions", key, json={"appId": shop.id}).status_code == status

        assert len(queries.versions_of(shop)) == 1


class TestChange:
    def test_renames_without_moving_the_branch(self, people, api, shop):
        fork = operations.fork_version(shop, by=people.bob, name="Dark")
        branch = fork.branch

        answer = api("PATCH", f"/app-versions/{fork.id}", people.key(people.bob), json={"name": "Darker"})

        assert answer.status_code == 200
        session.refresh(fork)
        assert (fork.name, fork.branch) == ("Darker", branch)

    def test_needs_a_name(self, people, api, main):
        answer = api("PATCH", f"/app-versions/{main.id}", people.key(people.bob), json={"name": " "})

        assert answer.status_code == 422

    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    @pytest.mark.parametrize(("who", "status"), [("eve", 404), ("vic", 403)])
    def test_is_for_developers(self, people, api, shop, method, who, status):
        fork = operations.fork_version(shop, by=people.bob, name="Dark")
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api(method, f"/app-versions/{fork.id}", key, json={"name": "Mine"}).status_code == status

        session.refresh(fork)
        assert (fork.name, fork.deleted_at) == ("Dark", None)


class TestDelete:
    def test_can_be_undone(self, people, api, shop):
        fork, key = operations.fork_version(shop, by=people.bob), people.key(people.bob)

        assert api("DELETE", f"/app-versions/{fork.id}", key).json == {"success": True}
        saved = api("POST", f"/app-versions/{fork.id}/files", key, json={"path": "a", "content": ""})
        assert api("POST", f"/app-versions/{fork.id}/restore", key).status_code == 200

        assert saved.status_code == 409
        session.refresh(fork)
        assert fork.deleted_at is None
        assert queries.file_at(fork, "index.html").text

    def test_leaves_the_default_version(self, people, api, main):
        answer = api("DELETE", f"/app-versions/{main.id}", people.key(people.bob))

        assert answer.status_code == 409
        session.refresh(main)
        assert main.deleted_at is None

    def test_is_for_good_once_it_is_purged(self, people, api, shop):
        fork, key = operations.fork_version(shop, by=people.bob), people.key(people.bob)
        fork_id, branch = fork.id, fork.branch

        early = api("DELETE", f"/app-versions/{fork_id}/purge", key)
        api("DELETE", f"/app-versions/{fork_id}", key)
        answer = api("DELETE", f"/app-versions/{fork_id}/purge", key)

        assert (early.status_code, answer.status_code) == (409, 200)
        assert branch not in queries.repository_of_app(shop).branches()
        assert api("GET", f"/app-versions/{fork_id}", key).status_code == 404


class TestCompare:
    def test_says_what_became_of_each_file(self, people, api, shop, main):
        fork = operations.fork_version(shop, by=people.bob)
        operations.update_file(fork, by=people.bob, path="index.html", content=b"new\n")
        operations.create_file(fork, by=people.bob, path="more.txt", content=b"one\n  two\n")
        operations.delete_file(fork, by=people.bob, path="about.html")

        answer = api("GET", f"/app-versions/{fork.id}/compare", people.key(people.vic))

        assert answer.status_code == 200
        assert {each["path"]: each["status"] for each in answer.json["files"]} == {
            "about.html": "deleted",
            "index.html": "modified",
            "more.txt": "added",
        }
        added = next(each for each in answer.json["files"] if each["path"] == "more.txt")
        assert [line["text"] for line in added["hunks"][0]["lines"]] == ["one", "  two"]

    def test_compares_any_two_of_an_app(self, people, api, make_app):
        one, other = make_app(), make_app()
        key = people.key(people.vic)
        main = one.default_version_id

        alike = api("GET", f"/app-versions/{main}/compare?with={main}", key)
        foreign = api("GET", f"/app-versions/{main}/compare?with={other.default_version_id}", key)
        alone = api("GET", f"/app-versions/{main}/compare", key)

        assert alike.json["files"] == []
        assert (foreign.status_code, alone.status_code) == (404, 422)

    def test_lists_what_was_saved(self, people, api, main):
        operations.update_file(main, by=people.bob, path="index.html", content=b"new\n")

        listed = api("GET", f"/app-versions/{main.id}/commits", people.key(people.vic)).json["data"]

        assert [(each["message"].strip(), each["author"]) for each in listed] == [
            ("Change index.html", "Bob Builder"),
            ("Start Shop", "Bob Builder"),
        ]
