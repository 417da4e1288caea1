"""A commit becomes something that answers at its own address; its status says so truthfully."""

from pathlib import Path

import pytest

from app.core.db import session, transaction
from app.core.events import announce
from app.engine import instances, routes
from app.engine.instances import InstanceState
from app.previews import operations, queries
from app.previews.models import PreviewStatus
from app.previews.operations.places import as_set_up
from app.projects import operations as projects
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import WorkflowAction


@pytest.fixture
def shown(people, bell):
    """A request whose branch has a commit, ready to be shown."""
    request = people.request()
    repository = repository_of(request.project)
    repository.create_branch(request.working_branch, at=repository.head("main"))
    requests.move(
        request,
        WorkflowAction.COMPLETE_INTERVIEW,
        by=people.rae,
        payload={"gherkinCriteria": "x", "agentPrompt": "y"},
    )
    requests.move(request, WorkflowAction.START_DEVELOPMENT, by=people.bob)
    commit = repository.head(request.working_branch)
    requests.move(request, WorkflowAction.COMPLETE_DEVELOPMENT, by=None, payload={"commitSha": commit})
    return request


class TestBuildAPreview:
    def test_serves_a_static_site_from_its_own_folder(self, people, shown, bell):
        preview = operations.start_preview(shown, by=people.bob)
        assert routes.find(preview.label).kind == "waiting"

        bell.work()

        session.refresh(preview)
        route = routes.find(preview.label)
        assert preview.status is PreviewStatus.READY
        assert (route.kind, route.access, route.project_id) == ("static", "private", shown.project_id)
        assert "Website" in Path(route.directory, "index.html").read_text()
        assert route.bar["commit"] == shown.commit_sha
        assert queries.as_status(queries.status_of(shown.id))["previewUrl"] == preview.url

    def test_says_what_is_wrong_with_what_cannot_be_built(self, people, shown, bell):
        repository = repository_of(shown.project)
        files = dict.fromkeys(repository.files(shown.working_branch))
        broken = repository.commit_files(
            shown.working_branch,
            {**files, "notes.txt": b"nothing to run"},
            message="Remove the site",
            author=operations_signature(people.bob),
            parent=repository.head(shown.working_branch),
        )
        requests.note_commit(shown, commit=broken)

        preview = operations.start_preview(shown, by=people.bob)
        bell.work()

        state = queries.as_status(queries.status_of(shown.id))
        assert (state["status"], state["error"]["code"], state["nextPollMs"]) == ("failed", "no_plan", None)
        assert "greenroom.toml" in state["error"]["suggestion"]
        assert preview.log_path.exists()

    def test_does_not_build_the_same_commit_twice(self, people, shown, bell):
        first = operations.start_preview(shown, by=people.bob)
        bell.work()

        assert operations.start_preview(shown, by=people.rae).id == first.id
        assert operations.start_preview(shown, by=people.rae, force=True).id != first.id

    def test_replaces_the_round_before_only_when_the_new_one_is_up(self, people, shown, bell):
        first = operations.start_preview(shown, by=people.bob)
        bell.work()
        second = operations.start_preview(shown, by=people.bob, force=True)
        assert routes.find(first.label).kind == "static"

        bell.work()

        session.refresh(first)
        assert (first.status, second.status) == (PreviewStatus.EXPIRED, PreviewStatus.READY)
        assert second.name in routes.find(second.label).directory

    def test_is_gone_when_the_request_is_dropped(self, people, shown, bell):
        preview = operations.start_preview(shown, by=people.bob)
        bell.work()

        operations.take_down(shown)
        bell.work()

        session.refresh(preview)
        assert preview.status is PreviewStatus.EXPIRED
        assert routes.find(preview.label).kind == "gone"

    def test_is_cancelled_before_it_begins(self, people, shown, bell):
        preview = operations.start_preview(shown, by=people.bob)

        operations.cancel_preview(shown, by=people.bob)
        bell.work()

        session.refresh(preview)
        assert preview.status is PreviewStatus.CANCELLED


