"""How previews are built: found by looking, said in the settings, and by greenroom.toml above all."""

import pytest

from app.core.errors import Failed
from app.engine.plans import plan_for
from app.projects import queries
from app.projects.queries import repository_of
from tests.support import road

ADDRESS = "/acme/website/settings/previews"


def plan(files, **more):
    return plan_for(files, lambda path: files[path], **more)


class TestThePlan:
    def test_follows_the_settings_and_says_so(self):
        found = plan({"index.html": b"<p>Hi</p>", "dist/index.html": b""}, wishes={"output": "dist"})

        assert found.output == "dist"
        assert "The project's settings say so: output." in found.reasons

    def test_lets_the_repository_win(self):
        files = {"index.html": b"", "greenroom.toml": b'[run]\ncommand = "serve"\n'}

        found = plan(files, wishes={"run": "mine", "install": "make", "health": "/up"})

        assert (found.run, found.install, found.health) == ("serve", "make", "/up")
        assert found.reasons[:2] == [
            "greenroom.toml says so: [run] command.",
            "The project's settings say so: install, health.",
        ]

    def test_looks_in_the_subfolder(self):
        found = plan({"readme.md": b"", "web/index.html": b""}, root="web")

        assert (found.root, found.kind) == ("web", "static")


class TestSettings:
    def test_are_kept_and_shown_with_why(self, people, browse):
        project = people.project()
        sent = {"output": "public", "build": "make site", "most_previews": "2", "idle_minutes": "5"}

        answer = browse(people.ada).post(ADDRESS, sent)
        page = browse(people.ada).get("/acme/website/settings").text

        assert answer.status_code == 303
        assert (project.plan_overrides, project.most_previews) == (
            {"output": "public", "build": "make site"},
            2,
        )
        assert queries.plan_wishes_of(project) == {"build": "make site", "output": "public", "idle": 300}
        assert "The project&#39;s settings say so: build, output, idle." in page

    def test_go_back_to_what_was_found(self, people, browse):
        project = people.project()
        browse(people.ada).post(ADDRESS, {"output": "public", "subfolder": "site", "most_previews": "2"})

        browse(people.ada).post(f"{ADDRESS}/reset")

        assert (project.plan_overrides, project.subfolder, project.most_previews) == ({}, "", 2)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"port": "99999"},
            {"health": "up"},
            {"subfolder": "../x"},
            {"output": "/etc"},
            {"most_previews": "0"},
        ],
    )
    def test_are_checked(self, people, browse, wrong):
        people.project()

        answer = browse(people.ada).post(ADDRESS, {"most_previews": "3", **wrong})

        assert answer.status_code == 422
        assert "could not be saved yet" in answer.text

    def test_say_what_is_wrong_with_the_main_branch(self, people, browse):
        project = people.project()
        project.subfolder = "nowhere"

        assert isinstance(queries.plan_of(project), Failed)
        assert "could not be built now" in browse(people.ada).get("/acme/website/settings").text

    def test_hold_for_the_next_preview(self, people, browse, bell):
        from app.previews.queries import latest_preview

        project = people.project()
        road.commit(repository_of(project), "main", path="public/index.html", text="<p>Hello</p>")
        browse(people.ada).post(ADDRESS, {"output": "public", "most_previews": "3"})
        request = road.reviewed_request(people, project=project, path="public/hours.html")

        bell.work()

        assert latest_preview(request).plan["output"] == "public"
        answer = browse(people.ada).post("/acme/website/previews/rebuild")
        assert answer.status_code == 303
        assert latest_preview(request).is_on_the_way

    def test_by_programs(self, people, api):
        project, key = people.project(), people.key(people.ada)
        path = f"/projects/{project.id}/preview-settings"

        made = api("PUT", path, key, json={"healt": 1, "idleMinutes": 20}).json["data"]

        assert (made["idleMinutes"], made["problem"]) == (20, None)
        assert made["plan"]["kind"] == "static"
        assert api("GET", path, key).json["data"] == made
