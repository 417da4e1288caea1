"""Asking about a page of the preview: a comment that names it, and reaches who builds it."""

import pytest

from app.core.db import session as db
from app.notifications.queries import notifications_of
from app.requests import operations as requests
from app.requests.queries import activity_of
from tests.support.road import reviewed_request


@pytest.fixture
def request_(people, bell):
    return reviewed_request(people)


class TestAsk:
    def test_reaches_the_assignee(self, people, request_, browse):
        requests.assign(request_, by=people.ada, to=people.bob)
        sent = {"text": "Also on **holidays**?", "page": "/hours", "commit": request_.commit_sha}

        answer = browse(people.rae).post(f"{request_.path}/ask", sent)

        assert answer.status_code == 303
        assert answer.headers["Location"] == f"{request_.path}#feed"
        told = db.scalars(notifications_of(people.bob)).first()
        assert told.text == "Rae Requester asks about #1 Show opening hours: “Also on **holidays**?”"
        assert told.needs_you
        entry = db.scalars(activity_of(request_)).first()
        assert entry.payload == {"asked": True, "page": "/hours", "commitSha": request_.commit_sha}
        feed = browse(people.bob).get(request_.path).text
        assert "about /hours" in feed
        assert "<strong>holidays</strong>" in feed

    def test_names_what_is_looked_at_as_text(self, people, request_, browse):
        page = browse(people.rae).get(
            f"{request_.path}/ask", query_string={"page": "/<b>x", "commit": "abc1234"}
        )

        assert "/&lt;b&gt;x" in page.text
        assert "abc1234" in page.text

    def test_needs_words(self, people, request_, browse):
        refused = browse(people.rae).post(f"{request_.path}/ask", {"text": "", "page": "/hours"})

        assert refused.status_code == 422
        assert 'value="/hours"' in refused.text

    def test_who_may(self, people, request_, browse):
        sent = {"text": "Why?"}

        assert browse(people.eve).get(f"{request_.path}/ask").status_code == 404
        assert browse(people.eve).post(f"{request_.path}/ask", sent).status_code == 404
        assert browse(people.vic).post(f"{request_.path}/ask", sent).status_code == 403
        assert "not comment on it" in browse(people.vic).get(f"{request_.path}/ask").text
        assert browse(people.rae).post(f"{request_.path}/ask", sent).status_code == 303
