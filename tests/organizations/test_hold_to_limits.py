"""Build minutes and storage are held to: above the limit nothing is built or taken, and a sentence says who can raise it."""

import io
from datetime import timedelta

import pytest

from app.apps.models import DeployStatus
from app.apps.queries import first_app, latest_deploy
from app.core.clock import now
from app.core.db import session, transaction
from app.core.ledger import Run, RunState
from app.notifications.models import Kind
from app.notifications.queries import notifications_of
from app.organizations import operations
from app.organizations.models import Limits, Period
from app.organizations.queries import usage_of
from app.previews import operations as previews
from app.previews.models import PreviewStatus
from app.previews.queries import latest_preview
from app.requests.models import Attachment, RequestStatus
from tests.support.pictures import PICTURE
from tests.support.road import push, reviewed_request

SAID = "Acme has used 7 of 5 build minutes this month, and nothing more is built. Ada Admin can raise that"


def bound(people, **limits) -> None:
    operations.edit_organization(people.organization, by=people.ada, limits=Limits(**limits))


@pytest.fixture
def request_(people, bell):
    """Rae's request, whose preview was built for seven minutes of the five that there are."""
    request = reviewed_request(people)
    preview = latest_preview(request)
    with transaction():
        run = session.get(Run, preview.run_id)
        run.state, run.lease_until = RunState.DONE, None
        run.started_at, run.ended_at = now() - timedelta(minutes=7), now()
        preview.status = PreviewStatus.EXPIRED
        preview.ended_at = now()
    bell.runs.clear()
    bound(people, build_minutes_per_month=5)
    return request


class TestBuildMinutes:
    def test_refuse_who_builds_a_preview(self, people, request_, api, browse, bell):
        answer = api("POST", f"/requests/{request_.id}/preview", people.key(people.bob), json={"force": True})

        assert (answer.status_code, answer.json["type"]) == (409, "limit_reached")
        assert SAID in answer.json["message"]
        page = browse(people.bob).post(f"{request_.path}/preview")
        assert (page.status_code, SAID in page.text) == (409, True)
        assert bell.runs == []

    def test_let_the_work_go_on_whose_preview_fails_with_the_reason(self, people, request_, bell):
        push(request_, by=people.bob, text="<p>10 to 6</p>")
        bell.work()

        preview = latest_preview(request_)
        assert request_.status is RequestStatus.IN_REVIEW
        assert preview.status is PreviewStatus.FAILED
        assert SAID in preview.error_message
        told = session.scalars(notifications_of(people.bob, kind=Kind.PREVIEW_FAILED)).one()
        assert SAID in told.text

    def test_refuse_to_put_anything_live(self, people, request_, bell):
        deploy = latest_deploy(first_app(request_.project))
        bell.runs.append(str(deploy.run_id))
        bell.work()

        assert deploy.status is DeployStatus.FAILED
        assert SAID in deploy.error_message

    def test_are_free_again_when_the_limit_is_raised(self, people, request_, bell):
        bound(people, build_minutes_per_month=8)

        assert previews.start_preview(request_, by=people.bob, force=True).is_on_the_way

    def test_do_not_hold_for_the_sample(self, people, request_, bell):
        with transaction():
            request_.project.is_sample = True

        assert previews.start_preview(request_, by=people.bob, force=True).is_on_the_way


@pytest.fixture
def nearly_full(people):
    """Rae's request where a megabyte is allowed, and one picture more fits."""
    request = people.request()
    bound(people, storage_mb=1)
    operations.weigh_files()
    with transaction():
        usage = usage_of(people.organization.id, Period.current().start)
        usage.storage_bytes = 1024 * 1024 - len(PICTURE) - 1
    return request


def attach(api, people, request):
    sent = io.BytesIO(PICTURE)
    return api(
        "POST",
        f"/requests/{request.id}/attachments",
        people.key(people.rae),
        data={"files": (sent, "door.png")},
        content_type="multipart/form-data",
    )


class TestStorage:
    def test_takes_what_fits_and_then_nothing_more(self, people, nearly_full, api):
        taken = attach(api, people, nearly_full)
        refused = attach(api, people, nearly_full)

        assert (taken.status_code, refused.status_code) == (201, 422)
        assert "Acme keeps 1.0 of 1 MB, and " in refused.json["message"]
        assert "Ada Admin can raise that in the organization's settings." in refused.json["message"]
        assert session.query(Attachment).count() == 1

    def test_is_weighed_where_it_never_was(self, people, api):
        request = people.request()
        bound(people, storage_mb=1)

        assert attach(api, people, request).status_code == 201
        assert operations.count_usage(people.organization).storage_bytes > len(PICTURE)

    def test_keeps_what_was_typed_on_the_page(self, people, browse):
        project = people.project()
        bound(people, storage_mb=0)

        answer = browse(people.rae).post(
            f"{project.path}/requests",
            {"title": "More light in the hall", "files": (io.BytesIO(PICTURE), "door.png")},
        )

        assert answer.status_code == 422
        assert "do not fit" in answer.text
        assert "More light in the hall" in answer.text

    def test_asks_nothing_of_a_form_without_files(self, people, browse):
        project = people.project()
        bound(people, storage_mb=0)

        assert browse(people.rae).post(f"{project.path}/requests", {"title": "Light"}).status_code == 303

    def test_is_not_looked_at_without_a_limit(self, people, api):
        assert attach(api, people, people.request()).status_code == 201
        assert operations.count_usage(people.organization).storage_weighed_at is None
