"""greenroom.toml of the main branch: read with each push, shown with what each setting does and what does not hold."""

import pytest

from app.core.db import session, transaction
from app.projects import operations
from app.projects.models import ProjectConfig, Starter
from app.projects.queries import config_of, repository_of
from tests.support import road

GOOD = '[run]\ncommand = "python serve.py"\nhealth = "/up"\n'
BAD = '[run]\ncommand = "python serve.py"\n\nprot = 3\nport = "x"\n'


@pytest.fixture
def project(people, bell):
    """A project whose first reading nobody has done yet."""
    return people.project()


def push(people, project, text: str, *, branch: str = "main", path: str = "greenroom.toml") -> str:
    return road.push_to(project, branch, by=people.ada, path=path, text=text)


def kept(project) -> ProjectConfig | None:
    session.expire_all()
    return config_of(project)


class TestFollow:
    def test_reads_what_is_pushed_to_main(self, people, project, bell):
        push(people, project, GOOD)

        bell.work()

        config = kept(project)
        assert config.commit_sha == repository_of(project).head("main")
        assert [(setting.name, setting.value) for setting in config.settings] == [
            ("run.command", "python serve.py"),
            ("run.health", "/up"),
        ]
        assert config.problems == []

    def test_leaves_other_branches_alone(self, people, project, bell):
        bell.work()

        push(people, project, GOOD, branch="idea")

        assert "projects.read_config" not in bell.kinds

    def test_forgets_what_is_no_longer_there(self, people, project, bell):
        push(people, project, GOOD)
        push(people, project, "<p>Hello</p>", path="index.html")
        repository_of(project).commit_files(
            "main",
            {"greenroom.toml": None},
            message="Without",
            author=operations.signature_of(people.ada),
            parent=repository_of(project).head("main"),
        )

        operations.sync_config(project, by=people.ada)

        assert (kept(project).text, kept(project).settings) == (None, [])

    def test_reads_a_project_that_begins_with_a_starter(self, project, bell):
        bell.work()

        assert kept(project).commit_sha is not None

    def test_has_nothing_to_read_in_an_empty_one(self, people, bell):
        project = people.project("Shop", starter=Starter.EMPTY)

        bell.work()

        assert (kept(project).commit_sha, kept(project).text) == (None, None)


class TestOnThePage:
    def test_says_what_each_setting_does(self, people, project, browse):
        push(people, project, GOOD)
        browser = browse(people.ada)

        answer = browser.post("/acme/website/settings/config")

        assert (answer.status_code, answer.location) == (303, "/acme/website/settings#config")
        page = browser.get("/acme/website/settings").text
        assert "<code>run.health</code>" in page
        assert "The path that is asked until the app answers." in page

    def test_shows_every_line_that_does_not_hold(self, people, project, browse):
        push(people, project, BAD)
        operations.sync_config(project, by=people.ada)

        page = browse(people.ada).get("/acme/website/settings").text

        assert "Line 4: prot is not known in [run]" in page
        assert "Line 5: port must be a whole number" in page
        assert "<code>run.command</code>" in page

    def test_says_that_it_was_not_read_yet(self, people, project, browse):
        assert "It was not read yet." in browse(people.ada).get("/acme/website/settings").text

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("rae", 403), ("vic", 403), ("eve", 404)])
    def test_is_read_anew_by_admins(self, people, project, browse, who, status):
        answer = browse(getattr(people, who)).post("/acme/website/settings/config")

        assert answer.status_code == status
        assert kept(project) is None


class TestByPrograms:
    def test_syncs_and_reads(self, people, project, api):
        push(people, project, BAD)

        synced = api("POST", f"/admin/projects/{project.id}/config/sync", people.key(people.ada)).json["data"]
        read = api("GET", f"/projects/{project.id}/config", people.key(people.vic)).json["data"]

        assert read == synced
        assert (read["found"], read["projectId"]) == (True, str(project.id))
        assert read["settings"] == [
            {"name": "run.command", "value": "python serve.py", "does": read["settings"][0]["does"]}
        ]
        assert read["problems"] == [
            {"line": 4, "message": "prot is not known in [run]; known are command, port, health"},
            {"line": 5, "message": "port must be a whole number"},
        ]

    def test_says_that_it_was_not_read_yet(self, people, project, api):
        read = api("GET", f"/projects/{project.id}/config", people.key(people.vic)).json["data"]

        assert (read["readAt"], read["commitSha"], read["settings"]) == (None, None, [])

    def test_syncs_any_for_the_admin_of_the_installation(self, people, project, browse):
        with transaction():
            people.eve.is_admin = True

        answer = browse(people.eve).send("POST", f"/api/admin/projects/{project.id}/config/sync")

        assert answer.status_code == 200
        assert kept(project) is not None

    def test_is_for_admins(self, people, project, api):
        path = f"/admin/projects/{project.id}/config/sync"

        assert api("POST", path, people.key(people.bob)).status_code == 403
        assert api("POST", path, people.key(people.ada, "read", "write")).status_code == 403
        assert api("POST", path, people.key(people.eve, organization=people.elsewhere)).status_code == 404
