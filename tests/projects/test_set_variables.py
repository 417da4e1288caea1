"""Variables of a project: set on a page or by a program, encrypted, and what a preview finds in its environment."""

import pytest
from sqlalchemy import text

from app.core.db import session
from app.core.errors import Failed, Invalid, NotAllowed
from app.projects import operations, queries

ADDRESS = "/acme/website/settings/variables"


def set_one(project, by, name="API_TOKEN", value="hush hush hush", **more):
    given = {"audience": "preview", "is_secret": True, **more}
    return operations.set_variable(project, by=by, name=name, value=value, **given)


class TestTheirValues:
    def test_are_for_one_audience(self, people):
        project = people.project()
        set_one(project, people.ada, audience="agent", value="for agents")
        set_one(project, people.ada, value="for previews")

        assert queries.variables_of(project, "preview") == {"API_TOKEN": "for previews"}
        assert queries.variables_of(project, "agent") == {"API_TOKEN": "for agents"}

    def test_cannot_be_read_in_the_database(self, people):
        set_one(people.project(), people.ada)

        kept = session.execute(text("SELECT value FROM project_variables")).scalar_one()

        assert "hush" not in kept

    def test_are_missed_by_name_after_the_key_was_lost(self, people):
        project = people.project()
        variable = set_one(project, people.ada)
        session.execute(text("UPDATE project_variables SET value = 'of another key'"))
        session.expire(variable)

        with pytest.raises(Failed, match="API_TOKEN cannot be read"):
            queries.variables_of(project, "preview")

    @pytest.mark.parametrize("name", ["", "9LIVES", "A-B", "PORT", "GREENROOM_HOME", "A=B"])
    def test_have_names_that_a_shell_knows_and_we_do_not_need(self, people, name):
        with pytest.raises(Invalid):
            set_one(people.project(), people.ada, name)


class TestOnThePage:
    def test_a_secret_is_never_shown_again(self, people, browse):
        project, browser = people.project(), browse(people.ada)
        sent = {"name": "API_TOKEN", "value": "hush hush hush", "secret": "true", "audience": "preview"}

        answer = browser.post(ADDRESS, sent)
        page = browser.get("/acme/website/settings").text

        assert (answer.status_code, answer.location) == (303, "/acme/website/settings#variables")
        assert queries.secrets_of(project, "preview") == {"API_TOKEN": "hush hush hush"}
        assert "API_TOKEN" in page
        assert "hush" not in page

    def test_what_does_not_hold_is_said_without_the_value(self, people, browse):
        people.project()

        answer = browse(people.ada).post(ADDRESS, {"name": "A-B", "value": "hush hush", "secret": "true"})

        assert answer.status_code == 422
        assert "Use letters, digits and _" in answer.text
        assert "hush" not in answer.text

    def test_a_plain_one_is_shown_and_a_missing_one_filled_in(self, people, browse):
        set_one(people.project(), people.ada, "MODE", "demo", is_secret=False)

        page = browse(people.ada).get("/acme/website/settings?variable=STRIPE_KEY").text

        assert "demo" in page
        assert 'value="STRIPE_KEY"' in page

    def test_a_change_is_kept_by_name_with_who_made_it(self, people, browse):
        project = people.project()
        variable = set_one(project, people.ada)

        browse(people.ada).post(f"{ADDRESS}/{variable.id}/removal")

        said = [(note.actor.name, note.text) for note in queries.settings_notes(project)]
        assert said == [
            ("Ada Admin", "removed the variable API_TOKEN for previews"),
            ("Ada Admin", "set the variable API_TOKEN for previews"),
        ]
        assert queries.variables_in(project) == []

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("rae", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        variable = set_one(people.project(), people.ada)
        browser = browse(getattr(people, who))

        assert browser.post(ADDRESS, {"name": "A", "value": "b", "secret": "true"}).status_code == status
        assert browser.post(f"{ADDRESS}/{variable.id}/removal").status_code == status


class TestByPrograms:
    def test_set_list_and_remove(self, people, api):
        project, key = people.project(), people.key(people.ada)
        path = f"/projects/{project.id}/variables"

        made = api("PUT", path, key, json={"name": "API_TOKEN", "value": "hush hush hush"}).json["data"]
        listed = api("GET", path, key).json["data"]
        removed = api("DELETE", f"{path}/{made['id']}", key)

        assert (made["name"], made["secret"], made["value"]) == ("API_TOKEN", True, None)
        assert listed == [made]
        assert removed.status_code == 204
        assert queries.variables_of(project, "preview") == {}

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 404)])
    def test_is_for_admins(self, people, api, who, status):
        project, person = people.project(), getattr(people, who)
        key = people.key(person, organization=people.elsewhere if who == "eve" else None)
        path = f"/projects/{project.id}/variables"

        assert api("GET", path, key).status_code == status
        assert api("PUT", path, key, json={"name": "A", "value": "b"}).status_code == status

    def test_the_operation_is_the_lock(self, people):
        with pytest.raises(NotAllowed):
            set_one(people.project(), people.bob)
