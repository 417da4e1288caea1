"""Deliveries come in by their signature alone, once each; an admin sees what came of them."""

import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core import installation as installations
from app.core.clock import iso, now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.installation import installation
from app.core.ledger import Run
from app.webhooks import operations
from app.webhooks.models import DeliveryStatus, WebhookDelivery
from app.webhooks.queries import deliveries_visible_to
from tests.support.people import PASSWORD

SECRET = "a secret of sixteen signs or more"
CLOCK = "the secret of a clock elsewhere"


@pytest.fixture(autouse=True)
def doors(app, request):
    """Every sender's secret is set."""
    kept = installation()
    secrets = dict.fromkeys(("github", "vercel", "cursor"), SECRET)
    installations.configure(replace(kept, webhook_secrets=secrets, cron_secret=CLOCK))
    yield
    installations.configure(kept)


@pytest.fixture
def operator(people):
    """Olga runs the whole installation."""
    with transaction():
        olga = people.make("Olga Operator")
        olga.is_admin = True
    return olga


def signed(digest: str, body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, digest).hexdigest()


@pytest.fixture
def deliver(app, bell):
    """Return a way for a sender to deliver, signed as it documents; `change` alters the headers."""

    def send(sender: str, said: Any, *, change: dict[str, str | None] | None = None, number: str = "d-1"):
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        headers = (
            {
                "github": {
                    "X-Hub-Signature-256": f"sha256={signed('sha256', body)}",
                    "X-GitHub-Delivery": number,
                    "X-GitHub-Event": "push",
                },
                "vercel": {"x-vercel-signature": signed("sha1", body)},
                "cursor": {
                    "X-Webhook-Signature": f"sha256={signed('sha256', body)}",
                    "X-Webhook-ID": number,
                    "X-Webhook-Event": "statusChange",
                },
            }[sender]
            | {"Content-Type": "application/json"}
            | (change or {})
        )
        sent = {name: value for name, value in headers.items() if value is not None}
        return app.test_client().post(f"/api/webhooks/{sender}", data=body, headers=sent)

    return send


PUSH = {"ref": "refs/heads/main", "repository": {"full_name": "acme/site"}}


def of_vercel(**more: Any) -> dict[str, Any]:
    return {
        "id": "evt-1",
        "type": "deployment.ready",
        "createdAt": int(now().timestamp() * 1000),
        "payload": {"deployment": {"name": "site"}},
        **more,
    }


def of_cursor(**more: Any) -> dict[str, Any]:
    return {"event": "statusChange", "timestamp": iso(now()), "id": "bc_1", "status": "FINISHED", **more}


def kept() -> list[WebhookDelivery]:
    session.expire_all()
    return list(session.query(WebhookDelivery).order_by(WebhookDelivery.id))


class TestReceive:
    @pytest.mark.parametrize(
        ("sender", "said", "event", "outcome"),
        [
            ("github", PUSH, "push", "No project here follows acme/site."),
            ("vercel", of_vercel(), "deployment.ready", "Nothing here is deployed by Vercel as site."),
            ("cursor", of_cursor(), "statusChange", "No session here is worked on by bc_1."),
        ],
    )
    def test_takes_it_in_at_once_and_works_on_it_later(self, deliver, bell, sender, said, event, outcome):
        answer = deliver(sender, said)

        assert answer.status_code == 202
        assert answer.json["data"]["status"] == "accepted"
        (delivery,) = kept()
        assert (delivery.event, delivery.status, delivery.outcome) == (event, DeliveryStatus.WAITING, None)
        assert json.loads(delivery.body) == said
        assert bell.kinds == ["webhooks.work_delivery"]

        bell.work()

        (delivery,) = kept()
        assert (delivery.status, delivery.outcome) == (DeliveryStatus.IGNORED, outcome)
        assert delivery.worked_at is not None

    def test_answers_a_ping(self, deliver, bell):
        deliver("github", {"zen": "Keep it simple."}, change={"X-GitHub-Event": "ping"})
        bell.work()

        assert kept()[0].outcome == "GitHub reaches this installation."

    def test_takes_the_same_once(self, deliver, bell):
        first, second = deliver("github", PUSH), deliver("github", PUSH)

        assert (second.status_code, second.json["data"]) == (
            200,
            {"id": first.json["data"]["id"], "status": "seen"},
        )
        assert len(kept()) == len(bell.runs) == 1
        assert deliver("cursor", of_cursor()).status_code == 202  # numbers are each sender's own

    def test_keeps_no_signature(self, deliver):
        deliver("github", PUSH)

        assert set(kept()[0].headers) == {"X-GitHub-Delivery", "X-GitHub-Event", "User-Agent", "Content-Type"}

    @pytest.mark.parametrize("sender", ["github", "vercel", "cursor"])
    def test_knows_no_door_without_a_secret(self, deliver, sender):
        installations.configure(replace(installation(), webhook_secrets={"github": ""}))

        answer = deliver(sender, of_vercel())

        assert answer.status_code == 404
        assert answer.json["message"] == "There is nothing at this address, or it is not yours to see."
        assert kept() == []

    @pytest.mark.parametrize(
        ("sender", "name", "value"),
        [
            ("github", "X-Hub-Signature-256", None),
            ("github", "X-Hub-Signature-256", "sha256=" + "0" * 64),
            ("github", "X-Hub-Signature-256", "sha256=é"),
            ("github", "X-Hub-Signature-256", signed("sha256", json.dumps(PUSH).encode())),  # no prefix
            ("vercel", "x-vercel-signature", None),
            ("vercel", "x-vercel-signature", "0" * 40),
            ("cursor", "X-Webhook-Signature", "sha256=" + signed("sha256", b"another body")),
        ],
    )
    def test_refuses_another_signature(self, deliver, sender, name, value):
        answer = deliver(sender, PUSH, change={name: value})

        assert answer.status_code == 401
        assert SECRET not in answer.text
        assert kept() == []

    @pytest.mark.parametrize("ago", [timedelta(days=2), -timedelta(hours=1)])
    def test_refuses_what_was_kept_and_is_sent_again(self, deliver, ago):
        moment = now() - ago

        assert deliver("vercel", of_vercel(createdAt=int(moment.timestamp() * 1000))).status_code == 400
        assert deliver("cursor", of_cursor(timestamp=iso(moment))).status_code == 400
        assert kept() == []

    @pytest.mark.parametrize(
        ("sender", "said", "change"),
        [
            ("github", b"payload=%7B%7D", None),
            ("github", [], None),
            ("github", PUSH, {"X-GitHub-Delivery": None}),
            ("github", PUSH, {"X-GitHub-Event": "e" * 101}),
            ("vercel", of_vercel(id=None), None),
            ("cursor", of_cursor(timestamp="yesterday"), None),
            ("vercel", of_vercel(createdAt=1e300), None),
        ],
    )
    def test_refuses_what_its_sender_does_not_send(self, deliver, sender, said, change):
        assert deliver(sender, said, change=change).status_code == 400
        assert kept() == []

    def test_refuses_what_is_too_large(self, deliver):
        assert deliver("github", {"more": "x" * (5 * 1024 * 1024)}).status_code == 413
        assert kept() == []

    def test_says_why_nothing_came_of_it(self, deliver, bell, monkeypatch):
        deliver("github", PUSH)

        def break_it(_delivery: WebhookDelivery) -> None:
            raise RuntimeError("a mistake of ours")

        monkeypatch.setattr(operations, "_work", break_it)
        bell.work()

        (delivery,) = kept()
        assert delivery.status is DeliveryStatus.FAILED
        assert delivery.outcome


