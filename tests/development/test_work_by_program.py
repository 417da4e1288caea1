"""A program works on a request: its edits become a commit, its end the session's, and nothing of it is left."""

import pytest

from app.core import ledger
from app.core.errors import Invalid
from app.core.installation import installation
from app.development import agent_run, operations, queries
from app.development.models import SessionStatus
from app.engine.sandbox import probe
from app.projects import operations as projects
from app.projects.models import Audience
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import RequestStatus, WorkflowAction
from tests.support.agents import with_program
from tests.support.installation import carriers_of, wait_until
from tests.support.road import ready_request

FORKS = r"""#!/bin/sh
trap '' TERM INT HUP
for each in 1 2 3; do setsid sh -c 'trap "" TERM INT HUP; while :; do sleep 1; done' MARK & done
echo changed > changed.txt
echo forked
while :; do sleep 1; done
"""


@pytest.fixture(autouse=True)
def walls():
    if not probe().is_walled:
        pytest.skip("no sandbox on this machine")


def asked(people, project, words='Say "Open 9 to 5"'):
    return ready_request(people, project=project, title=words)


def started(request, people, **more):
    return operations.start(request, by=people.bob, agent="command", **more)


class TestItsWork:
    def test_is_a_commit_with_the_requester_as_co_author(self, people, bell):
        request = asked(people, with_program(people))

        session = started(request, people)
        bell.work()

        repository = repository_of(request.project)
        done = queries.latest_session(request)
        commit = repository.commit(request.working_branch)
        assert (done.id, done.status, done.commit_sha) == (session.id, SessionStatus.COMPLETED, commit.sha)
        assert request.status is RequestStatus.IN_REVIEW
        assert b'<p id="made">Open 9 to 5</p>' in repository.blob(commit.sha, "index.html")
        assert f"Co-authored-by: {people.rae.name} <{people.rae.email}>" in commit.message
        assert f"Greenroom-Session: {session.id}" in commit.message
        assert commit.parents == (done.base_sha,)
        assert [change.path for change in repository.diff("main", commit.sha).files] == ["index.html"]

    def test_is_told_line_by_line_and_leaves_no_folder(self, people, bell):
        session = started(asked(people, with_program(people)), people)
        bell.work()

        lines = session.log_path.read_text().splitlines()
        assert "Reading the request." in lines
        assert "Wrote Open 9 to 5 on the page." in lines
        assert list(installation().checkouts.glob("agent-*")) == []

    def test_knows_its_variables_and_tells_no_secret(self, people, bell):
        script = '#!/bin/sh\necho "key $MODEL_KEY"\necho $MODEL > model.txt\n'
        project = with_program(people, script)
        for name, value, secret in (("MODEL_KEY", "hush-hush-hush", True), ("MODEL", "small", False)):
            projects.set_variable(
                project, by=people.ada, name=name, value=value, audience=Audience.AGENT, is_secret=secret
            )
        request = asked(people, project)

        session = started(request, people)
        bell.work()

        assert repository_of(project).blob(request.commit_sha, "model.txt") == b"small\n"
        assert "key ••••••" in session.log_path.read_text()
        assert "hush" not in session.log_path.read_text()

    def test_of_the_next_round_follows_what_was_asked_for(self, people, bell):
        request = asked(people, with_program(people))
        started(request, people)
        bell.work()

        payload = {"feedback": 'Say "Open 8 to 6" instead'}
        requests.move(request, WorkflowAction.REQUEST_CHANGES, by=people.rae, payload=payload)
        bell.work()

        second = queries.latest_session(request)
        assert (second.agent, second.inputs, second.round) == ("command", {"preset": "own"}, 2)
        page = repository_of(request.project).blob(request.commit_sha, "index.html")
        assert (b"Open 8 to 6" in page, b"Open 9 to 5" in page) == (True, False)


