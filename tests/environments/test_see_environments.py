"""The pages of environments: make one of a task, see how it stands, tear it down."""

from sqlalchemy import select

from app.core.db import session
from app.environments.models import Environment
from tests.environments.conftest import packed


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

    def test_are_seen_by_members_alone_and_used_by_developers(self, people, browse):
        address = f"{people.project().path}/environments"

        assert f"{address}/tasks" not in browse(people.vic).get(address).text
        assert browse(people.eve).get(address).status_code == 404
        assert "/environments" not in browse(people.rae).get(people.project("Other").path).text
