"""Programs ask for specs as clients of the spec API do: its addresses, its bodies, its errors."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core import installation as here
from app.core import jobs
from app.core.clock import now
from app.core.db import session
from app.specs.models import OutputFormat, Spec, SpecKind, SpecStatus
from app.specs.operations import asking, waiting
from app.specs.texts import files

IDEA = "Guests can book a table. The owner must see all bookings."


@pytest.fixture
def client(app, database) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def call(client):
    """Call as a program does: `call("POST", "/fast-spec", key, json={...})`."""

    def called(method, path, key=None, **more):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return client.open(path, method=method, headers={**headers, **more.pop("headers", {})}, **more)

    return called


@pytest.fixture
def key(people) -> str:
    return people.key(people.rae)


@pytest.fixture
def at_once(monkeypatch) -> None:
    """Let the worker be as quick as the bell."""
    monkeypatch.setattr(jobs, "_enqueue", lambda run_id, *_: jobs.perform(run_id))


def the_spec() -> Spec:
    session.expire_all()
    return session.scalars(select(Spec)).one()


class TestAskWithoutWaiting:
    @pytest.mark.parametrize("prefix", ["", "/api"])
    def test_gives_the_id_to_ask_by(self, call, bell, key, people, prefix):
        answer = call("POST", f"{prefix}/fast-spec", key, json={"input": IDEA, "async": True})

        spec = the_spec()
        assert (answer.status_code, answer.json) == (200, {"specId": spec.id, "status": "pending"})
        assert (spec.kind, spec.input, spec.asked_by_id, spec.credits) == (
            SpecKind.FAST,
            IDEA,
            people.rae.id,
            10,
        )
        assert bell.kinds == ["specs.write_spec"]

    def test_takes_what_clients_of_each_age_send(self, call, bell, key):
        form = {"input": IDEA, "async": "true", "outputFormat": "markdown", "currentContext": "A shop.",
                "docURLs": '["https://docs.example/a"]', "file": (io.BytesIO(b"Guests can pay."), "more.txt")}  # fmt: skip

        answer = call("POST", "/deep-spec", key, data=form)

        spec = the_spec()
        assert answer.status_code == 200
        assert (spec.kind, spec.context, spec.output_format) == (
            SpecKind.DEEP,
            "A shop.",
            OutputFormat.MARKDOWN,
        )
        assert spec.doc_urls == ["https://docs.example/a"]
        assert (spec.file.name, spec.file.text) == ("more.txt", "Guests can pay.")

    def test_takes_addresses_that_are_sent_one_by_one(self, call, bell, key):
        form = {"input": IDEA, "async": "true", "docURLs": ["https://a.example", "https://b.example"]}

        call("POST", "/fast-spec", key, data=form, content_type="multipart/form-data")

        assert the_spec().doc_urls == ["https://a.example", "https://b.example"]


class TestAskAndWait:
    def test_gives_the_finished_spec(self, call, at_once, key):
        answer = call("POST", "/fast-spec", key, json={"input": IDEA})

        said, spec = answer.json, the_spec()
        assert (said["_id"], said["status"], said["success"]) == (spec.id, "completed", True)
        assert said["output"] == said["outputFileUrl"] == f"http://greenroom.test/s/{spec.code}"
        assert said["predevUrl"] == f"http://greenroom.test/acme/specs/{spec.id}"
        assert said["zippedDocsUrls"] == []
        assert said["humanSpecJson"]["totalHours"] == said["totalHumanHours"] > 0
        assert {node["type"] for node in said["architectureGraph"]["nodes"]} >= {"frontend", "databases"}
        assert said["codingAgentSpecJson"]["milestones"][1]["stories"][0]["title"] == "Book a table"

    def test_gives_the_text_itself_where_that_is_wanted(self, call, at_once, key):
        said = call("POST", "/fast-spec", key, json={"input": IDEA, "outputFormat": "markdown"}).json

        assert said["output"] == said["humanSpecMarkdown"]
        assert said["output"].startswith("Written without a language model")

    def test_writes_the_links_as_clients_know_them(self, call, at_once, key):
        said = call("POST", "/fast-spec", key, json={"input": IDEA}).json

        code = the_spec().code
        address = f"http%3A%2F%2Fgreenroom.test%2Fs%2F{code}"
        percent = (
            f"First%20download%20{address}%2C%20then%20save%20it%20to%20a%20file%20called%20%22spec.md%22"
            "%20and%20then%20parse%20it%20and%20implement%20it%20step%20by%20step"
        )
        assert said["lovableUrl"] == f"https://lovable.dev/?autosubmit=true#prompt={percent}"
        assert said["v0Url"] == f"https://v0.dev/chat?q={percent}"
        assert said["boltUrl"] == f"https://bolt.new?prompt={percent}"
        plus = percent.replace("%20", "+")
        assert said["cursorUrl"] == f"cursor://anysphere.cursor-deeplink/prompt?text={plus}"

    def test_says_after_its_patience_where_to_ask(self, call, bell, key, monkeypatch):
        monkeypatch.setattr(waiting, "LONGEST", 0.0)

        answer = call("POST", "/fast-spec", key, json={"input": IDEA})

        assert (answer.status_code, answer.json["specId"]) == (504, the_spec().id)
        assert answer.headers["Retry-After"] == "10"

    def test_refuses_to_let_more_wait_than_there_is_room_for(self, call, bell, key, monkeypatch):
        monkeypatch.setattr(waiting, "_seats", waiting.threading.BoundedSemaphore(1))
        with waiting._seats:
            answer = call("POST", "/fast-spec", key, json={"input": IDEA})

        assert (answer.status_code, answer.json["code"]) == (429, "RATE_LIMITED")
        assert answer.json["specId"] == the_spec().id


class TestErrors:
    @pytest.mark.parametrize("body", [{}, {"input": ""}, {"input": None}, {"input": 5}, {"input": "?!"}])
    def test_say_that_there_is_nothing_to_write_from(self, call, bell, key, body):
        answer = call("POST", "/fast-spec", key, json=body)

        assert answer.status_code == 400
        assert answer.json == {
            "error": "Invalid input",
            "message": "Please provide a valid input string describing your spec",
            "requestId": answer.headers["X-Request-Id"],
        }
        assert session.scalars(select(Spec)).all() == []

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({"input": "x" * 100_001}, "100000"),
            ({"input": IDEA, "outputFormat": "pdf"}, "outputFormat"),
            ({"input": IDEA, "docURLs": ["ftp://x"]}, "https://"),
            ({"input": IDEA, "docURLs": "[broken"}, "list of addresses"),
        ],
    )
    def test_name_what_is_wrong(self, call, bell, key, body, words):
        answer = call("POST", "/fast-spec", key, json=body)

        assert (answer.status_code, answer.json["error"]) == (400, "Invalid input")
        assert words in answer.json["message"]

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("a.exe", b"MZ", "text (.txt), Markdown (.md), PDF (.pdf) and Word (.docx)"),
            ("a.pdf", b"no pdf", "cannot be read as a PDF"),
            ("a.docx", b"no zip", "cannot be read as a Word file"),
            ("a.txt", b"\xff\xfe\x00\xd8", "UTF-8"),
            ("a.md", b"   ", "no text"),
        ],
    )
    def test_say_which_files_are_read(self, call, bell, key, name, content, words):
        answer = call("POST", "/fast-spec", key, data={"input": "", "file": (io.BytesIO(content), name)})

        assert (answer.status_code, answer.json["error"]) == (400, "Invalid input")
        assert words in answer.json["message"]

    def test_say_how_large_a_file_may_be(self, call, bell, key, monkeypatch):
        monkeypatch.setattr(files, "LARGEST", 1024)

        answer = call("POST", "/fast-spec", key, data={"file": (io.BytesIO(b"x" * 2048), "a.txt")})

        assert (answer.status_code, answer.json["message"]) == (400, "a.txt has 2 kB; a file may have 1 kB.")

    def test_tell_a_missing_key_from_a_wrong_one(self, call):
        missing, wrong = call("GET", "/list-specs"), call("GET", "/list-specs", "gr_wrong")

        assert (missing.status_code, missing.json["error"]) == (401, "Unauthorized")
        assert missing.json["message"] == "Invalid or missing Authorization header"
        assert (wrong.status_code, wrong.json["message"]) == (401, "Invalid API key")

    def test_tell_nothing_of_what_is_others(self, call, written, people):
        spec = written()

        answer = call("GET", f"/spec-status/{spec.id}", people.key(people.eve, organization=people.elsewhere))

        assert answer.status_code == 404
        assert answer.json["error"] == "Request not found"
        assert answer.json["message"] == f"No request found with ID: {spec.id}"

    def test_refuse_who_may_only_look(self, call, bell, people):
        answer = call("POST", "/fast-spec", people.key(people.vic), json={"input": IDEA})

        assert (answer.status_code, answer.json["error"]) == (403, "Forbidden")
        assert session.scalars(select(Spec)).all() == []

    def test_refuse_a_key_that_is_only_for_reading(self, call, bell, people):
        assert (
            call("POST", "/fast-spec", people.key(people.rae, "read"), json={"input": IDEA}).status_code
            == 403
        )


class TestAllowance:
    @pytest.fixture
    def allowed(self, app, monkeypatch):
        """Let an organization have 15 credits in a month."""
        monkeypatch.setattr(here, "_here", [replace(here.installation(), spec_credits=15)])

    def test_has_no_end_without_a_limit(self, call, key):
        assert call("GET", "/credits-balance", key).json == {"success": True, "creditsRemaining": 1_000_000}

    def test_goes_down_when_a_spec_is_asked_for(self, call, bell, key, allowed):
        call("POST", "/fast-spec", key, json={"input": IDEA, "async": True})

        assert call("GET", "/credits-balance", key).json == {"success": True, "creditsRemaining": 5}

    def test_ends_with_what_is_missing(self, call, bell, key, allowed):
        answer = call("POST", "/deep-spec", key, json={"input": IDEA, "async": True})

        assert (answer.status_code, answer.json["error"]) == (402, "Insufficient credits available")
        assert (answer.json["creditsRequired"], answer.json["creditsAvailable"]) == (50, 15)
        assert answer.json["code"] == "INSUFFICIENT_CREDITS"
        assert answer.json["message"].startswith("Deep Spec requires 50 credits. You have 15 remaining")
        assert session.scalars(select(Spec)).all() == []


class TestTheQueue:
    @pytest.mark.parametrize("model_url", ["", "http://127.0.0.1:1/v1"], ids=["built-in", "model"])
    def test_lets_so_many_wait_as_are_written_in_time(self, call, bell, key, monkeypatch, model_url):
        monkeypatch.setattr(here, "_here", [replace(here.installation(), model_url=model_url)])
        monkeypatch.setattr(asking, "MOST_WAITING", 4)
        monkeypatch.setattr(asking, "MOST_WAITING_FOR_MODEL", 2)
        most = 2 if model_url else 4
        for _ in range(most):
            assert call("POST", "/fast-spec", key, json={"input": IDEA, "async": True}).status_code == 200

        answer = call("POST", "/fast-spec", key, json={"input": IDEA, "async": True})

        assert (answer.status_code, answer.json["code"]) == (429, "QUEUE_FULL")
        assert answer.json["message"].startswith(f"{most} specs wait to be written already.")
        assert answer.headers["Retry-After"] == "10"
        assert session.scalars(select(Spec.status)).all() == [SpecStatus.PENDING] * most

    def test_is_rung_anew_in_the_order_of_asking(self, ask, bell):
        asked = [ask(f"Idea {number}").run_id for number in range(5)]
        bell.runs.clear()  # as when the queue is emptied

        with time_machine.travel(now() + timedelta(minutes=1), tick=False):
            jobs.sweep()

        assert bell.runs == [str(run_id) for run_id in asked]
