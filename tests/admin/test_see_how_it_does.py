"""The overview of the installation: figures, health, and settings of which no secret is shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.admin.queries import figures
from app.config import Settings
from app.core import db
from app.core import installation as here
from app.core.clock import now
from app.core.ledger import Run, RunState
from app.requests.models import ProductRequest
from tests.support import road


def ended(kind: str, state: RunState) -> Run:
    return Run(
        kind=kind,
        subject_id="x",
        topic="x",
        state=state,
        ended_at=now(),
        error_message="It broke." if state is RunState.FAILED else None,
    )


class TestConfig:
    def test_names_every_setting_with_its_source(self, key, api):
        data = api("GET", "/admin/config", key).json["data"]

        settings = {each["name"]: each for each in data["settings"]}
        assert settings["GREENROOM_URL"]["value"] == "http://greenroom.test"
        assert settings["GREENROOM_URL"]["source"] == "environment"
        assert (settings["GREENROOM_PORT"]["value"], settings["GREENROOM_PORT"]["source"]) == (
            "8000",
            "default",
        )
        assert data["version"]
        assert data["parts"]["queue"] == "server"
        assert data["parts"]["database"] in {"sqlite", "postgresql"}

    def test_says_of_secrets_only_that_they_are_set(self, olga, key, api, browse):
        answer = api("GET", "/admin/config", key)

        settings = {each["name"]: each for each in answer.json["data"]["settings"]}
        assert settings["SECRET_KEY"]["isSet"] is True
        for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
            assert (settings[name]["value"], settings[name]["isSecret"]) == (None, True)
        assert "a key for tests" not in answer.text + browse(olga).get("/admin").text

    def test_hides_whatever_is_called_like_a_secret(self, tmp_path):
        described = Settings.model_validate(
            {"GREENROOM_HOME": tmp_path, "DATABASE_URL": "postgresql://u:hush@h/d"}
        ).described

        assert "hush" not in str(described)

    def test_is_for_the_operator_alone(self, people, api):
        for path in ("/admin/config", "/admin/stats"):
            assert api("GET", path, people.key(people.ada)).status_code == 403
            assert api("GET", path).status_code == 401

    def test_wants_the_scope(self, people, olga, api):
        assert api("GET", "/admin/config", people.key(olga, "read")).status_code == 403


class TestStats:
    def test_counts_people_places_and_requests(self, people, key, api):
        road.reviewed_request(people)
        people.request(people.project("Shop"))

        data = api("GET", "/admin/stats", key).json["data"]

        assert data["counts"] == {
            "users": 6,
            "activeUsers": 6,
            "organizations": 2,
            "projects": 2,
            "archivedProjects": 0,
            "previewsRunning": 0,
            "previewsAsleep": 0,
        }
        assert (data["requests"]["draft"], data["requests"]["in_review"]) == (1, 1)
        assert data["diskBytes"]["total"] == sum(data["diskBytes"]["kinds"].values())

    def test_counts_days_and_what_is_usual(self, people, key, api):
        request = road.reviewed_request(people)
        today = datetime.combine(now().date(), datetime.min.time(), UTC)
        with db.transaction():
            request.created_at = today - timedelta(days=2)
            request.approved_commit, request.approved_at = "a" * 40, today - timedelta(days=1)

        data = api("GET", "/admin/stats", key).json["data"]

        assert len(data["days"]) == 30
        assert [day["filed"] for day in data["days"]][-3:] == [1, 0, 0]
        assert data["paceSeconds"] == {"toAccepted": 86400.0, "toMerged": None}

    def test_takes_the_middle_of_several(self, people):
        project = people.project()
        with db.transaction():
            for hours in (1, 2, 30):
                request = people.request(project)
                request.approved_commit, request.approved_at = "a" * 40, now()
                request.created_at = request.approved_at - timedelta(hours=hours)

        _, pace = figures.recent_days()

        assert pace.to_accepted == 7200
        assert db.session.query(ProductRequest).count() == 3

    def test_says_which_share_of_work_failed(self, people, key, api):
        with db.transaction():
            db.session.add_all(ended("previews.build_preview", RunState.DONE) for _ in range(3))
            db.session.add(ended("previews.build_preview", RunState.FAILED))
            db.session.add(ended("previews.build_preview", RunState.CANCELLED))

        assert api("GET", "/admin/stats", key).json["data"]["runs"] == [
            {"kind": "previews.build_preview", "done": 3, "failed": 1, "cancelled": 1, "failureShare": 0.25}
        ]

    def test_leaves_out_what_is_long_past(self, people, key, api):
        old = ended("previews.build_preview", RunState.DONE)
        old.ended_at = now() - timedelta(days=31)
        with db.transaction():
            db.session.add(old)

        assert api("GET", "/admin/stats", key).json["data"]["runs"] == []


class TestOverview:
    def test_draws_what_it_says_as_text_as_well(self, people, olga, browse):
        people.request()

        page = browse(olga).get("/admin").text

        assert 'role="img" aria-labelledby="requests-by-day-title requests-by-day-summary"' in page
        assert "1 asked for, 0 merged in the last 30 days." in page
        assert "As a table" in page
        assert "style=" not in page

    def test_says_which_parts_are_away(self, olga, browse):
        page = browse(olga).get("/admin").text

        assert "Worker for builds" in page  # the suite runs none
        assert "The queue does not answer." in page

    def test_says_what_the_machine_lacks(self, olga, browse, monkeypatch):
        from app.admin import health

        monkeypatch.setattr(health, "LEAST_FREE_MB", 10**9)

        assert "MiB are free where" in browse(olga).get("/admin").text

    def test_is_for_the_operator_alone(self, people, browse):
        for user in (people.ada, people.vic, people.eve):
            assert browse(user).get("/admin").status_code == 403

    def test_is_led_to_by_the_navigation(self, people, olga, browse):
        assert 'href="/admin"' in browse(olga).get("/").text
        assert 'href="/admin"' not in browse(people.ada).get("/").text

    @pytest.mark.parametrize("path", ["/admin", "/admin/users", "/admin/projects", "/admin/connections"])
    def test_binds_all_pages_by_tabs(self, olga, browse, path):
        page = browse(olga).get(path).text

        for place in ("users", "organizations", "projects", "connections", "running", "audit", "reach"):
            assert f'href="/admin/{place}"' in page
        assert f'href="{path}" aria-current="page"' in page


class TestMail:
    def test_is_on_where_a_server_for_it_is_set(self, key, api):
        before = here.installation()
        smtp = here.Setting("GREENROOM_SMTP_HOST", "mail.example.com", True, False, "")
        here.configure(replace(before, settings=(*before.settings, smtp)))
        try:
            assert api("GET", "/admin/config", key).json["data"]["parts"]["mail"] is True
        finally:
            here.configure(before)
