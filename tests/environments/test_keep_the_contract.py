"""A running installation keeps what clients of the environments API know: fields, states, errors, by either header.

The clients here ask as the vendor's SDK and command line do: scopes first, then a task, an environment, its
status at their own pace, its services without a cookie, a command by the environment's token, its end.
"""

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from tests.environments.conftest import packed
from tests.support.installation import Answer, Installation, wait_until

pytestmark = pytest.mark.real

STATES = ("building", "provisioning", "ready", "paused", "torn_down", "failed")
SECONDS = 60
SITE = {"command": "python3 -m http.server $PORT --bind 127.0.0.1", "port": 8080}
ASK = "import os, urllib.request as u; print(u.urlopen(os.environ['WEB_URL']).read().decode(), end='')"
INSTRUCTION = (
    "Mend {{ web_url }} ({{ web_host }}:{{ web_port }}, {{ web_url_8080 }}) for {{ who }}, not {{ them }}."
)
TASK: dict[str, Any] = {
    "name": "mend-the-site",
    "version": "1.0.0",
    "instruction": INSTRUCTION,
    "inputs": {"who": {"default": "Rae"}, "loud": {"default": True}},
    "services": {"web": SITE, "side-door": {**SITE, "port": 8081}},
    "ports": {"web": [8080]},
    "provision": {"script": "prepare.sh"},
    "teardown": {"script": "leave.sh"},
    "verification": {"method": "script", "script": "check.sh"},
}
FILES = {
    "index.html": "<p>broken</p>",
    "prepare.sh": 'echo "prepared for $INPUT_WHO ($INPUT_LOUD)" | tee prepared.txt',
    "leave.sh": "echo so long",
    "check.sh": "grep -q mended index.html",
}


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_id(value: Any) -> bool:
    return is_text(value) and str(UUID(value)) == value


def is_moment(value: Any) -> bool:
    return is_text(value) and datetime.fromisoformat(value).tzinfo is not None


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_token(value: Any) -> bool:
    return is_text(value) and len(value) > 32


def are_addresses(value: Any) -> bool:
    return bool(value) and all(
        set(each) == {"url", "host", "port", "urls"}
        and each["url"] == f"http://{each['host']}:{each['port']}"
        and list(each["urls"].values()) == [each["url"]]
        for each in value.values()
    )


