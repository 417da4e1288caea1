"""What needs somebody is mailed as well, where mail is set up; each chooses by kind and channel."""

import pytest

from app.core.clock import now
from app.core.db import session, transaction
from app.notifications import operations
from app.notifications.models import ChannelName, Kind
from app.notifications.queries import notifications_of, wanted_by
from app.requests import operations as requests


def tell(people, kind: Kind, *, needs_you: bool = False) -> None:
    operations.tell(
        [people.rae, people.bob],
        organization_id=people.organization.id,
        kind=kind,
        text=f"Told of {kind}",
        path="/acme/website/requests/1",
        needs_you=needs_you,
        but=people.bob,
    )


class TestBeMailed:
    def test_of_what_needs_somebody_with_where_it_is(self, people, bell, mail):
        tell(people, Kind.PREVIEW_READY, needs_you=True)
        bell.work()

        [taken] = mail.taken
        assert (taken.to, taken.message["Subject"]) == (["rae@example.com"], "Told of preview_ready")
        assert "http://greenroom.test/acme/website/requests/1" in taken.text
        assert "http://greenroom.test/profile/notifications" in taken.text
        assert "http://greenroom.test/profile/notifications" in taken.part("html")

    def test_not_of_what_is_for_information(self, people, bell, mail):
        tell(people, Kind.MOVED)

        assert bell.runs == []
        assert len(session.scalars(notifications_of(people.rae)).all()) == 1

    def test_of_being_given_something(self, people, bell, mail):
        requests.assign(people.request(), by=people.ada, to=people.bob)
        bell.work()

        assert [each.to for each in mail.taken] == [["bob@example.com"]]
        assert "gave you #1 Show opening hours" in mail.taken[0].message["Subject"]

    def test_where_it_was_chosen_though_the_inbox_is_spared(self, people, bell, mail):
        operations.choose(people.rae, wanted=[])
        operations.choose(people.rae, wanted=[Kind.MOVED], channel=ChannelName.MAIL)

        tell(people, Kind.MOVED)
        bell.work()

        assert [each.to for each in mail.taken] == [["rae@example.com"]]
        assert session.scalars(notifications_of(people.rae)).all() == []

    def test_not_where_it_was_chosen_that_the_inbox_is_enough(self, people, bell, mail):
        operations.choose(people.rae, wanted=[], channel=ChannelName.MAIL)

        tell(people, Kind.PREVIEW_READY, needs_you=True)

        assert bell.runs == []
        assert len(session.scalars(notifications_of(people.rae)).all()) == 1

    @pytest.mark.parametrize("why", ["deactivated_at", "is_sample"])
    def test_not_where_nobody_reads_it(self, people, bell, mail, why):
        with transaction():
            setattr(people.rae, why, now() if why == "deactivated_at" else True)

        tell(people, Kind.PREVIEW_READY, needs_you=True)

        assert bell.runs == []

    def test_not_where_no_mail_is_set_up(self, people, bell):
        tell(people, Kind.PREVIEW_READY, needs_you=True)

        assert bell.runs == []


class TestChoose:
    def test_on_the_page_by_channel(self, people, browse, mail):
        browser = browse(people.rae)
        before = browser.get("/profile/notifications").text

        answer = browser.post("/profile/notifications", {"wanted": ["live"], "mailed": ["live", "asked"]})

        assert answer.status_code == 303
        assert 'name="mailed" value="preview_ready" checked' in before
        assert 'name="mailed" value="live">' in before
        assert wanted_by(people.rae, ChannelName.MAIL) == {Kind.LIVE, Kind.ASKED}
        page = browser.get("/profile/notifications").text
        assert 'name="mailed" value="live" checked' in page
        assert 'name="mailed" value="preview_ready">' in page
        assert "rae@example.com" in page

    def test_of_mail_only_where_it_is_set_up(self, people, browse):
        operations.choose(people.rae, wanted=[Kind.LIVE], channel=ChannelName.MAIL)
        browser = browse(people.rae)

        page = browser.get("/profile/notifications").text
        browser.post("/profile/notifications", {"wanted": ["moved"]})

        assert 'name="mailed"' not in page
        assert wanted_by(people.rae, ChannelName.MAIL) == {Kind.LIVE}

    def test_by_programs_one_channel_or_both(self, people, api):
        key = people.key(people.rae)

        both = api("PUT", "/notification-choices", key, json={"wanted": ["live"], "mailed": []}).json["data"]
        one = api("PUT", "/notification-choices", key, json={"wanted": ["moved"]}).json["data"]

        assert {each["kind"] for each in both if each["mailed"]} == set()
        assert {each["kind"] for each in one if each["mailed"]} == set()
        assert wanted_by(people.rae, ChannelName.INBOX) >= {Kind.MOVED, Kind.ASKED}
        assert Kind.LIVE not in wanted_by(people.rae, ChannelName.INBOX)