class TestItsEnd:
    @pytest.mark.parametrize(
        ("script", "code", "words"),
        [
            (
                "#!/bin/sh\necho no credit\nexit 3\n",
                "agent_failed",
                "agent ended with exit code 3: no credit",
            ),
            ("#!/bin/sh\necho looked\n", "nothing_changed", "changed nothing"),
            ("#!/bin/sh\nln -s /etc/passwd key\n", "link_leads_out", "key"),
            ("#!/nonexistent/python\n", "command_not_found", "could not be started"),
        ],
    )
    def test_without_a_result_puts_the_request_back_with_the_reason(self, people, bell, script, code, words):
        request = asked(people, with_program(people, script))
        tip = repository_of(request.project).head("main")

        session = started(request, people)
        bell.work()

        done = queries.latest_session(request)
        assert (done.status, done.error_code) == (SessionStatus.FAILED, code)
        assert words in done.error_message
        assert done.error_suggestion
        assert request.status is RequestStatus.READY
        assert repository_of(request.project).head(session.branch_name) == tip
        assert list(installation().checkouts.glob("agent-*")) == []

    def test_when_it_is_stopped_leaves_no_process(self, people, bell, monkeypatch):
        mark = f"at-work-in-{installation().home.name}-{people.rae.id.hex}"
        request = asked(people, with_program(people, FORKS.replace("MARK", mark)))
        session = started(request, people)
        genuine = ledger.RunHandle.report

        def stopping(self, **more):
            if more.get("phase") == "working" and session.log_path.read_text().rstrip().endswith("forked"):
                wait_until(lambda: len(carriers_of(mark)) >= 3, 10, "all that it forked to run")
                operations.cancel(queries.latest_session(request), by=people.bob)
                ledger.current().look()
            return genuine(self, **more)

        monkeypatch.setattr(ledger.RunHandle, "report", stopping)
        bell.work()

        assert carriers_of(mark) == []
        assert queries.latest_session(request).status is SessionStatus.CANCELLED
        assert request.status is RequestStatus.READY
        assert list(installation().checkouts.glob("agent-*")) == []

    def test_where_somebody_pushed_meanwhile_begins_anew_from_there(self, people, bell, monkeypatch):
        request = asked(people, with_program(people))
        repository = repository_of(request.project)
        started(request, people)
        genuine = agent_run._commit
        pushed = []

        def late(here, *more):
            if not pushed:
                author = projects.signature_of(people.bob)
                pushed.append(
                    repository.commit_files(
                        request.working_branch, {"late.txt": b"x"}, message="Late", author=author
                    )
                )
            return genuine(here, *more)

        monkeypatch.setattr(agent_run, "_commit", late)
        bell.work()

        commit = repository.commit(request.working_branch)
        assert commit.parents == tuple(pushed)
        assert repository.blob(commit.sha, "late.txt") == b"x"


class TestItsStart:
    def test_is_refused_where_no_program_is_set_up(self, people, bell):
        with pytest.raises(Invalid, match="No program is set up") as refused:
            started(ready_request(people), people)
        assert refused.value.errors[0]["loc"] == ["body", "preset"]

    def test_is_refused_where_the_program_is_missing(self, people, bell):
        with pytest.raises(Invalid, match="The program goose is not installed on this server"):
            started(ready_request(people), people, inputs={"preset": "goose"})

    def test_is_refused_where_the_script_is_not_in_the_repository(self, people, bell):
        request = ready_request(people)
        projects.set_agent(request.project, by=people.ada, preset="own", command="./agent {prompt_file}")

        with pytest.raises(Invalid, match="no file agent in the repository"):
            started(request, people)
        assert request.status is RequestStatus.READY

    def test_through_the_api_names_a_preset(self, people, bell, browse):
        request = asked(people, with_program(people))
        path = f"/api/requests/{request.id}/development/start"

        refused = browse(people.bob).send("POST", path, json={"agent": "command", "preset": "goose"})
        answer = browse(people.bob).send("POST", path, json={"agent": "command", "preset": "own"})

        assert refused.status_code == 422
        assert "GREENROOM_AGENT_PATHS" in refused.json["message"]
        assert (answer.status_code, answer.json["data"]["preset"]) == (201, "own")

    def test_stands_on_the_page_by_its_name(self, people, bell, browse):
        request = asked(people, with_program(people))

        page = browse(people.bob).get(f"{request.path}/development").text
        answer = browse(people.bob).post(f"{request.path}/development", {"agent": "command"})

        assert "Start with agent" in page
        assert answer.status_code == 303
        assert "Round 1, by agent" in browse(people.vic).get(f"{request.path}/development").text


def test_stream_tells_its_lines_by_offset_and_why_it_failed(people, bell, browse):
    request = asked(people, with_program(people, "#!/bin/sh\necho grüße\nexit 3\n"))
    session = started(request, people)
    bell.work()

    told = browse(people.rae).get(f"/api/requests/{request.id}/development/stream").text

    events = [line.removeprefix("event: ") for line in told.splitlines() if line.startswith("event: ")]
    ids = [int(line.removeprefix("id: ")) for line in told.splitlines() if line.startswith("id: ")]
    assert events == ["status", "log", "error", "done"]
    assert ids == [0, *[session.log_path.stat().st_size] * 3]
    assert '"code": "agent_failed"' in told
    offset = session.log_path.read_bytes().index("grüße".encode())
    rest = browse(people.rae).get(
        f"/api/requests/{request.id}/development/stream", headers={"Last-Event-ID": str(offset)}
    )
    assert r'data: {"text": "gr\u00fc\u00dfe\n' in rest.text
