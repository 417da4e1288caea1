"""A task that says so has environments ready before anybody asks: each handed out once, none older than it may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import installation as here
from app.core.clock import now
from app.core.db import session, transaction
from app.core.installation import configure, installation
from app.core.secrets import digest
from app.environments import operations, queries
from app.environments.models import Environment, EnvironmentState
from app.projects.models import Audience
from app.projects.operations import archive_project, set_variable
from tests.environments.conftest import TASK
from tests.support.together import together

WARM = f"{TASK}warm: 2\n"


@pytest.fixture
def version(publish):
    return publish(WARM)


@pytest.fixture
def make(people, version):
    """Make an environment of the task, as Bob: `make(project, inputs={"who": "Rae"})`."""

    def do(project, **more):
        return operations.create_environment(project, version, by=people.bob, **more)

    return do


@pytest.fixture
def place(people, make, bell):
    """A project in which somebody made an environment, so that two more stand ready."""
    project = people.project()
    make(project)
    bell.work()
    return project


@pytest.fixture
def bounds():
    """Change what the installation allows, for one test: `bounds(most_warm=1)`."""
    before = list(here._here)
    yield lambda **values: configure(replace(installation(), **values))
    here._here[:] = before


def standing(project) -> list[Environment]:
    return [each for each in queries.all_environments_in(project) if each.is_warm and not each.is_over]


class TestStandReady:
    def test_as_many_as_the_task_says_once_it_is_in_use(self, people, place):
        found = standing(place)

        assert [each.status for each in found] == [EnvironmentState.READY] * 2
        assert {each.created_by for each in found} == {None}
        assert all((each.folder / "notes.txt").exists() for each in found)
        assert standing(people.project("Other")) == []

    def test_no_more_than_the_organization_may_have(self, people, make, bell, bounds):
        bounds(most_warm=1)
        project = people.project()

        make(project)

        assert len(standing(project)) == 1

    def test_none_where_the_task_needs_an_input_that_nobody_said(self, people, publish, bell):
        task = publish(f"{WARM}inputs: {{who: {{required: true}}}}\n".replace("1.0.0", "1.1.0"))
        project = people.project()

        operations.create_environment(project, task, by=people.bob, inputs={"who": "Rae"})

        assert standing(project) == []

    def test_nobody_sees_what_nobody_has(self, people, place, api, browse):
        waiting, key = standing(place)[0], people.key(people.bob)
        address = f"/v1/org/acme/ws/{place.slug}/environments"

        assert api("GET", address, key).json["total"] == 1
        assert api("GET", f"{address}/{waiting.id}", key).status_code == 404
        assert api("GET", f"{address}/{waiting.id}/status", key).status_code == 404
        assert api("DELETE", f"{address}/{waiting.id}", key).status_code == 404
        assert browse(people.bob).get(waiting.path).status_code == 404
        assert "2 stand ready" in browse(people.bob).get(f"{place.path}/environments").text
        assert queries.count_open(place.organization_id) == 1


class TestHandOut:
    def test_comes_ready_with_its_token_and_a_time_of_its_own(self, people, place, make, bell):
        waiting = {each.id for each in standing(place)}

        environment, token = make(place, seconds=60)

        assert environment.id in waiting
        assert (environment.status, environment.is_warm) == (EnvironmentState.READY, False)
        assert environment.token_digest == digest(token)
        assert environment.created_by == people.bob
        assert environment.expires_at - environment.ready_at == timedelta(seconds=60)
        assert len(standing(place)) == 2

    def test_one_at_a_time_however_many_ask(self, people, place, version, bell):
        got = []

        def ask():
            made, token = operations.create_environment(
                session.merge(place), session.merge(version), by=session.merge(people.bob)
            )
            got.append((made.id, token, made.status))

        ends = together(*[ask] * 4)

        assert ends == ["done"] * 4
        assert len({each for each, _, _ in got}) == len({token for _, token, _ in got}) == 4
        assert [status for _, _, status in got].count(EnvironmentState.READY) == 2

    @pytest.mark.parametrize("more", [{"inputs": {"who": "Rae"}}, {"secret": "hush"}])
    def test_not_where_something_was_said_that_it_does_not_have(self, people, place, make, bell, more):
        if "secret" in more:
            variable = set_variable(
                place,
                by=people.ada,
                name="API_TOKEN",
                value=more["secret"],
                audience=Audience.PREVIEW,
                is_secret=True,
            )
            more = {"secret_ids": [str(variable.id)]}

        environment, _ = make(place, **more)

        assert environment.status is EnvironmentState.PROVISIONING
        assert len(standing(place)) == 2

    def test_not_what_is_gone_or_about_to_go(self, place, make, bell):
        one, other = standing(place)
        one.folder.rename(one.folder.with_name(f"{one.name}-elsewhere"))
        with transaction():
            other.expires_at = now() + timedelta(seconds=1)

        environment, _ = make(place)

        assert environment.id not in {one.id, other.id}
        assert f"Environment {one.id} is ready, but its files are gone." in operations.disagreements()


class TestComeAndGo:
    def test_expires_and_is_replaced_while_the_task_is_in_use(self, place, bell):
        before = {each.id for each in standing(place)}
        with transaction():
            for each in standing(place):
                each.expires_at = now() - timedelta(seconds=1)

        operations.expire_environments()
        made = operations.keep_warm()
        bell.work()

        after = standing(place)
        assert made == 2
        assert before.isdisjoint(each.id for each in after)
        assert {each.status for each in after} == {EnvironmentState.READY}

    def test_is_not_replaced_when_nobody_used_the_task_for_an_hour(self, place, bell):
        with transaction():
            for each in queries.all_environments_in(place):
                each.created_at = now() - timedelta(hours=2)
                each.expires_at = now() - timedelta(seconds=1)
        operations.expire_environments()
        bell.work()

        assert operations.keep_warm() == 0
        assert standing(place) == []

    def test_is_forgotten_when_it_is_over(self, place, bell):
        for each in standing(place):
            with transaction():
                each.expires_at = now() - timedelta(seconds=1)
        operations.expire_environments()
        bell.work()
        with transaction():
            for each in queries.all_environments_in(place):
                if each.is_warm:
                    each.ended_at = now() - timedelta(hours=1)

        operations.keep_warm()
        bell.work()

        over = [each for each in queries.all_environments_in(place) if each.is_warm and each.is_over]
        assert over == []

    def test_rests_after_it_failed(self, people, publish, bell):
        broken = publish(
            f"{WARM}services:\n  web:\n".replace("1.0.0", "1.2.0"), {"notes.txt": "nothing to run"}
        )
        project = people.project()
        operations.create_environment(project, broken, by=people.bob)
        bell.work()

        assert operations.keep_warm() == 0
        assert standing(project) == []

    def test_ends_with_its_project(self, people, place, bell):
        waiting = standing(place)

        archive_project(place, by=people.ada)
        bell.work()

        for each in waiting:
            session.refresh(each)
        assert {each.status for each in waiting} == {EnvironmentState.TORN_DOWN}
        assert not any(each.folder.exists() for each in waiting)
        assert operations.keep_warm() == 0
