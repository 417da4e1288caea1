"""Programs build, deploy, go back, set the environment and the domain; each row with what it does and refuses."""

import pytest

from app.apps import operations, queries
from app.apps.models import BuildStatus, DeployStatus
from app.core.db import session
from app.engine import routes
from tests.apps.road import built, held_app


@pytest.fixture
def website(people, bell):
    return held_app(people, bell)


@pytest.fixture
def bob(people, api):
    key = people.key(people.bob)
    return lambda method, path, body=None, **more: api(method, path, key, json=body, **more)


@pytest.fixture
def ada(people, api):
    key = people.key(people.ada)
    return lambda method, path, body=None, **more: api(method, path, key, json=body, **more)


@pytest.fixture
def eve(people, api):
    key = people.key(people.eve, organization=people.elsewhere)
    return lambda method, path, body=None, **more: api(method, path, key, json=body, **more)


class TestBuilds:
    def test_starts_one_and_asks_until_it_is_done(self, website, bell, bob):
        begun = bob("POST", "/builds", {"appVersionId": website.default_version_id})
        bell.work()
        done = bob("GET", f"/builds/{begun.json['id']}").json

        assert begun.status_code == 201
        assert (begun.json["status"], begun.json["sequenceNumber"]) == ("pending", 2)
        assert (done["status"], done["trigger"], done["error"]) == ("completed", "manual", None)
        assert (done["entityId"], done["workspaceId"]) == (website.id, str(website.project_id))
        assert done["metadata"]["durationMs"] is not None
        assert done["startedAt"] <= done["completedAt"]

    def test_reads_the_log_in_parts(self, people, website, bell, bob):
        build = built(website, bell, by=people.bob)

        first = bob("GET", f"/builds/{build.id}/log?limit=10").json
        rest = bob("GET", f"/builds/{build.id}/log?offset={first['nextOffset']}").json

        assert first["text"] + rest["text"] == build.log_path.read_text()
        assert rest["nextOffset"] == rest["size"] == first["size"]

    def test_cancels_one(self, people, website, bell, bob):
        build = operations.start_build(queries.default_version(website), by=people.bob)

        answer = bob("POST", f"/builds/{build.id}/cancel")

        assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
        assert session.get(type(build), build.id).status is BuildStatus.CANCELLED
        assert bob("POST", f"/builds/{build.id}/cancel").status_code == 409

    def test_says_why_it_failed(self, people, website, bell, bob):
        build = built(website, bell, by=people.bob, greenroom_toml=b'[build]\ncommand = "false"\n')

        answer = bob("GET", f"/builds/{build.id}").json

        assert answer["status"] == "failed"
        assert answer["error"].startswith(build.error_message)

    def test_bad_input_and_strangers(self, people, website, bell, bob, eve):
        build = built(website, bell, by=people.bob)

        assert bob("POST", "/builds", {}).status_code == 422
        assert bob("POST", "/builds", {"appVersionId": "appver_nothing"}).status_code == 404
        assert bob("GET", f"/builds/{build.id}/log?limit=0").status_code == 422
        assert eve("POST", "/builds", {"appVersionId": website.default_version_id}).status_code == 404
        for method, path in [("GET", ""), ("GET", "/log"), ("POST", "/cancel")]:
            assert eve(method, f"/builds/{build.id}{path}").status_code == 404
        assert queries.unended_builds(website) == []


class TestDeploys:
    def test_puts_a_build_live(self, people, website, bell, bob):
        build = built(website, bell, by=people.bob, index_html=b"second")

        begun = bob("POST", "/deploys", {"buildId": build.id})
        bell.work()
        done = bob("GET", f"/deploys/{begun.json['id']}").json

        assert (begun.status_code, begun.json["status"]) == (201, "pending")
        assert (done["status"], done["live"], done["buildId"]) == ("completed", True, build.id)
        assert done["url"] == website.url
        assert queries.live_deploy(website).id == done["id"]
        assert "put live" in bob("GET", f"/deploys/{done['id']}/log").json["text"]

    @pytest.mark.parametrize("way", ["deploys", "app", "build"])
    def test_three_ways_lead_to_the_same(self, people, website, bell, bob, way):
        build = built(website, bell, by=people.bob, index_html=b"second")
        path, body = {
            "deploys": ("/deploys", {"appId": website.id}),
            "app": (f"/apps/{website.id}/deploy", None),
            "build": (f"/apps/{website.id}/builds/{build.id}/deploy", None),
        }[way]

        answer = bob("POST", path, body)
        bell.work()

        assert answer.status_code == 201
        assert queries.live_deploy(website).build_id == build.id

    def test_goes_back_and_says_before_what_that_changes(self, people, website, bell, bob):
        first = queries.live_deploy(website).build
        operations.set_app_variable(website, by=people.ada, name="TOKEN", value="hidden-value")
        build = built(website, bell, by=people.bob, index_html=b"second")
        operations.deploy_build(build, by=people.bob)
        bell.work()

        changes = bob("GET", f"/apps/{website.id}/rollback")
        answer = bob("POST", f"/apps/{website.id}/rollback")
        bell.work()

        assert changes.json["buildId"] == first.id
        assert [each["sha"] for each in changes.json["commitsTakenOff"]] == [build.commit_sha]
        assert changes.json["variablesRemoved"] == ["TOKEN"]
        assert "hidden-value" not in changes.text
        assert (answer.status_code, answer.json["trigger"]) == (201, "rollback")
        assert queries.live_deploy(website).build_id == first.id

    def test_cancels_one(self, people, website, bell, bob):
        live = queries.live_deploy(website)
        build = built(website, bell, by=people.bob, index_html=b"second")
        deploy = operations.deploy_build(build, by=people.bob)

        answer = bob("POST", f"/deploys/{deploy.id}/cancel")

        assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
        assert (deploy.status, queries.live_deploy(website).id) == (DeployStatus.CANCELLED, live.id)

    def test_bad_input_and_strangers(self, people, website, bell, bob, eve):
        live = queries.live_deploy(website)
        failed = built(website, bell, by=people.bob, greenroom_toml=b'[build]\ncommand = "false"\n')

        assert bob("POST", "/deploys", {}).status_code == 422
        assert bob("POST", "/deploys", {"buildId": failed.id, "appId": website.id}).status_code == 422
        assert bob("POST", "/deploys", {"buildId": failed.id}).status_code == 409
        assert bob("POST", f"/apps/{website.id}/builds/{failed.id}/deploy").status_code == 409
        assert bob("POST", f"/apps/{website.id}/rollback").status_code == 409
        assert bob("POST", f"/deploys/{live.id}/cancel").status_code == 409
        assert bob("POST", f"/apps/{website.id}/rollback", {"buildId": "bld_nothing"}).status_code == 404
        for method, path in [
            *[("GET", f"/deploys/{live.id}{rest}") for rest in ("", "/log")],
            ("POST", f"/deploys/{live.id}/cancel"),
            ("POST", f"/apps/{website.id}/deploy"),
            ("POST", f"/apps/{website.id}/builds/{live.build_id}/deploy"),
            *[(each, f"/apps/{website.id}/rollback") for each in ("GET", "POST")],
        ]:
            assert eve(method, path).status_code == 404
        assert eve("POST", "/deploys", {"appId": website.id}).status_code == 404
        assert queries.latest_deploy(website).id == live.id


