"""A link opens one preview for somebody without an account, for a while, until it is revoked."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.core.clock import now
from app.core.db import session
from app.core.errors import Conflict, NotAllowed
from app.previews import operations, queries
from app.previews.models import ShareLink
from app.requests import operations as requests
from tests.support import road


@pytest.fixture
def request_(people, bell):
    return road.shown_request(people)


def secret_of(url):
    return parse_qs(urlsplit(url).query)["link"][0]


def share(request, by, lasting="day"):
    return operations.share(request, by=by, lasting=operations.Lasting(lasting))


class TestALink:
    def test_opens_just_its_preview(self, people, request_):
        link, url = share(request_, people.rae)

        assert url.startswith(f"http://{request_.preview_label}.preview.greenroom.test/.greenroom/share?")
        assert operations.take_link(secret_of(url), request_.preview_label).id == link.id
        assert operations.take_link(secret_of(url), "2-website") is None
        assert operations.take_guest(link.id, request_.preview_label)
        assert not operations.take_guest(link.id, f"{request_.preview_label}--r1")
        assert link.last_used_at is not None

    def test_is_kept_as_a_hash_only(self, people, request_):
        link, url = share(request_, people.rae)

        assert secret_of(url) not in {link.digest, str(link.id)}

    def test_ends_in_time(self, people, request_):
        link, url = share(request_, people.rae, "hour")

        with time_machine.travel(now() + timedelta(minutes=61)):
            assert operations.take_link(secret_of(url), request_.preview_label) is None
            assert not operations.take_guest(link.id, request_.preview_label)

    def test_ends_when_it_is_revoked(self, people, request_):
        link, url = share(request_, people.rae)

        operations.revoke(link, by=people.bob)

        assert operations.take_link(secret_of(url), request_.preview_label) is None
        assert not operations.take_guest(link.id, request_.preview_label)

    def test_goes_with_its_request(self, people, request_, bell):
        link, _ = share(request_, people.rae)

        requests.drop(request_, by=people.rae, reason="Not needed.")

        session.refresh(link)
        assert link.revoked_at is not None
        assert not operations.take_guest(link.id, request_.preview_label)

    def test_needs_a_preview(self, people, bell):
        with pytest.raises(Conflict, match="Build it first"):
            share(road.reviewed_request(people), people.rae)

    def test_is_not_for_viewers_to_make(self, people, request_):
        with pytest.raises(NotAllowed):
            share(request_, people.vic)


class TestOnThePage:
    def test_shows_it_once_with_a_code(self, people, request_, browse):
        browser, address = browse(people.rae), f"{request_.path}/preview"

        made = browser.post(f"{address}/shares", {"lasting": "week"})
        later = browser.get(address).text

        assert made.status_code == 201
        assert "/.greenroom/share?link=" in made.text
        assert "<svg" in made.text.partition('class="qr"')[2]
        assert "/.greenroom/share" not in later
        assert "Open" in later

    def test_revokes_it(self, people, request_, browse):
        link, _ = share(request_, people.rae)

        browse(people.rae).post(f"{request_.path}/preview/shares/{link.id}/revocation")

        assert "Revoked" in browse(people.rae).get(f"{request_.path}/preview").text

    def test_is_not_shown_to_viewers(self, people, request_, browse):
        page = browse(people.vic).get(f"{request_.path}/preview").text

        assert "without an account" not in page


class TestByPrograms:
    def test_make_list_and_revoke(self, people, request_, api):
        key, path = people.key(people.bob), f"/requests/{request_.id}/preview/shares"

        made = api("POST", path, key, json={"lasting": "hour"}).json["data"]
        listed = api("GET", path, key).json["data"]
        api("DELETE", f"{path}/{made['id']}", key)

        assert "/.greenroom/share?link=" in made["url"]
        assert [(each["id"], each["url"], each["open"]) for each in listed] == [(made["id"], None, True)]
        assert queries.open_links(request_) == []
        assert session.get(ShareLink, queries.links_of(request_)[0].id).revoked_at is not None