def operations_signature(user):
    from app.projects.operations import signature_of

    return signature_of(user)


class TestItsVariables:
    def test_are_those_of_previews_with_the_secret_ones_apart(self, people, shown):
        preview = operations.start_preview(shown, by=people.bob)
        for name, audience, is_secret in [
            ("MODE", "preview", False),
            ("TOKEN", "preview", True),
            ("KEY", "agent", True),
        ]:
            projects.set_variable(
                shown.project,
                by=people.ada,
                name=name,
                value="hush hush",
                audience=audience,
                is_secret=is_secret,
            )

        place = as_set_up(operations.place_of(preview), shown.project)

        assert (place.env, place.secrets) == ({"MODE": "hush hush"}, {"TOKEN": "hush hush"})


class TestAskForStatus:
    def test_by_key_in_one_statement_with_an_etag(self, people, shown, bell, app):
        operations.start_preview(shown, by=people.bob)
        bell.work()
        client, headers = app.test_client(), {"Authorization": f"Bearer {people.key(people.bob, 'read')}"}
        address = f"/api/requests/{shown.id}/preview/status"

        first = client.get(address, headers=headers)
        again = client.get(address, headers={**headers, "If-None-Match": first.headers["ETag"]})

        assert first.json["data"]["status"] == "ready"
        assert first.json["data"]["progress"] == 100
        assert (again.status_code, again.data) == (304, b"")

    def test_is_404_for_a_stranger_and_401_for_a_wrong_key(self, people, shown, app):
        address = f"/api/requests/{shown.id}/preview/status"
        stranger = {"Authorization": f"Bearer {people.key(people.eve, organization=people.elsewhere)}"}

        assert app.test_client().get(address, headers=stranger).status_code == 404
        assert app.test_client().get(address, headers={"Authorization": "Bearer gr_wrong"}).status_code == 401
        assert app.test_client().get(address).status_code == 401

    def test_asks_keys_for_the_scope(self, people, shown, app):
        headers = {"Authorization": f"Bearer {people.key(people.bob, 'write')}"}

        assert (
            app.test_client().get(f"/api/requests/{shown.id}/preview/status", headers=headers).status_code
            == 403
        )

    def test_says_not_started_before_there_is_one(self, people, browse, bell):
        answer = browse(people.vic).get(f"/api/requests/{people.request().id}/preview/status")

        assert answer.json["data"]["status"] == "not_started"
        assert answer.json["data"]["previewUrl"] is None


class TestThePage:
    def test_polls_while_it_waits_and_stops_by_itself(self, people, shown, browse, bell):
        operations.start_preview(shown, by=people.bob)
        address = f"{shown.path}/preview"

        waiting = browse(people.rae).htmx("GET", address).text
        bell.work()
        final = browse(people.rae).htmx("GET", address).text

        assert 'hx-trigger="every ' in waiting
        assert "hx-trigger" not in final
        assert "Up and running" in final

    def test_viewer_may_look_and_not_build_stranger_sees_nothing(self, people, shown, browse):
        address = f"{shown.path}/preview"

        assert browse(people.vic).get(address).status_code == 200
        assert browse(people.vic).post(address).status_code == 403
        assert browse(people.eve).get(address).status_code == 404
        assert browse(people.eve).post(address).status_code == 404


class TestItsProcess:
    def test_a_process_that_is_down_for_good_is_a_failed_preview(self, people, shown, bell):
        preview = operations.start_preview(shown, by=people.bob)
        bell.work()
        with transaction():
            instance = instances.want(
                preview.name,
                purpose="preview",
                subject_id=str(preview.id),
                folder="/nowhere",
                command="true",
                log_path=preview.log_path,
            )
            instance.state, instance.error_code, instance.error_message = (
                "failed",
                "crashed",
                "It stopped with 1.",
            )
            announce(instances.InstanceMoved(preview.name, "preview", str(preview.id), InstanceState.FAILED))

        session.refresh(preview)
        assert (preview.status, preview.error_message) == (PreviewStatus.FAILED, "It stopped with 1.")
        assert "previews.remove_preview" in bell.kinds
