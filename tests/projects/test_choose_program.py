"""An admin chooses the program that works in a project, and tries whether it runs here."""

import pytest

from app.core.errors import Invalid, NotAllowed
from app.engine.sandbox import probe
from app.projects import operations, queries

ADDRESS = "/acme/website/settings/agent"


@pytest.fixture
def walls():
    if not probe().is_walled:
        pytest.skip("no sandbox on this machine")


class TestChoosing:
    def test_a_known_one_keeps_no_command(self, people):
        project = people.project()

        operations.set_agent(project, by=people.ada, preset="codex", command="left over {prompt_file}")

        assert (project.agent_preset, project.agent_command) == ("codex", None)
        assert queries.settings_notes(project)[0].text == "made Codex CLI the agent"

    def test_none_takes_the_default_back_to_one_that_needs_nothing(self, people):
        project = people.project()
        operations.set_agent(project, by=people.ada, preset="codex")
        operations.edit_project(project, by=people.ada, default_agent="command")

        operations.set_agent(project, by=people.ada, preset="")

        assert (project.agent_preset, project.default_agent) == (None, "outline")

    def test_comes_before_making_it_the_default(self, people):
        with pytest.raises(Invalid, match="which program works"):
            operations.edit_project(people.project(), by=people.ada, default_agent="command")

    def test_is_for_admins(self, people):
        with pytest.raises(NotAllowed):
            operations.set_agent(people.project(), by=people.bob, preset="codex")


class TestOnThePage:
    def test_a_command_that_does_not_hold_comes_back_as_it_was_typed(self, people, browse):
        project = people.project()

        answer = browse(people.ada).post(ADDRESS, {"preset": "own", "command": "agent --yes"})

        assert answer.status_code == 422
        assert "does not say where it gets the prompt" in answer.text
        assert 'value="agent --yes"' in answer.text
        assert project.agent_preset is None

    def test_one_that_holds_is_offered_as_who_does_the_work(self, people, browse):
        people.project()
        browser = browse(people.ada)
        assert 'value="command"' not in browser.get("/acme/website/settings").text

        answer = browser.post(ADDRESS, {"preset": "own", "command": "agent {prompt_file}"})

        assert (answer.status_code, answer.location) == (303, "/acme/website/settings#agent")
        assert 'value="command"' in browser.get("/acme/website/settings").text


def test_a_program_chooses_it_by_the_api(people, api):
    project, key = people.project(), people.key(people.ada)
    body = {"agentPreset": "own", "agentCommand": "agent < {prompt_file}", "defaultAgent": "command"}

    answer = api("PUT", f"/projects/{project.id}", key, json=body)
    refused = api("PUT", f"/projects/{project.id}", key, json={"agentPreset": "own", "agentCommand": "agent"})

    shown = answer.json["data"]
    assert (shown["agentPreset"], shown["agentCommand"]) == ("own", "agent < {prompt_file}")
    assert shown["defaultAgent"] == "command"
    assert refused.status_code == 422


class TestTrying:
    def test_shows_what_the_program_answered(self, people, browse, walls):
        operations.set_agent(people.project(), by=people.ada, preset="own", command="git {prompt_file}")

        answer = browse(people.ada).post(f"{ADDRESS}/trial")

        assert answer.status_code == 200
        assert "git runs here." in answer.text
        assert "git version 2" in answer.text

    def test_says_what_to_do_where_it_is_missing(self, people, walls):
        project = people.project()
        operations.set_agent(project, by=people.ada, preset="goose")

        trial = operations.try_agent(project, by=people.ada)

        assert not trial.is_good
        assert "The program goose is not installed on this server." in trial.words
        assert "GREENROOM_AGENT_PATHS" in trial.words

    def test_shows_what_it_said_where_it_does_not_run(self, people, walls):
        project = people.project()
        operations.set_agent(project, by=people.ada, preset="own", command="false {prompt_file}")

        trial = operations.try_agent(project, by=people.ada)

        assert not trial.is_good
        assert trial.words.startswith("false --version ended with exit code 1.")

    def test_looks_into_the_repository_for_its_own_script(self, people, walls):
        from tests.support.agents import with_program

        project = with_program(people)

        assert operations.try_agent(project, by=people.ada).words == "./bin/agent is in the repository."

    def test_is_for_admins(self, people):
        with pytest.raises(NotAllowed):
            operations.try_agent(people.project(), by=people.bob)
