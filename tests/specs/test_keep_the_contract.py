"""Every field that clients of the spec API know is there, typed as they know it, in every state a spec can be in."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.core import jobs
from app.core.db import session
from app.core.files import Upload
from app.specs import operations as specs
from app.specs.models import OutputFormat, Spec, SpecKind
from app.specs.operations import writing
from app.specs.writer import BuiltIn

STATES = ("pending", "processing", "completed", "failed")
ALWAYS, WRITTEN, ENDED, FAILED = STATES, ("completed",), ("completed", "failed"), ("failed",)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_moment(value: Any) -> bool:
    return is_text(value) and value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None


def one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


def is_url(start: str) -> Callable[[Any], bool]:
    return lambda value: is_text(value) and value.startswith(start) and " " not in value


def list_of(*keys: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(set(keys) <= set(each) for each in value)


def graph_of(key: str) -> Callable[[Any], bool]:
    def is_graph(value: Any) -> bool:
        names = {node["id"] for node in value["nodes"]}
        ends = {end for edge in value["edges"] for end in (edge["source"], edge["target"])}
        return bool(names) and ends <= names and all(key in node for node in value["nodes"])

    return is_graph


HOSTED = is_url("http://greenroom.test/s/")

# The response table of the API that clients know: what a field is, and in which states it is there.
FIELDS: dict[str, tuple[Callable[[Any], bool], tuple[str, ...]]] = {
    "_id": (lambda value: bool(re.fullmatch(r"[0-9a-f]{24}", value)), ALWAYS),
    "created": (is_moment, ALWAYS),
    "endpoint": (one_of("fast_spec", "deep_spec"), ALWAYS),
    "input": (is_text, ALWAYS),
    "status": (one_of(*STATES), ALWAYS),
    "success": (lambda value: isinstance(value, bool), ALWAYS),
    "outputFormat": (one_of("url", "markdown"), ALWAYS),
    "progress": (is_text, ALWAYS),
    "output": (is_text, WRITTEN),
    "outputFileUrl": (HOSTED, WRITTEN),
    "executionTime": (is_whole, ENDED),
    "predevUrl": (is_url("http://greenroom.test/acme/specs/"), WRITTEN),
    "lovableUrl": (is_url("https://lovable.dev/?autosubmit=true#prompt=First%20download%20http"), WRITTEN),
    "cursorUrl": (is_url("cursor://anysphere.cursor-deeplink/prompt?text=First+download+http"), WRITTEN),
    "v0Url": (is_url("https://v0.dev/chat?q=First%20download%20http"), WRITTEN),
    "boltUrl": (is_url("https://bolt.new?prompt=First%20download%20http"), WRITTEN),
    "errorMessage": (is_text, FAILED),
}
FILE_FIELDS = {"uploadedFileName": one_of("idea.md"), "uploadedFileShortUrl": HOSTED}
# What its later generation added, and what is ours.
LATER: dict[str, tuple[Callable[[Any], bool], tuple[str, ...]]] = {
    "progressMessage": (is_text, ALWAYS),
    "progressPercent": (lambda value: is_whole(value) and value <= 100, ALWAYS),
    "creditsUsed": (one_of(10, 50), ALWAYS),
    "nextPollMs": (lambda value: value is None or is_whole(value), ALWAYS),
    "zippedDocsUrls": (list_of("platform", "masterZipShortUrl"), WRITTEN),
    "humanSpecUrl": (HOSTED, WRITTEN),
    "humanSpecMarkdown": (is_text, WRITTEN),
    "humanSpecJson": (
        lambda value: {"milestones", "personas", "roles", "totalHours"} <= set(value),
        WRITTEN,
    ),
    "codingAgentSpecUrl": (HOSTED, WRITTEN),
    "codingAgentSpecMarkdown": (is_text, WRITTEN),
    "codingAgentSpecJson": (
        lambda value: {"executiveSummary", "coreFunctionalities", "techStack", "milestones"} <= set(value),
        WRITTEN,
    ),
    "totalHumanHours": (is_whole, WRITTEN),
    "architectureInfographicUrl": (HOSTED, WRITTEN),
    "architectureGraph": (graph_of("type"), WRITTEN),
    "userFlowGraph": (graph_of("level"), WRITTEN),
    "enrichedTechStack": (list_of("name", "category"), WRITTEN),
}

# The example bodies that the API's description shows, with the values that do not differ from spec to spec.
BEGUN = {"endpoint": "fast_spec", "success": False, "outputFormat": "url"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "pending": {**BEGUN, "status": "pending", "progress": "Initializing..."},
    "processing": {**BEGUN, "status": "processing"},
    "completed": {**BEGUN, "status": "completed", "success": True, "progress": "Completed successfully"},
    "failed": {**BEGUN, "status": "failed", "progress": "Failed to generate specification"},
}


class Killed(BaseException):
    """What a process says that is killed."""


class Falling(BuiltIn):
    def write(self, part, brief, written):
        if part == "people":
            raise Killed
        return super().write(part, brief, written)


@pytest.fixture
def in_state(ask, bell, people, monkeypatch) -> Callable[..., Spec]:
    """Bring a spec to a state, as the product itself would."""

    def brought(state: str, **more: Any) -> Spec:
        spec = ask(**more)
        if state == "processing":
            monkeypatch.setattr(writing, "writers", lambda: {"test": Falling()})
            with pytest.raises(Killed):
                jobs.perform(bell.runs.pop())
            session.rollback()
        elif state == "completed":
            bell.work()
        elif state == "failed":
            specs.cancel_spec(spec, by=people.rae)
        return spec

    return brought


@pytest.fixture
def asked(app, people) -> Callable[..., Any]:
    """Ask as a program does: `asked("/list-specs")` gives the answer's body."""
    client, key = app.test_client(), people.key(people.rae)

    def ask_for(path: str, *, status: int = 200, method: str = "GET", **more: Any) -> Any:
        answer = client.open(path, method=method, headers={"Authorization": f"Bearer {key}"}, **more)
        assert answer.status_code == status
        assert answer.mimetype == "application/json"
        return answer.json

    return ask_for


