"""The pages of environments: make one of a task, see how it stands, tear it down."""

from html import unescape

from sqlalchemy import select

from app.core.db import session
from app.environments import operations
from app.environments.models import Environment, TaskVersion
from app.projects.queries import repository_of
from tests.environments.conftest import TASK, packed
from tests.support.road import commit


class TestThePages:
    def test_lead_from_an_archive_to_an_environment_and_its_end(self, people, browse, bell):
        place = people.project()
        bob, address = browse(people.bob), f"{place.path}/environments"
        task = "name: find-it\nversion: 1.0.0\nverification: {method: flag, value: found}\n"

        bob.post(f"{address}/tasks", {"file": (packed({"task.yaml": task}), "task.tar.gz")})
        listed = bob.get(address).text
        choice = listed.partition('<option value="')[2].partition('"')[0]
        made = bob.post(address, {"version_id": choice, "minutes": "5"})
        environment = session.scalars(select(Environment)).unique().one()
        waiting = bob.htmx("GET", environment.path).text
        bell.work()
        ready = bob.htmx("GET", environment.path).text
        bob.post(f"{environment.path}/verification", {"flag": "found"})
        verified = bob.get(environment.path).text
        bob.post(f"{environment.path}/removal")

        assert (made.status_code, made.location) == (303, environment.path)
        assert 'hx-trigger="every ' in waiting
        assert "hx-trigger" not in ready
        assert "Run a command" in ready
        assert "Yes, it is done." in verified
        assert "Torn down" in bob.get(environment.path).text

    def test_show_a_task_that_does_not_hold_again_with_its_line(self, people, browse):
        address = f"{people.project().path}/environments"
        data = {"file": (packed({"task.yaml": "name: x\nversion: 1\n"}), "task.tar.gz")}

        answer = browse(people.bob).post(f"{address}/tasks", data)

        assert answer.status_code == 422
        assert "Line 2" in answer.text

    def test_say_what_is_to_be_done_for_this_one(self, people, publish, browse, bell):
        task = TASK.replace("for {{ who }}", "for {{ who }}, not {{ them }}")
        environment, _ = operations.create_environment(
            people.project(), publish(task), by=people.bob, inputs={"who": True}
        )

        page = browse(people.bob).get(environment.path).text

        assert "Fix the app at {{ web_url }} for true, not {{ them }}." in unescape(page)

    def test_publish_a_folder_of_the_project(self, people, browse):
        project, bob = people.project(), browse(people.bob)
        commit(repository_of(project), "main", path="tasks/bug/task.yaml", text=TASK)
        address = f"{project.path}/environments"

        refused = bob.post(f"{address}/tasks", {"project": project.slug, "ref": "nowhere", "path": "tasks"})
        done = bob.post(f"{address}/tasks", {"project": project.slug, "ref": "", "path": "tasks/bug"})

        assert refused.status_code == 422
        assert "has nothing called nowhere" in refused.text
        assert 'value="nowhere"' in refused.text
        assert done.status_code == 303
        assert session.query(TaskVersion).one().source.startswith(f"{project.slug}@")

    def test_are_seen_by_members_alone_and_used_by_developers(self, people, browse):
        address = f"{people.project().path}/environments"

        assert f"{address}/tasks" not in browse(people.vic).get(address).text
        assert browse(people.eve).get(address).status_code == 404
        assert "/environments" not in browse(people.rae).get(people.project("Other").path).text
