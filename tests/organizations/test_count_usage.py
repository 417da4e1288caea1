import os
from datetime import UTC, datetime, timedelta

import pytest

from app.apps import operations as apps
from app.core.clock import now
from app.core.db import session, transaction
from app.core.ids import uuid7
from app.core.ledger import Run, RunState
from app.organizations import operations
from app.organizations.models import Limits, Organization, Period
from app.organizations.operations import LimitReached
from app.previews import operations as previews
from app.previews.queries import latest_preview
from app.requests import operations as requests
from app.requests.models import ProductRequest
from tests.support.road import reviewed_request
from tests.support.together import together


def bound(people, **limits):
    operations.edit_organization(people.organization, by=people.ada, limits=Limits(**limits))


def usage(api, people, who="vic"):
    return api(
        "GET", f"/organizations/{people.organization.id}/usage", people.key(getattr(people, who))
    ).json["data"]


class TestCount:
    def test_says_what_was_used_in_this_month(self, people, api):
        project = people.project()
        people.request(project)
        bound(people, requests_per_month=4)

        said = usage(api, people)

        assert said == {
            "currentPeriod": {
                "periodStart": said["currentPeriod"]["periodStart"],
                "periodEnd": said["currentPeriod"]["periodEnd"],
                "requestCount": 1,
                "tokenUsage": 0,
            },
            "limits": {"requestsPerMonth": 4},
            "usagePercentage": 25.0,
            "tokensPerMonth": None,
            "tokenCost": None,
            "currency": None,
            "buildMinutes": 0,
            "buildMinutesPerMonth": None,
            "storageBytes": 0,
            "storageLimitBytes": None,
            "storageWeighedAt": None,
        }
        assert said["currentPeriod"]["periodStart"].endswith("-01T00:00:00.000Z")

    def test_leaves_out_what_was_before_and_what_is_elsewhere(self, people, api):
        old = people.request(people.project())
        with transaction():
            old.created_at = Period.current().start - timedelta(seconds=1)

        assert usage(api, people)["currentPeriod"]["requestCount"] == 0

    def test_counts_how_long_builds_took(self, people, api, bell):
        request = reviewed_request(people)
        preview = latest_preview(request) or previews.start_preview(request, by=people.bob)
        with transaction():
            run = Run(
                id=uuid7(),
                kind="previews.build_preview",
                subject_id=str(preview.id),
                topic="t",
                state=RunState.DONE,
                started_at=now() - timedelta(minutes=7),
                ended_at=now(),
                deadline_at=now(),
            )
            session.add(run)
            session.flush()
            preview.run_id = run.id

        assert usage(api, people)["buildMinutes"] == 7

    def test_weighs_repositories_and_files(self, people, api):
        people.project()
        operations.weigh_files()
        bound(people, storage_mb=1)

        said = usage(api, people)

        assert said["storageBytes"] > 1000
        assert said["storageWeighedAt"] is not None
        assert said["storageLimitBytes"] == 1024 * 1024

    def test_weighs_the_repositories_of_apps(self, people, api):
        project = people.project()
        operations.weigh_files()
        before = usage(api, people)["storageBytes"]
        shop = apps.create_app(project, by=people.bob, name="Shop", files={"big.bin": os.urandom(50_000)})

        operations.weigh_files()

        assert usage(api, people)["storageBytes"] - before >= 50_000
        apps.delete_app(shop, by=people.bob)
        apps.purge_app(shop, by=people.ada)
        operations.weigh_files()
        assert usage(api, people)["storageBytes"] == before

    def test_adds_what_models_used(self, people, api):
        operations.note_model_use(people.organization.id, tokens=1200, cost_micros=30)
        operations.note_model_use(people.organization.id, tokens=300)

        assert usage(api, people)["currentPeriod"]["tokenUsage"] == 1500

    def test_is_no_stranger_s(self, people, api, browse):
        key = people.key(people.eve, organization=people.elsewhere)

        assert api("GET", f"/organizations/{people.organization.id}/usage", key).status_code == 404
        assert browse(people.eve).get("/acme/usage").status_code == 404

    def test_is_shown_to_every_member(self, people, browse):
        bound(people, requests_per_month=2, storage_mb=5)
        people.request()

        page = browse(people.vic).get("/acme/usage").text

        assert "1 of 2" in page
        assert 'value="50"' in page
        assert "/acme/settings" not in page


