"""A developer publishes a task; a version never changes, and what does not hold is said with its line."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.db import session
from app.core.errors import Invalid
from app.environments import definition
from app.environments.models import TaskVersion
from app.projects.queries import repository_of
from tests.environments.conftest import TASK, packed
from tests.support.road import commit


def address(people, rest: str = "") -> str:
    return f"/v1/org/{people.organization.slug}/tasks{rest}"


def sent(task: str = TASK, **more):
    return {"file": (packed({"task.yaml": task, "run.sh": "echo hi"}, **more), "task.tar.gz")}


class TestPublish:
    def test_keeps_an_archive_as_a_version(self, people, api):
        answer = api("POST", address(people), people.key(people.bob), data=sent(mode=0o755, top="task/"))

        made = session.scalars(select(TaskVersion)).one()
        assert answer.status_code == 201
        assert answer.json["ref"] == "acme/find-the-bug@1.0.0"
        assert answer.json["inputs"] == {
            "web_url": {"description": "", "default": None, "required": False},
            "who": {"description": "", "default": None, "required": False},
        }
        assert made.published_by == people.bob
        assert made.task.repository.blob(made.commit_sha, "run.sh") == b"echo hi"
        assert made.task.repository.kind(made.commit_sha, "run.sh") == "executable"

    def test_takes_a_folder_of_a_repository_at_a_ref(self, people, api):
        project = people.project()
        sha = commit(repository_of(project), "main", path="tasks/bug/task.yaml", text=TASK)
        body = {"project": project.slug, "ref": "main", "path": "tasks/bug"}

        answer = api("POST", address(people), people.key(people.bob), json=body)

        assert answer.status_code == 201
        assert answer.json["source"] == f"website@{sha[:10]}"

    def test_is_409_for_a_version_that_is_there(self, people, api, publish):
        publish()

        answer = api("POST", address(people), people.key(people.bob), data=sent())

        assert (answer.status_code, answer.json["type"]) == (409, "conflict_error")
        assert "already exists" in answer.json["detail"]
        assert session.scalars(select(TaskVersion)).unique().all()[0].version == "1.0.0"

    def test_names_the_line_that_does_not_hold(self, people, api):
        task = "name: Find The Bug\nversion: 1.0.0\nports:\n  web: [8080]\nprovision:\n  scrpt: x.sh\n"

        answer = api("POST", address(people), people.key(people.bob), data=sent(task))

        said = {tuple(each["loc"]): each["msg"] for each in answer.json["errors"]}
        assert (answer.status_code, answer.json["type"]) == (422, "validation_error")
        assert said["body", "task.yaml", "name"].startswith("Line 1:")
        assert said["body", "task.yaml", "provision", "scrpt"] == "Line 6: scrpt is not known here."

    @pytest.mark.parametrize("name", ["../out.txt", "/etc/passwd"])
    def test_refuses_a_file_that_reaches_out(self, people, api, name):
        data = {"file": (packed({"task.yaml": TASK, name: "x"}), "task.tar.gz")}

        answer = api("POST", address(people), people.key(people.bob), data=data)

        assert answer.status_code == 422
        assert session.scalars(select(TaskVersion)).first() is None

    def test_refuses_what_is_no_archive(self, people, api):
        data = {"file": (io.BytesIO(b"nothing"), "task.tar.gz")}

        assert api("POST", address(people), people.key(people.bob), data=data).status_code == 422
        assert api("POST", address(people), people.key(people.bob), json={}).status_code == 422

    def test_is_for_developers_of_the_organization(self, people, api):
        stranger = people.key(people.eve, organization=people.elsewhere)

        assert api("POST", address(people), people.key(people.vic), data=sent()).status_code == 403
        assert api("POST", address(people), stranger, data=sent()).status_code == 404
        assert api("POST", address(people), data=sent()).json == {
            "code": 401,
            "detail": "Sign in first, or send an API key as `Authorization: Bearer KEY`.",
            "type": "authentication_error",
        }
        assert session.scalars(select(TaskVersion)).first() is None


class TestReadTasks:
    def test_lists_the_latest_release_of_each(self, people, api, publish):
        for version in ("1.2.0", "1.10.0", "2.0.0-rc1"):
            publish(TASK.replace("1.0.0", version))
        key = people.key(people.vic)

        listed = api("GET", address(people), key).json
        versions = api("GET", address(people, "/find-the-bug/versions?limit=2"), key).json

        assert [each["version"] for each in listed["tasks"]] == ["1.10.0"]
        assert [each["version"] for each in versions["tasks"]] == ["1.10.0", "1.2.0"]
        assert {name: versions[name] for name in ("total", "total_pages", "has_next", "has_previous")} == {
            "total": 3,
            "total_pages": 2,
            "has_next": True,
            "has_previous": False,
        }

    def test_gives_a_version_and_its_instruction(self, people, api, publish):
        publish()
        key = people.key(people.vic)

        assert api("GET", address(people, "/find-the-bug/1.0.0"), key).json["name"] == "find-the-bug"
        assert (
            "{{ web_url }}"
            in api("GET", address(people, "/find-the-bug/1.0.0/instruction"), key).json["instruction"]
        )
        assert api("GET", address(people, "/nothing"), key).json["detail"] == "Task not found: acme/nothing"


class TestTheDefinition:
    @pytest.mark.parametrize(
        ("task", "said"),
        [
            ("name: [", "not valid YAML"),
            ("name: &a x\nversion: *a\n", "aliases"),
            ("name: x\nversion: 1.0.0\nsolution: solve.sh\n", "Line 3: solve.sh is not among the files"),
            ("name: x\nversion: 1.0\n", "Line 2"),
            ("name: x\nversion: 1.0.0\nports:\n  web: [80]\n", "`services` has none"),
            ("name: A Bug\nversion: 1.0.0\n", "Line 1: name has to be small letters, digits"),
            ("name: x\nversion: one\n", "Line 2: version has to be three numbers, such as 1.4.0"),
            ("name: x\nversion: 1.0.0\nservices: {Web: }\n", "a small letter, then"),
            ("name: x\nversion: 1.0.0\ninputs: {2do: }\n", "a letter or _, then"),
            ("name: x\nversion: 1.0.0\nservices: {web: {health: up}}\n", "health has to be a path that"),
            (
                "name: x\nversion: 1.0.0\nverification: {method: flag, hash: abc}\n",
                "hash has to be sha256: and",
            ),
        ],
    )
    def test_says_what_does_not_hold(self, task, said):
        with pytest.raises(Invalid) as trouble:
            definition.read({"task.yaml": task.encode()})

        assert said in trouble.value.message

    def test_reads_the_task_of_the_documentation(self):
        page = Path(definition.__file__).parents[2] / "docs" / "environments.md"
        task = page.read_text().partition("```yaml\n")[2].partition("```")[0]

        read = definition.read({"task.yaml": task.encode(), "check.sh": b""})

        assert set(read.known_inputs) == {"language"}
        assert read.instruct({"web_url": "http://door", "language": "French"}) == (
            "Make http://door say that the door is open, in French.\n"
        )

    def test_keeps_back_what_nobody_may_see(self):
        task = (
            b"name: x\nversion: 1.0.0\nsolution: solve.sh\nverification: {method: script, script: check.sh}\n"
        )

        read = definition.read({"task.yaml": task, "solve.sh": b"", "check.sh": b""})

        assert read.kept_back == {"task.yaml", "solve.sh", "check.sh"}


class TestLookUpTheScope:
    def test_tells_who_asks_and_where_by_either_header(self, people, app, api):
        project, key = people.project(), people.key(people.bob, "read")
        org = people.organization.slug

        user = app.test_client().get("/api/v1/user", headers={"X-API-Key": key}).json
        organization = api("GET", f"/v1/org/{org}", key).json
        listed = api("GET", f"/v1/org/{org}/ws", key).json
        one = api("GET", f"/v1/org/{org}/ws/{project.slug}", key).json

        assert (user["email_address"], user["username"]) == ("bob@example.com", "bob")
        assert (organization["key"], organization["effective_max_sandbox_runtime_seconds"]) == ("acme", 86400)
        assert listed["workspaces"] == [one]
        assert (one["key"], one["org_id"]) == ("website", str(people.organization.id))

    def test_is_404_for_a_stranger_in_this_apis_words(self, people, api):
        project = people.project()
        stranger = people.key(people.eve, organization=people.elsewhere)

        answer = api("GET", f"/v1/org/acme/ws/{project.slug}", stranger)

        assert answer.json == {
            "code": 404,
            "detail": "Organization not found: acme",
            "type": "not_found_error",
        }