class TestSeeDeliveries:
    def test_lists_them_with_what_came_of_them(self, deliver, bell, operator, browse):
        deliver("github", PUSH)
        bell.work()

        page = browse(operator).get("/admin/deliveries").text

        assert "No project here follows acme/site." in page
        assert "http://greenroom.test/api/webhooks/github" in page
        assert SECRET not in page

    def test_says_which_doors_are_closed(self, operator, browse):
        installations.configure(replace(installation(), webhook_secrets={}))

        page = browse(operator).get("/admin/deliveries").text

        assert "GREENROOM_CURSOR_WEBHOOK_SECRET" in page
        assert "Nothing was delivered yet" in page

    def test_shows_one_as_it_came(self, deliver, operator, browse):
        deliver("github", {**PUSH, "note": "<script>"})

        page = browse(operator).get(kept()[0].path).text

        assert "refs/heads/main" in page
        assert "&lt;script&gt;" in page
        assert "<script>" not in page.partition("What it said")[2].partition("</pre>")[0]

    def test_is_the_operator_s_alone(self, deliver, people, browse, api):
        deliver("github", PUSH)

        for person in (people.ada, people.eve):
            assert browse(person).get("/admin/deliveries").status_code == 403
            assert browse(person).get(kept()[0].path).status_code == 404
            assert session.scalars(deliveries_visible_to(person)).all() == []
        assert api("GET", "/admin/deliveries", people.key(people.ada)).status_code == 403

    def test_is_there_for_programs_of_the_operator(self, deliver, bell, operator, api):
        deliver("github", PUSH)
        bell.work()
        token = api("POST", "/auth/token", json={"email": operator.email, "password": PASSWORD}).json
        token = token["data"]["accessToken"]

        listed = api("GET", "/admin/deliveries", token).json

        assert listed["meta"]["total"] == 1
        assert "body" not in listed["data"][0]
        path = f"/admin/deliveries/{listed['data'][0]['id']}"
        assert api("GET", path, token).json["data"]["headers"]["X-GitHub-Event"] == "push"
        assert api("POST", f"{path}/redelivery", token).json["data"]["status"] == "waiting"
        assert api("POST", f"{path}/redelivery", token).status_code == 409


class TestWorkAgain:
    def test_works_on_it_once_more(self, deliver, bell, operator, browse):
        deliver("github", PUSH)
        bell.work()

        answer = browse(operator).post(f"{kept()[0].path}/redelivery")

        assert (answer.status_code, answer.location) == (303, kept()[0].path)
        assert kept()[0].status is DeliveryStatus.WAITING
        assert bell.work() == 1
        assert kept()[0].status is DeliveryStatus.IGNORED
        assert session.query(Run).count() == 2

    def test_waits_for_what_waits_already(self, deliver, operator):
        deliver("github", PUSH)

        with pytest.raises(Conflict):
            operations.work_again(kept()[0], by=operator)

    def test_is_the_operator_s_alone(self, deliver, bell, people, browse):
        deliver("github", PUSH)
        bell.work()

        assert browse(people.ada).post(f"{kept()[0].path}/redelivery").status_code == 404
        with pytest.raises(NotAllowed):
            operations.work_again(kept()[0], by=people.ada)
        assert kept()[0].status is DeliveryStatus.IGNORED


class TestSweep:
    def test_throws_away_what_is_old(self, deliver):
        deliver("github", PUSH)
        deliver("github", PUSH, number="d-2")
        with transaction():
            kept()[0].received_at = now() - timedelta(days=31)

        assert operations.sweep_deliveries() == 1
        assert [each.delivery_id for each in kept()] == ["d-2"]