class TestPeriod:
    @pytest.mark.parametrize(
        ("moment", "start", "end"),
        [
            ("2026-12-31T23:59:59", (2026, 12), (2027, 1)),
            ("2024-02-29T12:00:00", (2024, 2), (2024, 3)),
            ("2025-01-01T00:00:00", (2025, 1), (2025, 2)),
        ],
    )
    def test_is_a_calendar_month(self, monkeypatch, moment, start, end):
        at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        monkeypatch.setattr("app.organizations.models.usage.now", lambda: at)

        assert Period.current() == (datetime(*start, 1, tzinfo=UTC), datetime(*end, 1, tzinfo=UTC))


class TestLimit:
    def test_refuses_one_more_and_says_who_can_raise_it(self, people, api):
        project = people.project()
        people.request(project)
        bound(people, requests_per_month=1)

        answer = api(
            "POST", f"/projects/{project.id}/requests", people.key(people.rae), json={"title": "More light"}
        )

        assert (answer.status_code, answer.json["type"]) == (409, "limit_reached")
        assert "Ada Admin can raise that" in answer.json["message"]
        assert session.query(ProductRequest).count() == 1

    def test_keeps_what_was_typed_on_the_page(self, people, browse):
        project = people.project()
        bound(people, requests_per_month=0)

        answer = browse(people.rae).post(f"{project.path}/requests", {"title": "More light in the hall"})

        assert answer.status_code == 422
        assert "more are not taken" in answer.text
        assert "More light in the hall" in answer.text

    def test_holds_in_the_same_moment(self, people):
        project_id, rae_id = people.project().id, people.rae.id
        bound(people, requests_per_month=2)
        kinds = type(people.project("Other")), type(people.rae)
        session.commit()

        ends = together(
            lambda: requests.file_request(
                session.get(kinds[0], project_id), by=session.get(kinds[1], rae_id), title="More"
            )
        )

        assert ends == ["done", "done", "limit_reached", "limit_reached"]
        assert session.query(ProductRequest).count() == 2

    def test_does_not_hold_for_the_sample(self, people):
        project = people.project()
        with transaction():
            project.is_sample = True
        bound(people, requests_per_month=0)

        assert requests.file_request(project, by=people.rae, title="Play").number == 1

    def test_is_changed_by_admins(self, people, browse):
        sent = {"requests_per_month": "10", "build_minutes_per_month": "", "storage_mb": "500"}

        assert browse(people.bob).post("/acme/settings/limits", sent).status_code == 403
        assert browse(people.eve).post("/acme/settings/limits", sent).status_code == 404
        assert browse(people.ada).post("/acme/settings/limits", sent).status_code == 303

        kept = session.get(Organization, people.organization.id, populate_existing=True)
        assert kept.limits == Limits(10, None, 500)

    def test_is_a_number_from_0(self, people, browse):
        answer = browse(people.ada).post("/acme/settings/limits", {"requests_per_month": "-1"})

        assert answer.status_code == 422
        assert 'value="-1"' in answer.text

    def test_is_taken_away_with_null_and_stays_when_missing(self, people, api):
        bound(people, requests_per_month=5, storage_mb=7)
        address, key = f"/organizations/{people.organization.id}", people.key(people.ada)

        answer = api("PUT", address, key, json={"limits": {"requestsPerMonth": None}})

        assert answer.json["data"]["limits"] == {
            "requestsPerMonth": None,
            "buildMinutesPerMonth": None,
            "storageMb": 7,
            "tokensPerMonth": None,
        }

    def test_says_what_a_refusal_is(self, people):
        bound(people, requests_per_month=0)

        with pytest.raises(LimitReached):
            people.request()
