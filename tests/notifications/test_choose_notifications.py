"""Of what somebody is told: they choose, except where something needs them."""

import pytest

from app.core.db import session
from app.notifications import operations
from app.notifications.models import ChannelName, Kind
from app.notifications.queries import notifications_of, wanted_by
from app.organizations.operations import accept_as_new, invite
from tests.support.people import PASSWORD


def tell(people, kind: Kind, *, needs_you: bool = False) -> None:
    operations.tell(
        [people.rae, people.bob],
        organization_id=people.organization.id,
        kind=kind,
        text=f"Told of {kind}",
        path="/acme",
        needs_you=needs_you,
    )


def muted_by(user) -> set[Kind]:
    return set(Kind) - wanted_by(user, ChannelName.INBOX)


def inbox(user) -> list[str]:
    return [one.kind for one in session.scalars(notifications_of(user))]


class TestChoose:
    def test_spares_who_muted_it_and_nobody_else(self, people):
        operations.choose(people.rae, wanted=[Kind.LIVE])

        tell(people, Kind.LINE_COMMENT)
        tell(people, Kind.LIVE)

        assert inbox(people.rae) == ["live"]
        assert sorted(inbox(people.bob)) == ["line_comment", "live"]

    def test_tells_always_what_needs_somebody(self, people):
        operations.choose(people.rae, wanted=[])

        tell(people, Kind.ASSIGNED, needs_you=True)
        tell(people, Kind.PREVIEW_READY)

        assert sorted(inbox(people.rae)) == ["assigned", "preview_ready"]

    def test_tells_of_everything_until_somebody_chose(self, people):
        for kind in Kind:
            tell(people, kind)

        assert len(inbox(people.rae)) == len(Kind)


class TestOnThePage:
    def test_saves_what_is_ticked(self, people, browse):
        browser = browse(people.rae)

        answer = browser.post("/profile/notifications", {"wanted": ["live", "joined"]})

        assert (answer.status_code, answer.location) == (303, "/profile/notifications")
        assert {"line_comment", "assigned"} <= muted_by(people.rae)
        assert not {"live", "joined", "preview_ready"} & muted_by(people.rae)
        page = browser.get("/profile/notifications").text
        assert 'value="live" checked' in page
        assert 'value="line_comment">' in page
        assert 'value="preview_ready"' not in page

    def test_says_every_kind_in_words(self, people, browse):
        from flask import render_template_string

        words = "{% from 'notifications/words.html' import kind_name, kind_hint %}{{ kind_name(kind) }}|{{ kind_hint(kind) }}"
        with browse().app.test_request_context():
            said = {kind: render_template_string(words, kind=kind).split("|") for kind in Kind}

        assert [kind for kind, pair in said.items() if not all(pair)] == []

    def test_takes_no_kind_that_there_is_not(self, people, browse):
        assert browse(people.rae).post("/profile/notifications", {"wanted": "gossip"}).status_code == 422
        assert muted_by(people.rae) == set()


class TestByPrograms:
    def test_lists_and_chooses(self, people, api):
        key = people.key(people.rae)

        before = {each["kind"]: each for each in api("GET", "/notification-choices", key).json["data"]}
        after = api("PUT", "/notification-choices", key, json={"wanted": ["live"]}).json["data"]

        assert before["live"] == {"kind": "live", "wanted": True, "always": False, "mailed": False}
        assert before["preview_ready"] == {
            "kind": "preview_ready",
            "wanted": True,
            "always": True,
            "mailed": True,
        }
        assert {each["kind"] for each in after if each["wanted"] and not each["always"]} == {"live"}

    @pytest.mark.parametrize("body", [{"wanted": ["gossip"]}, {"wanted": "live"}])
    def test_refuses_what_is_no_kind(self, people, api, body):
        assert api("PUT", "/notification-choices", people.key(people.rae), json=body).status_code == 422

    def test_needs_the_scope_to_write(self, people, api):
        answer = api("PUT", "/notification-choices", people.key(people.rae, "read"), json={"wanted": []})

        assert answer.status_code == 403


class TestJoined:
    def test_tells_who_invited(self, people):
        invitation, _ = invite(people.organization, by=people.ada)

        accept_as_new(invitation, name="Nia New", email="nia@example.com", password=PASSWORD)

        told = session.scalars(notifications_of(people.ada)).one()
        assert (told.kind, told.text, told.path) == (
            "joined",
            "Nia New came by your invitation to Acme.",
            "/acme/members",
        )