class TestEnvironment:
    def test_sets_lists_and_removes(self, website, ada):
        path = f"/apps/{website.id}/env"

        assert ada("PUT", path, {"name": "TOKEN", "value": "s3cr3t", "type": "secret"}).json == {
            "success": True
        }
        assert ada("PUT", path, {"name": "MODE", "value": "demo"}).status_code == 200
        listed = ada("GET", path)
        removed = ada("DELETE", f"{path}?name=MODE")

        assert listed.json == {
            "data": [
                {"name": "MODE", "type": "plain", "value": "demo"},
                {"name": "TOKEN", "type": "secret", "value": None},
            ]
        }
        assert removed.json == {"success": True}
        assert [each.name for each in queries.variables_of(website)] == ["TOKEN"]

    def test_bad_input_and_strangers(self, website, ada, bob, eve):
        path = f"/apps/{website.id}/env"

        assert ada("PUT", path, {"name": "1ST", "value": "1"}).status_code == 422
        assert ada("PUT", path, {"name": "VITE_KEY", "value": "1", "type": "secret"}).status_code == 422
        assert ada("PUT", path, {"name": "MODE", "value": "1", "type": "other"}).status_code == 422
        assert ada("DELETE", f"{path}?name=NOTHING").status_code == 404
        assert bob("GET", path).status_code == 403
        assert bob("PUT", path, {"name": "MODE", "value": "1"}).status_code == 403
        assert eve("GET", path).status_code == 404
        assert eve("PUT", path, {"name": "MODE", "value": "1"}).status_code == 404
        assert eve("DELETE", f"{path}?name=MODE").status_code == 404
        assert queries.variables_of(website) == []


class TestDomain:
    def test_attaches_asks_and_detaches(self, website, ada, api):
        path = f"/apps/{website.id}/domain"

        assert ada("GET", path).json is None
        attached = ada("PUT", path, {"hostname": "shop.example.com"}).json
        assert api("GET", "/domains/ask?domain=shop.example.com").status_code == 404
        assert ada("GET", path).json == attached
        assert ada("POST", f"{path}/check").json["status"] == "pending"
        assert ada("DELETE", path).json == {"success": True}

        assert (attached["status"], attached["hostname"]) == ("pending", "shop.example.com")
        assert [each["type"] for each in attached["records"]] == ["CNAME", "TXT"]
        assert attached["records"][0]["value"] == f"{website.handle}.preview.greenroom.test"
        assert queries.domain_of(website) is None
        assert routes.find("shop.example.com") is None

    def test_the_front_proxy_is_told_of_those_that_are_proven(self, website, ada, api):
        from app.integrations.resolver import Found

        class Book:
            def texts(self, _name):
                return Found(texts=(domain.text_value,))

        ada("PUT", f"/apps/{website.id}/domain", {"hostname": "shop.example.com"})
        domain = queries.domain_of(website)
        operations.look_at(domain.id, Book())

        assert api("GET", "/domains/ask?domain=shop.example.com").status_code == 200
        assert api("GET", "/domains/ask?domain=other.example.com").status_code == 404

    def test_bad_input_and_strangers(self, website, ada, bob, eve):
        path = f"/apps/{website.id}/domain"

        for hostname in ("example.com", "*.example.com", "website.preview.greenroom.test", ""):
            assert ada("PUT", path, {"hostname": hostname}).status_code == 422
        assert ada("DELETE", path).status_code == 409
        assert bob("PUT", path, {"hostname": "shop.example.com"}).status_code == 403
        for method in ("GET", "PUT", "DELETE"):
            assert eve(method, path, {"hostname": "shop.example.com"}).status_code == 404
        assert queries.domain_of(website) is None
