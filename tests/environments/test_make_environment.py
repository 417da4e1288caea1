"""An environment is made of a task, comes up, is polled, and is torn down."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from app.core import ledger
from app.core.clock import now
from app.core.db import session, transaction
from app.core.secrets import digest
from app.environments import commands, operations, queries
from app.environments.models import Environment, EnvironmentState
from app.projects.models import Audience
from app.projects.operations import set_variable
from tests.environments.conftest import TASK
from tests.support.together import together


@pytest.fixture
def place(people):
    return f"/v1/org/acme/ws/{people.project().slug}/environments"


@pytest.fixture
def make(people, place, api, publish):
    """Make an environment by the API, as Bob."""
    publish()

    def do(**more):
        return api("POST", place, people.key(people.bob), json={"task_ref": "find-the-bug", **more})

    return do


class TestMake:
    def test_gives_it_with_its_token_and_keeps_a_hash(self, make, bell):
        answer = make(inputs={"who": "Rae"}, timeout_sec=60)

        environment = session.get(Environment, UUID(answer.json["id"]))
        assert answer.status_code == 201
        assert answer.json["state"] == "building"
        assert answer.json["task_ref"] == "acme/find-the-bug@1.0.0"
        assert answer.json["expires_at"] is None
        assert environment.token_digest == digest(answer.json["execute_token"])
        assert (environment.inputs, environment.seconds) == ({"who": "Rae"}, 60)

    def test_comes_up_from_what_was_published(self, make, bell):
        made = make().json
        bell.work()

        environment = session.get(Environment, UUID(made["id"]))
        assert environment.status is EnvironmentState.READY
        assert (environment.folder / "notes.txt").read_text() == "hello"
        assert not (environment.folder / "task.yaml").exists()
        assert environment.expires_at - environment.ready_at == timedelta(seconds=3600)

    @pytest.mark.parametrize(
        ("more", "place_of_fault"),
        [
            ({"inputs": {"nobody": 1}}, ["body", "inputs", "nobody"]),
            ({"secret_ids": ["x"]}, ["body", "secret_ids", 0]),
            ({"timeout_sec": 0}, ["body", "timeout_sec"]),
            ({"timeout_sec": 10_000_000}, ["body", "timeout_sec"]),
        ],
    )
    def test_says_what_of_the_input_does_not_hold(self, make, bell, more, place_of_fault):
        answer = make(**more)

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == place_of_fault
        assert session.query(Environment).first() is None

    def test_takes_whatever_json_can_say_as_an_input(self, make, bell):
        said = {"hosts": ["a", "b"], "loud": True}

        answer = make(inputs={"who": said})

        environment = session.get(Environment, UUID(answer.json["id"]))
        assert environment.inputs == {"who": said}
        assert commands.variables(environment) == {"INPUT_WHO": '{"hosts": ["a", "b"], "loud": true}'}

    def test_says_in_its_detail_alone_what_does_not_hold(self, make, bell):
        assert "This task has no input nobody." in make(inputs={"nobody": 1}).json["detail"]

    def test_is_404_for_a_task_that_is_not_there(self, make, bell):
        answer = make(task_ref="nothing@1.0.0")

        assert answer.json["detail"] == "Task not found: nothing@1.0.0"
        assert answer.status_code == 404

    def test_is_for_developers_who_see_the_project(self, people, place, api, publish, bell):
        publish()
        stranger = people.key(people.eve, organization=people.elsewhere)
        body = {"task_ref": "find-the-bug"}

        assert api("POST", place, people.key(people.vic), json=body).status_code == 403
        assert api("POST", place, stranger, json=body).status_code == 404
        assert session.query(Environment).first() is None

    def test_gives_it_the_secrets_that_were_named(self, people, ready, publish):
        project = people.project("Other")
        variable = set_variable(
            project,
            by=people.ada,
            name="API_TOKEN",
            value="hush hush",
            audience=Audience.PREVIEW,
            is_secret=True,
        )

        environment, _ = operations.create_environment(
            project, publish(), by=people.bob, secret_ids=[str(variable.id)]
        )

        assert commands.secrets_of(environment) == {"API_TOKEN": "hush hush"}


class TestStatus:
    def test_gives_the_token_once_to_who_made_it(self, people, place, make, api, bell):
        made, bob = make().json, people.key(people.bob, "read")
        address = f"{place}/{made['id']}/status"
        early = api("GET", address, bob).json
        bell.work()

        others = api("GET", address, people.key(people.ada, "read")).json
        first, second = api("GET", address, bob).json, api("GET", address, bob).json

        assert (early["state"], early["execute_token"]) == ("building", None)
        assert (others["state"], others["execute_token"]) == ("ready", None)
        assert first["execute_token"] == made["execute_token"]
        assert first["instruction"] == made["instruction"]
        assert (second["execute_token"], second["instruction"]) == (None, None)
        assert session.get(Environment, UUID(made["id"]), populate_existing=True).token is None

    @pytest.mark.parametrize("query", ["?wait=30", "?wait=30&etag=what-it-was-before"])
    def test_gives_it_at_once_to_who_waits_for_it(self, people, place, make, api, bell, query):
        made, bob = make().json, people.key(people.bob, "read")
        bell.work()

        answer = api("GET", f"{place}/{made['id']}/status{query}", bob)

        assert answer.json["execute_token"] == made["execute_token"]

    def test_keeps_nobody_waiting_for_what_is_over(self, place, people, make, api, bell):
        made, bob = make().json, people.key(people.bob)
        bell.work()
        api("DELETE", f"{place}/{made['id']}", bob)

        assert api("GET", f"{place}/{made['id']}/status?wait=30", bob).json["state"] == "torn_down"

    def test_gives_it_to_one_of_many_who_ask_at_once(self, people, ready):
        environment, token = ready()
        asked, got = environment.id, []

        together(
            *[
                lambda: got.append(
                    operations.claim_token(
                        asked, has_token=True, is_creator=True, state=EnvironmentState.READY
                    )
                )
            ]
            * 8
        )

        assert sorted(each for each in got if each) == [token]
        assert len(got) == 8

    def test_gives_it_also_to_who_waits_for_a_change(self, people, place, make, api, bell):
        made, bob = make().json, people.key(people.bob, "read")
        bell.work()

        waited = api("GET", f"{place}/{made['id']}/status?wait=0.2", bob).json

        assert waited["execute_token"] == made["execute_token"]

    def test_is_404_elsewhere_and_401_for_nobody(self, people, place, make, api, bell):
        made = make().json
        other = people.project("Other")
        stranger = people.key(people.eve, organization=people.elsewhere)

        assert api("GET", f"{place}/{made['id']}/status", stranger).status_code == 404
        assert api("GET", f"{place}/{made['id']}/status").status_code == 401
        assert (
            api(
                "GET",
                f"/v1/org/acme/ws/{other.slug}/environments/{made['id']}/status",
                people.key(people.bob),
            ).status_code
            == 404
        )


class TestListAndEnd:
    def test_lists_those_in_a_state(self, people, place, make, api, bell):
        for _ in range(2):
            make()
        key = people.key(people.vic, "read")

        assert api("GET", f"{place}?state=building&state=ready&limit=1", key).json["total"] == 2
        assert api("GET", f"{place}?state=failed", key).json["environments"] == []
        assert api("GET", f"{place}?state=nothing", key).status_code == 422

    def test_is_torn_down_with_all_that_it_had(self, people, place, make, api, bell):
        made, bob = make().json, people.key(people.bob)
        bell.work()
        environment = session.get(Environment, UUID(made["id"]))

        assert api("DELETE", f"{place}/{made['id']}", people.key(people.vic)).status_code == 403
        answer = api("DELETE", f"{place}/{made['id']}", bob)
        bell.work()

        session.refresh(environment)
        assert answer.status_code == 204
        assert environment.status is EnvironmentState.TORN_DOWN
        assert not environment.folder.exists()
        assert api("DELETE", f"{place}/{made['id']}", bob).status_code == 204
        assert api("GET", f"{place}/{made['id']}", bob).json["state"] == "torn_down"

    def test_is_taken_away_later_where_its_removal_was_lost(self, ready, bell):
        environment, _ = ready()
        with transaction():
            operations.tear_down(environment, by=environment.created_by)
        bell.runs.clear()
        run = ledger.open_run(operations.remove_environment.kind, environment.id)
        ledger.cancel(run)
        lost = f"Environment {environment.id} is torn_down, but nothing takes away what it had."

        with time_machine.travel(now() + timedelta(minutes=5)):
            said, asked = operations.disagreements(), operations.remove_left_over()
            while_asked = operations.disagreements()
            bell.work()
            again = operations.remove_left_over()

        assert (said, while_asked, operations.disagreements()) == ([lost], [], [])
        assert (asked, again) == (1, 0)
        assert not environment.folder.exists()

    def test_is_torn_down_when_its_time_is_over(self, ready, bell):
        environment, _ = ready()
        with transaction():
            environment.expires_at = now() - timedelta(seconds=1)

        assert operations.expire_environments() == 1
        bell.work()

        session.refresh(environment)
        assert environment.status is EnvironmentState.TORN_DOWN
        assert not environment.folder.exists()

    def test_ends_with_its_project(self, people, ready, bell):
        from app.projects import operations as projects

        environment, _ = ready()

        projects.archive_project(environment.project, by=people.ada)

        session.refresh(environment)
        assert environment.status is EnvironmentState.TORN_DOWN

    def test_fails_with_the_reason_where_the_task_cannot_be_built(self, ready):
        environment, _ = ready(f"{TASK}services:\n  web:\n", {"notes.txt": "nothing to run"})

        session.refresh(environment)
        assert environment.status is EnvironmentState.FAILED
        assert queries.as_status(queries.status_of(environment.id))["error"]

    def test_is_told_from_what_is_not_true(self, ready, bell):
        environment, _ = ready()
        assert operations.disagreements() == []

        environment.folder.rename(environment.folder.with_name("elsewhere"))

        assert operations.disagreements() == [
            f"Environment {environment.id} is ready, but its files are gone."
        ]