def null_or(is_right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or is_right(value)


SCOPE = {
    "user": {"id": is_id, "email_address": is_text, "username": is_text},
    "organization": {
        "id": is_id,
        "name": is_text,
        "key": is_text,
        "effective_max_sandbox_runtime_seconds": is_count,
        "max_sandbox_runtime_source_level": is_text,
        "effective_default_sandbox_runtime_seconds": is_count,
        "default_sandbox_runtime_source_level": is_text,
        "platform_max_sandbox_runtime_seconds": is_count,
        "platform_default_sandbox_runtime_seconds": is_count,
        "created_at": is_moment,
        "updated_at": is_moment,
    },
    "workspace": {
        "id": is_id,
        "name": is_text,
        "key": is_text,
        "org_id": is_id,
        "is_default": lambda value: isinstance(value, bool),
        "created_at": is_moment,
        "updated_at": is_moment,
    },
}
STATUS: dict[str, Callable[[Any], bool]] = {
    "id": is_id,
    "state": lambda value: value in STATES,
    "expires_at": null_or(is_moment),
    "service_urls": null_or(are_addresses),
    "execute_token": null_or(is_token),
    "instruction": null_or(is_text),
    "error": null_or(is_text),
    "task_verification": null_or(lambda value: {"passed", "method", "exit_code"} <= set(value)),
}
WHOLE = STATUS | {
    "task_ref": lambda value: bool(re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+@\d+\.\d+\.\d+", value)),
    "created_at": is_moment,
    "updated_at": is_moment,
    "project_id": is_id,
    "project_key": is_text,
}
PAGE = {"total", "page", "limit", "total_pages", "has_next", "has_previous"}
# In which state what is said, and that it is nothing in every other one.
THERE = {
    "expires_at": {"ready", "paused", "torn_down"},
    "service_urls": {"ready", "paused"},
    "error": {"failed"},
}


def faults(body: dict[str, Any], fields: dict[str, Callable[[Any], bool]]) -> dict[str, Any]:
    """Return what is missing, what is not what it should be, and what is said in the wrong state."""
    wrong = {
        name: body.get(name, "missing")
        for name, is_right in fields.items()
        if not _holds(body, name, is_right)
    }
    if state := body.get("state"):
        wrong |= {
            name: f"{body.get(name)} in {state}"
            for name, states in THERE.items()
            if (body.get(name) is not None) and state not in states
        }
    return wrong


def _holds(body: dict[str, Any], name: str, is_right: Callable[[Any], bool]) -> bool:
    return name in body and bool(is_right(body[name]))


@dataclass
class Client:
    """A program with a key, which it sends as the SDK does or as the documents show."""

    here: Installation
    header: str
    key: str = ""
    org: str = ""
    workspace: str = ""
    said: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        key = self.key or self.here.key
        own = {"X-API-Key": key} if self.header == "X-API-Key" else {"Authorization": f"Bearer {key}"}
        known = {"User-Agent": "dreadnode-sdk/2.1.0", "X-Dreadnode-Network": "public"}
        sent = {**own, **known, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.here.request(method, f"/api/v1{path}", body, key="", headers=sent)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.text
        return answer.json

    @property
    def environments(self) -> str:
        return f"/org/{self.org}/ws/{self.workspace}/environments"

    def publish(self, task: dict[str, Any], files: dict[str, str]) -> Answer:
        archive = packed({"task.yaml": json.dumps(task), **files}).read()
        body = (
            b'--part\r\nContent-Disposition: form-data; name="file"; filename="task.tar.gz"\r\n\r\n'
            + archive
            + b"\r\n--part--\r\n"
        )
        return self.ask(
            "POST", f"/org/{self.org}/tasks", body, Content_Type="multipart/form-data; boundary=part"
        )

    def make(self, **body: Any) -> Answer:
        return self.ask("POST", self.environments, {"task_ref": "mend-the-site", **body})

    def until(self, environment: str, *states: str) -> dict[str, Any]:
        """Poll as the SDK does, until one of these is reached; note every state on the way."""
        self.said.clear()

        def reached() -> dict[str, Any] | None:
            body: dict[str, Any] = self.get(f"{self.environments}/{environment}/status")
            assert faults(body, STATUS) == {}
            if not self.said or self.said[-1] != body["state"]:
                self.said.append(body["state"])
            return body if body["state"] in {*states, "failed"} else None

        return wait_until(reached, SECONDS, f"{environment} to be {' or '.join(states)}")

    def execute(self, environment: str, token: str, command: str, **more: Any) -> Answer:
        body = {"command": command, **more}
        return self.ask(
            "POST", f"{self.environments}/{environment}/execute", body, X_Environment_Token=f"Bearer {token}"
        )


def opened(address: str, **headers: str) -> tuple[int, str]:
    """Open an address as a plain HTTP client does: no cookie, no name of ours."""
    parts = urlsplit(address)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    try:
        connection.request(
            "GET", "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def count_ready(here: Installation) -> int:
    """How many environments stand ready for nobody, as the database says."""
    address = f"file:{here.home / 'greenroom.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=10)) as database:
        rows = database.execute("SELECT count(*) FROM environments WHERE is_warm AND state = 'ready'")
        return int(rows.fetchone()[0])


def rendered(template: str, services: dict[str, Any], inputs: dict[str, Any]) -> str:
    """Fill in an instruction as the SDK does; what nobody knows stays as it is."""
    known: dict[str, str] = {}
    for name, each in services.items():
        known |= {f"{name}_{part}": str(each[part]) for part in ("url", "host", "port")}
        known |= {f"{name}_url_{port}": url for port, url in each["urls"].items()}
    known |= {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in inputs.items()
    }
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: known.get(found[1], found[0]), template)


@pytest.fixture(scope="module")
def known() -> Iterator[Client]:
    """A client of an installation with a task, few environments and no patience with old clients."""
    made = Installation(
        settings={"GREENROOM_OLDEST_CLIENTS": "dreadnode-sdk/2.0", "GREENROOM_ENVIRONMENTS": "4"}
    )
    try:
        made.start().admin()
        organization = made.get("/api/users/me").data["organizations"][0]
        project = made.post(
            "/api/admin/projects", {"organizationId": organization["id"], "name": "Sandbox"}
        ).data
        client = Client(made, "X-API-Key", org=organization["slug"], workspace=project["slug"])
        assert client.publish(TASK, FILES).status == 201
        yield client
    finally:
        made.remove()


@pytest.fixture(params=["Authorization", "X-API-Key"])
def client(known: Client, request: pytest.FixtureRequest) -> Client:
    return replace(known, header=request.param, said=[])


@pytest.fixture
def by_key(known: Client) -> Client:
    return replace(known, said=[])


class TestAsItsClientsDo:
    def test_from_the_scope_to_the_end(self, client: Client) -> None:
        """One life of an environment: every call, every field, every state."""
        org, place = client.org, f"/org/{client.org}/ws/{client.workspace}"
        assert faults(client.get("/user"), SCOPE["user"]) == {}
        assert faults(client.get(f"/org/{org}"), SCOPE["organization"]) == {}
        listed = client.get(f"/org/{org}/ws")
        assert faults(listed["workspaces"][0], SCOPE["workspace"]) == {}
        assert client.get(place) == listed["workspaces"][0]
        assert set(listed) >= PAGE

        made = client.make(inputs={"who": "Vic"}, timeout_sec=600, model_overrides={"judge": "m"}).json
        one, token = f"{client.environments}/{made['id']}", made["execute_token"]
        assert faults(made, WHOLE) == {}
        assert (made["instruction"], made["state"] in STATES[:2]) == (INSTRUCTION, True)
        early = client.execute(made["id"], token, "true")
        assert (early.status, early.json["type"]) == (409, "conflict_error")

        ready = client.until(made["id"], "ready")
        assert ready["state"] == "ready", ready["error"]
        assert [state for state in STATES if state in client.said] == client.said
        assert (ready["execute_token"], ready["instruction"]) == (token, INSTRUCTION)
        again = client.get(f"{one}/status")
        assert (again["execute_token"], again["service_urls"]) == (None, ready["service_urls"])
        whole = client.get(one)
        assert faults(whole, WHOLE) == {}
        assert (whole["execute_token"], whole["service_urls"]) == (None, ready["service_urls"])

        web = ready["service_urls"]["web"]
        assert rendered(whole["instruction"], ready["service_urls"], {"who": "Vic"}) == (
            f"Mend {web['url']} ({web['host']}:{web['port']}, {web['url']}) for Vic, not {{{{ them }}}}."
        )
        assert {opened(each["url"]) for each in ready["service_urls"].values()} == {(200, "<p>broken</p>")}

        ran = client.execute(made["id"], token, "cat prepared.txt; ls *.sh task.yaml; echo oops >&2; exit 3")
        assert (ran.status, set(ran.json), ran.json["exit_code"]) == (200, {"exit_code", "output"}, 3)
        assert ran.json["output"].startswith("prepared for Vic (true)\n")
        assert "oops" in ran.json["output"]
        assert "check.sh" not in ran.json["output"].replace("'check.sh'", "")
        assert client.execute(made["id"], token, "sleep 30", timeout_sec=1).json["exit_code"] == 124

        failed = client.ask("POST", f"{one}/verification", {}).json
        client.execute(made["id"], token, "echo '<p>mended</p>' > index.html")
        passed = client.ask("POST", f"{one}/verification", {}).json
        assert (failed["passed"], passed["passed"]) == (False, True)
        assert client.get(f"{one}/status")["task_verification"] == passed
        assert "<p>mended</p>" in opened(web["url"])[1]
        assert "==> web" in client.get(f"{one}/logs")["logs"]

        found = client.get(f"{client.environments}?state=ready&state=paused&page=1&limit=200")
        assert set(found) >= PAGE
        assert made["id"] in {each["id"] for each in found["environments"]}
        assert all(faults(each, WHOLE) == {} for each in found["environments"])

        assert client.ask("DELETE", one).status == 204
        over = client.until(made["id"], "torn_down")
        assert (over["state"], over["service_urls"], over["error"]) == ("torn_down", None, None)
        wait_until(lambda: "so long" in client.get(f"{one}/logs")["logs"], 30, "the teardown script")
        assert client.ask("DELETE", one).status == 204
        assert client.execute(made["id"], token, "true").status == 409

    def test_a_task_by_name_version_and_instruction(self, client: Client) -> None:
        tasks = f"/org/{client.org}/tasks"

        listed, latest = client.get(tasks), client.get(f"{tasks}/mend-the-site")

        assert set(listed) >= PAGE
        assert latest in listed["tasks"]
        assert client.get(f"{tasks}/mend-the-site/1.0.0") == latest
        assert client.get(f"{tasks}/mend-the-site/versions")["tasks"] == [latest]
        for path in ("1.0.0/instruction", "instruction"):
            assert client.get(f"{tasks}/mend-the-site/{path}")["instruction"] == INSTRUCTION
        assert (latest["ports"], latest["private"], latest["network"], latest["warm"]) == (
            {"web": [8080], "side-door": [8081]},
            False,
            True,
            0,
        )

    def test_a_task_that_cannot_prepare_itself_fails_in_words(self, by_key: Client) -> None:
        task = {"name": "no-luck", "version": "1.0.0", "provision": {"script": "prepare.sh"}}
        by_key.publish(task, {"prepare.sh": "echo no luck; exit 7"})

        made = by_key.make(task_ref="no-luck@1.0.0").json
        over = by_key.until(made["id"], "ready")

        assert (over["state"], over["service_urls"], over["execute_token"]) == ("failed", None, None)
        assert "exit code 7" in over["error"]


class TestErrors:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status", "kind", "detail"),
        [
            ("GET", "/org/nobody", None, 404, "not_found_error", "Organization not found: nobody"),
            ("GET", "/org/{org}/ws/none", None, 404, "not_found_error", "Workspace not found: "),
            ("GET", "/org/{org}/tasks/none", None, 404, "not_found_error", "Task not found: "),
            ("POST", "{all}", {"task_ref": "none"}, 404, "not_found_error", "Task not found: none"),
            ("POST", "{all}", {}, 422, "validation_error", ""),
            ("POST", "{all}", {"task_ref": "mend-the-site", "timeout_sec": 0}, 422, "validation_error", ""),
            ("POST", "{all}", {"task_ref": "mend-the-site", "inputs": {"no": 1}}, 422, "validation_error", ""),
            ("POST", "{all}", {"task_ref": "mend-the-site", "secret_ids": ["x"]}, 422, "validation_error", ""),
            ("GET", "{all}?state=nothing", None, 422, "validation_error", ""),
            ("GET", "{all}?limit=201", None, 422, "validation_error", ""),
            ("GET", "{all}/00000000-0000-0000-0000-000000000000", None, 404, "not_found_error", "Environment not"),
            ("GET", "{all}/00000000-0000-0000-0000-000000000000/status", None, 404, "not_found_error", ""),
        ],
    )  # fmt: skip
    def test_are_one_envelope(self, client: Client, method, path, body, status, kind, detail) -> None:
        answer = client.ask(method, path.format(org=client.org, all=client.environments), body)

        assert (answer.status, answer.json["code"], answer.json["type"]) == (status, status, kind)
        assert answer.json["detail"].startswith(detail)
        assert set(answer.json) == {"code", "detail", "type"} | ({"errors"} if status == 422 else set())
        assert all(set(each) == {"loc", "msg", "type"} for each in answer.json.get("errors", []))

    def test_of_a_key_that_is_not_known(self, client: Client) -> None:
        client.key = "gr_nobody"

        answers = [client.ask("GET", path) for path in ("/user", f"{client.environments}")]

        assert [(each.status, each.json["type"]) for each in answers] == [(401, "authentication_error")] * 2
        assert set(answers[0].json) == {"code", "detail", "type"}

    def test_of_a_client_that_is_too_old(self, client: Client) -> None:
        answer = client.ask("GET", "/user", User_Agent="dreadnode-sdk/1.9.3 python/3.12")

        assert (answer.status, answer.json["type"]) == (426, "upgrade_required_error")
        assert "2.0" in answer.json["detail"]

    def test_of_the_same_version_twice(self, client: Client) -> None:
        answer = client.publish(TASK, FILES)

        assert (answer.status, answer.json["type"]) == (409, "conflict_error")

    def test_of_a_token_of_another_environment_and_of_one_too_many(self, by_key: Client) -> None:
        made = [by_key.make() for _ in range(5)]
        ids = [each.json["id"] for each in made if each.status == 201]
        try:
            refused = made[-1]
            assert (refused.status, refused.json["type"]) == (429, "rate_limit_error")
            assert by_key.execute(ids[0], "env_wrong", "true").status == 403
            nothing = by_key.ask("POST", f"{by_key.environments}/{ids[0]}/execute", {"command": "true"})
            assert (nothing.status, nothing.json["type"]) == (401, "authentication_error")
            assert by_key.execute(ids[0], "env_wrong", "").status == 422
            assert by_key.execute(ids[0], "env_wrong", "true", timeout_sec=601).status == 422
        finally:
            for each in ids:
                by_key.ask("DELETE", f"{by_key.environments}/{each}")


class TestPrivateServices:
    def test_open_by_the_token_and_from_inside_alone(self, by_key: Client) -> None:
        task = {"name": "secret-site", "version": "1.0.0", "private": True, "services": {"web": SITE}}
        by_key.publish(task, {"index.html": "<p>secret</p>"})
        made = by_key.make(task_ref="secret-site").json
        by_key.until(made["id"], "ready")
        address = by_key.get(f"{by_key.environments}/{made['id']}")["service_urls"]["web"]["url"]

        token = made["execute_token"]
        inside = by_key.execute(made["id"], token, f'python3 -c "{ASK}"')

        assert opened(address)[0] == 401
        assert opened(address, X_Environment_Token="Bearer env_wrong")[0] == 401
        assert opened(address, X_Environment_Token=f"Bearer {token}") == (200, "<p>secret</p>")
        assert inside.json["output"] == "<p>secret</p>"
        by_key.ask("DELETE", f"{by_key.environments}/{made['id']}")


class TestStandingReady:
    def test_comes_within_a_second_and_once(self, by_key: Client) -> None:
        task = {"name": "at-once", "version": "1.0.0", "warm": 1, "services": {"web": SITE}}
        by_key.publish(task, {"index.html": "<p>at once</p>"})
        first = by_key.make(task_ref="at-once").json
        by_key.until(first["id"], "ready")

        wait_until(lambda: count_ready(by_key.here) == 1, SECONDS, "one to stand ready")

        made = by_key.make(task_ref="at-once", timeout_sec=120).json

        assert made["state"] == "ready"
        assert faults(made, {name: rule for name, rule in WHOLE.items() if name != "service_urls"}) == {}
        assert opened(made["service_urls"]["web"]["url"]) == (200, "<p>at once</p>")
        assert (
            by_key.execute(made["id"], made["execute_token"], "cat index.html").json["output"]
            == "<p>at once</p>"
        )
        status = by_key.get(f"{by_key.environments}/{made['id']}/status")
        assert (status["state"], status["execute_token"]) == ("ready", made["execute_token"])
        for each in (first, made):
            by_key.ask("DELETE", f"{by_key.environments}/{each['id']}")