def faults(body: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Return what is missing, what is there too early, and what is not what it should be."""
    state = body["status"]
    wrong = {}
    for name, (is_right, states) in fields.items():
        if (name in body) is not (state in states):
            wrong[name] = f"there: {name in body}"
        elif name in body and not is_right(body[name]):
            wrong[name] = body[name]
    return wrong


class TestTheStatus:
    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("prefix", ["", "/api"])
    def test_has_every_field_of_the_table(self, in_state, asked, state, prefix):
        spec = in_state(state)

        body = asked(f"{prefix}/spec-status/{spec.id}")

        assert body["status"] == state
        assert faults(body, FIELDS | LATER) == {}
        assert set(body) <= set(FIELDS | LATER)

    @pytest.mark.parametrize("state", STATES)
    def test_says_what_the_examples_say(self, in_state, asked, state):
        body = asked(f"/spec-status/{in_state(state).id}")

        assert {name: body[name] for name in EXAMPLES[state]} == EXAMPLES[state]
        assert body["progressMessage"] == body["progress"]

    @pytest.mark.parametrize("state", STATES)
    def test_names_a_file_that_came_along(self, in_state, asked, state):
        spec = in_state(state, upload=Upload("idea.md", io.BytesIO(b"Guests can pay.")))

        body = asked(f"/spec-status/{spec.id}")

        assert {name: is_right(body[name]) for name, is_right in FILE_FIELDS.items()} == dict.fromkeys(
            FILE_FIELDS, True
        )

    def test_of_a_deep_one_says_so(self, in_state, asked):
        body = asked(f"/spec-status/{in_state('completed', kind=SpecKind.DEEP).id}")

        assert (body["endpoint"], body["creditsUsed"]) == ("deep_spec", 50)
        tasks = [
            task
            for milestone in body["humanSpecJson"]["milestones"]
            for story in milestone["stories"]
            for task in story["subTasks"]
        ]
        assert tasks
        assert all({"id", "description", "complexity", "hours", "roles"} <= set(task) for task in tasks)

    def test_gives_the_text_where_that_was_wanted_and_still_its_link(self, in_state, asked):
        spec = in_state("completed", output_format=OutputFormat.MARKDOWN)

        body = asked(f"/spec-status/{spec.id}")

        assert faults(body, FIELDS | LATER) == {}
        assert body["output"] == body["humanSpecMarkdown"]
        assert body["outputFileUrl"] == body["humanSpecUrl"] == spec.hosted_url

    def test_each_of_its_links_leads_to_what_it_names(self, in_state, asked, browse):
        body = asked(f"/spec-status/{in_state('completed').id}")

        names = ("output", "humanSpecUrl", "codingAgentSpecUrl", "architectureInfographicUrl")
        found = {
            name: browse().get(body[name].removeprefix("http://greenroom.test")).mimetype for name in names
        }
        assert found == {
            "output": "text/markdown",
            "humanSpecUrl": "text/markdown",
            "codingAgentSpecUrl": "text/markdown",
            "architectureInfographicUrl": "image/svg+xml",
        }


class TestTheOthers:
    def test_asking_without_waiting(self, bell, asked):
        body = asked("/fast-spec", method="POST", json={"input": "Guests can pay.", "async": True})

        assert set(body) == {"specId", "status"}
        assert re.fullmatch(r"[0-9a-f]{24}", body["specId"])
        assert body["status"] == "pending"

    def test_asking_and_waiting(self, asked, people, monkeypatch):
        monkeypatch.setattr(jobs, "_enqueue", lambda run_id, *_: jobs.perform(run_id))

        body = asked("/fast-spec", method="POST", json={"input": "Guests can pay."})

        assert faults(body, FIELDS | LATER) == {}
        assert body["status"] == "completed"

    @pytest.mark.parametrize("path", ["/list-specs?limit=1", "/find-specs?query=book&limit=1"])
    def test_lists(self, in_state, asked, path):
        for state in ("failed", "pending"):
            in_state(state)

        body = asked(path)

        (listed,) = body.pop("specs")
        assert body == {"total": 2, "hasMore": True}
        assert faults(listed, FIELDS) == {}

    def test_a_list_knows_what_is_written_by_its_links(self, in_state, asked):
        in_state("completed")

        (listed,) = asked("/list-specs")["specs"]

        assert faults(listed, FIELDS) == {}
        assert "humanSpecMarkdown" not in listed

    def test_credits(self, asked):
        body = asked("/credits-balance")

        assert body["success"] is True
        assert is_whole(body["creditsRemaining"])

    @pytest.mark.parametrize(
        ("method", "path", "status", "error", "message"),
        [
            ("POST", "/fast-spec", 400, "Invalid input", "Please provide a valid input string describing your spec"),
            ("GET", "/find-specs", 400, "Bad Request", "Query parameter is required"),
            ("GET", "/spec-status/507f1f77bcf86cd799439011", 404, "Request not found",
             "No request found with ID: 507f1f77bcf86cd799439011"),
            ("GET", "/api/spec-status/nothing", 404, "Request not found", "No request found with ID: nothing"),
        ],
    )  # fmt: skip
    def test_errors_are_two_words_and_a_sentence(self, asked, method, path, status, error, message):
        body = asked(path, method=method, status=status, json={} if method == "POST" else None)

        assert (body["error"], body["message"]) == (error, message)
        assert set(body) == {"error", "message", "requestId"}
