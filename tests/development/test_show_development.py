"""The panel of the work says where it stands, polls itself while it goes on, and stops when it is over."""

import pytest

from app.development import operations, queries
from tests.support.road import ready_request


@pytest.fixture
def request_(people, bell):
    return ready_request(people)


def panel(browser, request, **query):
    return browser.htmx("GET", f"{request.path}/development", query_string=query)


def test_before_anything_was_done(people, browse, request_):
    page = browse(people.bob).get(f"{request_.path}/development")

    assert page.status_code == 200
    assert "Nobody has worked on this yet" in page.text
    assert "Start with" in page.text
    assert 'hx-trigger="every' not in page.text
    assert "Start with" not in panel(browse(people.vic), request_).text


def test_polls_while_it_waits_and_ends_by_itself(people, bell, browse, request_):
    operations.start(request_, by=people.bob)
    waiting = panel(browse(people.rae), request_).text
    assert 'hx-trigger="every 1s, request-changed from:body"' in waiting
    assert waiting.lstrip().startswith("<section") or "<html" not in waiting

    bell.work()
    over = panel(browse(people.rae), request_).text
    assert 'hx-trigger="every' not in over
    assert "The change is made" in over


def test_poll_that_would_change_nothing_swaps_nothing(people, bell, browse, request_):
    operations.start(request_, by=people.bob)
    text = panel(browse(people.bob), request_).text
    mark = text.split("?seen=")[1].split('"')[0]

    assert panel(browse(people.bob), request_, seen=mark).status_code == 204
    bell.work()
    changed = panel(browse(people.bob), request_, seen=mark)
    assert changed.status_code == 200
    assert changed.headers["HX-Trigger"] == "request-touched"


def test_stop_swaps_the_panel(people, bell, browse, request_):
    operations.start(request_, by=people.bob)

    answer = browse(people.bob).htmx("POST", f"{request_.path}/development/cancellation")

    assert answer.status_code == 200
    assert "The work was stopped. Bob Builder stopped it." in answer.text
    assert "Try again" in answer.text


def test_trouble_becomes_a_toast(people, bell, browse, request_):
    answer = browse(people.bob).htmx("POST", f"{request_.path}/development/cancellation")

    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#toasts"


class TestLog:
    def test_is_read_by_offset_and_says_when_it_ended(self, people, bell, browse, request_):
        session = operations.start(request_, by=people.bob)
        path = f"{request_.path}/development/sessions/{session.id}/log"
        empty = browse(people.rae).get(path, query_string={"offset": 0})
        assert empty.text == ""
        assert "X-Log-Ended" not in empty.headers

        bell.work()
        whole = browse(people.rae).get(path)
        half = len(whole.data) // 2
        rest = browse(people.rae).get(path, query_string={"offset": half})
        assert whole.headers["X-Log-Ended"] == "true"
        assert whole.data.endswith(rest.data)
        assert rest.headers["X-Log-Offset"] == str(len(whole.data))

    def test_of_another_request_is_not_there(self, people, bell, browse, request_):
        session = operations.start(request_, by=people.bob)
        other = ready_request(people, project=request_.project, title="Something else")

        stranger = browse(people.eve).get(f"{request_.path}/development/sessions/{session.id}/log")
        wrong = browse(people.rae).get(f"{other.path}/development/sessions/{session.id}/log")

        assert stranger.status_code == wrong.status_code == 404


def test_status_of_nothing_is_404_with_the_way_in(people, browse, request_):
    answer = browse(people.rae).get(f"/api/requests/{request_.id}/development/status")

    assert answer.status_code == 404
    assert "development/start" in answer.json["message"]
    assert queries.latest_session(request_) is None
