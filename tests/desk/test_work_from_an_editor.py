"""A coding agent in an editor finds a request, takes it and reports back."""

import io

import pytest

from app.core.files import Upload
from app.development.queries import latest_session
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import RequestStatus
from tests.support.pictures import PICTURE
from tests.support.road import commit, ready_request, reviewed_request

HEADERS = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(autouse=True)
def unheard():
    """Hear everything: what follows is the point here."""


@pytest.fixture
def call(app, people, bell):
    """Call a tool with somebody's key: `call("read_request", people.bob, requestId=…)`."""

    def call(name: str, user=None, *, scopes=("read", "write"), organization=None, **arguments: object):
        key = people.key(user or people.bob, *scopes, organization=organization)
        params = {"name": name, "arguments": arguments}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        headers = {**HEADERS, "Authorization": f"Bearer {key}"}
        return app.test_client().post("/mcp", json=body, headers=headers).json["result"]

    return call


def test_lists_what_is_ready_and_what_is_ones_own(people, call):
    project = people.project()
    ready = ready_request(people, project=project, title="Show opening hours")
    people.request(project, title="Not asked yet")
    mine = people.request(project, by=people.bob, title="Bob's own")

    def titles(**arguments: str) -> list[str]:
        found = call("list_requests", **arguments)["structuredContent"]["requests"]
        return sorted(each["title"] for each in found)

    assert titles() == ["Show opening hours"]
    assert titles(which="mine") == ["Bob's own"]
    assert titles(which="waiting_for_me") == ["Bob's own", "Show opening hours"]
    assert titles(which="open") == ["Bob's own", "Not asked yet", "Show opening hours"]
    assert titles(which="open", search="hours") == ["Show opening hours"]
    requests.drop(ready, by=people.rae, reason="No.")
    requests.drop(mine, by=people.bob, reason="No.")
    assert titles(which="open") == ["Not asked yet"]


def test_lists_as_ready_nothing_that_waits_for_another(people, call):
    held = ready_request(people)
    first = people.request(held.project, title="Tidy up first")
    requests.wait_for(held, first, by=people.bob)

    assert call("list_requests")["structuredContent"]["requests"] == []
    assert "It waits for #2" in str(call("take_request", requestId=str(held.id)))
    assert held.status is RequestStatus.READY


def test_reads_all_that_the_work_needs(people, call):
    request = ready_request(people)
    requests.attach(request, [Upload("door.png", io.BytesIO(PICTURE))], by=people.rae)

    found = call("read_request", requestId=str(request.id))["structuredContent"]

    assert found["gherkinCriteria"] == request.gherkin_criteria
    assert "Make this: Show opening hours." in found["prompt"]
    assert found["branch"] == "requests/1-show-opening-hours"
    assert found["cloneUrl"] == request.project.clone_url
    assert "git switch requests/1-show-opening-hours" in found["commands"]
    assert [(each["name"], each["contentType"]) for each in found["attachments"]] == [
        ("door.png", "image/png")
    ]
    assert found["turn"] == "For any developer, you included"


def test_tells_what_was_asked_for_since(people, call):
    from app.reviews import operations as reviews

    request = reviewed_request(people)
    reviews.request_changes(request, by=people.rae, feedback="Bigger, please.")

    found = call("read_request", requestId=str(request.id))["structuredContent"]

    assert found["feedback"] == [{"who": "Rae Requester", "said": "Bigger, please."}]


def test_takes_it_works_and_reports_back(people, call):
    request = ready_request(people)

    call("take_request", requestId=str(request.id))
    assert (request.status, latest_session(request).agent) == (RequestStatus.IN_DEVELOPMENT, "person")
    early = call("mark_ready", requestId=str(request.id))
    call("comment_on_request", requestId=str(request.id), text="Nearly there.")
    commit(repository_of(request.project), request.working_branch, path="hours.html", text="<p>9 to 5</p>")
    done = call("mark_ready", requestId=str(request.id))

    assert early["isError"]
    assert "There is no new commit" in early["content"][0]["text"]
    assert done["structuredContent"]["status"] == "in_review"


@pytest.mark.parametrize("name", ["read_request", "take_request", "mark_ready"])
def test_is_nothing_to_a_stranger(people, call, name):
    request = ready_request(people)

    said = call(name, people.eve, organization=people.elsewhere, requestId=str(request.id))

    assert said["isError"]
    assert said["content"][0]["text"] == "There is nothing at this address, or it is not yours to see."
    assert call("list_requests", people.eve, organization=people.elsewhere)["structuredContent"]["total"] == 0


@pytest.mark.parametrize(
    ("who", "name"), [("rae", "take_request"), ("vic", "comment_on_request"), ("vic", "take_request")]
)
def test_is_only_what_that_person_may_do(people, call, who, name):
    request = ready_request(people)

    said = call(name, getattr(people, who), requestId=str(request.id), text="Hello")

    assert said["isError"]
    assert request.status is RequestStatus.READY


def test_reads_with_a_key_to_read_and_no_more(people, call):
    request = ready_request(people)

    assert not call("read_request", scopes=("read",), requestId=str(request.id))["isError"]
    said = call("comment_on_request", scopes=("read",), requestId=str(request.id), text="Hello")
    assert "does not carry the scope `write`" in said["content"][0]["text"]


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("read_request", {"requestId": "nonsense"}, "requestId"),
        ("read_request", {}, "requestId"),
        ("list_requests", {"which": "all"}, "which"),
        ("delete_everything", {}, "There is no tool delete_everything."),
    ],
)
def test_says_what_does_not_hold(people, call, name, arguments, why):
    said = call(name, **arguments)

    assert said["isError"]
    assert why in said["content"][0]["text"]


def test_asks_for_a_key(people, app, browse):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}

    nobody = app.test_client().post("/mcp", json=body, headers=HEADERS)
    wrong = app.test_client().post("/mcp", json=body, headers={**HEADERS, "Authorization": "Bearer gr_no"})
    streams = app.test_client().get(
        "/mcp", headers={**HEADERS, "Authorization": f"Bearer {people.key(people.bob)}"}
    )

    assert (nobody.status_code, nobody.json["type"]) == (401, "unauthenticated")
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    assert wrong.status_code == 401
    assert streams.status_code == 405


def test_is_loaded_only_when_it_is_asked(tmp_path):
    import subprocess
    import sys

    asks = "import sys; from app.factory import create_app; create_app(); print([n for n in sys.modules if n.split('.')[0] in ('mcp', 'starlette', 'httpx2')])"
    settings = {"GREENROOM_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": "."}
    said = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, env=settings, check=True
    )

    assert said.stdout.strip() == "[]"
