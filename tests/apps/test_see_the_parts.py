"""The tabs of an app: each shows where it stands and does what its endpoint does, without a script."""

from app.apps import operations, queries
from app.apps.models import VariableType
from tests.apps.road import built, held_app


class TestBuilds:
    def test_one_is_started_watched_and_put_live(self, people, bell, browse):
        app = held_app(people, bell)
        bob = browse(people.bob)

        started = bob.post(f"{app.path}/builds", data={"app_version_id": app.default_version_id})
        waiting = bob.get(started.location).text
        bell.work()
        done = bob.get(started.location).text
        bob.post(f"{app.path}/deploys", data={"build": "2"})
        bell.work()

        assert (started.status_code, started.location) == (303, f"{app.path}/builds/2")
        assert 'hx-trigger="every ' in waiting
        assert "Cancel" in waiting
        assert 'hx-trigger="every ' not in done
        assert "ready to be put live" in done
        assert queries.live_deploy(app).build.number == 2
        assert "Build 2 is live" in bob.get(started.location).text

    def test_a_viewer_looks_and_changes_nothing(self, people, bell, browse):
        app = held_app(people, bell)
        page = browse(people.vic).get(f"{app.path}/builds")

        assert page.status_code == 200
        assert "Build it" not in page.text
        assert "Environment" not in page.text
        assert browse(people.vic).get(f"{app.path}/environment").status_code == 403

    def test_a_failed_one_shows_the_reason(self, people, bell, browse):
        app = held_app(people, bell)
        build = built(app, bell, by=people.bob, greenroom_toml=b'[build]\ncommand = "false"\n')

        page = browse(people.vic).get(f"{app.path}/builds/{build.number}").text

        assert "Build 2 failed" in page
        assert build.error_suggestion.partition(" ")[0] in page


class TestDeploys:
    def test_going_back_is_asked_for_with_what_it_changes(self, people, bell, browse):
        app = held_app(people, bell)
        operations.set_app_variable(app, by=people.ada, name="TOKEN", value="hidden-value")
        operations.deploy_build(built(app, bell, by=people.bob, index_html=b"second"), by=people.bob)
        bell.work()
        bob = browse(people.bob)

        history = bob.get(f"{app.path}/deploys").text
        asked = bob.get(f"{app.path}/rollback?build=1").text
        answer = bob.post(f"{app.path}/rollback", data={"build": "1"})
        bell.work()

        assert f"{app.path}/rollback?build=1" in history
        assert "A push" in asked
        assert "TOKEN" in asked
        assert "hidden-value" not in asked
        assert (answer.status_code, answer.location) == (303, f"{app.path}/deploys")
        assert queries.live_deploy(app).build.number == 1


class TestEnvironment:
    def test_a_secret_is_never_shown_again(self, people, bell, browse):
        app = queries.first_app(people.project())
        ada = browse(people.ada)

        sent = {"name": "TOKEN", "value": "s3cr3t-word", "type": "secret"}
        assert ada.post(f"{app.path}/environment", data=sent).status_code == 303
        refused = ada.post(f"{app.path}/environment", data=sent | {"name": "VITE_TOKEN"})
        page = ada.get(f"{app.path}/environment").text

        assert queries.variable_named(app, "TOKEN").type is VariableType.SECRET
        assert refused.status_code == 422
        assert 'value="VITE_TOKEN"' in refused.text
        assert "s3cr3t-word" not in refused.text + page
        assert ada.post(f"{app.path}/environment/removal", data={"name": "TOKEN"}).status_code == 303
        assert queries.variables_of(app) == []


class TestDomain:
    def test_shows_the_records_and_keeps_what_was_typed(self, people, bell, browse):
        app = queries.first_app(people.project())
        ada = browse(people.ada)

        refused = ada.post(f"{app.path}/domain", data={"hostname": "example.com"})
        attached = ada.post(f"{app.path}/domain", data={"hostname": "shop.example.com"})
        page = ada.get(f"{app.path}/domain").text

        assert refused.status_code == 422
        assert 'value="example.com"' in refused.text
        assert attached.status_code == 303
        assert queries.domain_of(app).text_value in page
        assert "Attach it" not in browse(people.vic).get(f"{app.path}/domain").text
        assert ada.post(f"{app.path}/domain/removal").status_code == 303
        assert queries.domain_of(app) is None
