"""Any program can be the agent: its command by a template, its prompt in a file, its output for people."""

import json
from contextlib import contextmanager

import pytest

from app.core.errors import Cancelled, Failed, Invalid
from app.core.installation import Limits
from app.engine.sandbox import Outcome
from app.engine.workbench import Changes
from app.integrations.coding_agent import (
    OWN,
    PRESETS,
    AttachedFile,
    Command,
    Tools,
    command_line,
    label_of,
    trouble_of,
)
from app.integrations.coding_agent.transcripts import of_claude_code


class Bench:
    """Stands for a workbench: keeps what it is given, and answers as it is told."""

    given = ".greenroom"

    def __init__(self, *, outcome=None, lines=(), changes=None) -> None:
        self.files: dict[str, str] = {}
        self.runs: list[dict] = []
        self.outcome = outcome or Outcome(exit_code=0)
        self.lines = lines
        self.left = changes or Changes(files={"index.html": b"new"}, kinds={"index.html": "file"})

    def give(self, name, data):
        self.files[name] = data.decode()
        return f"{self.given}/{name}"

    def run(self, command, *, on_line, **more):
        self.runs.append({"command": command, **more})
        for line in self.lines:
            on_line(line)
        return self.outcome

    def changes(self):
        return self.left


@pytest.fixture
def work(assign):
    """Let a program work on a bench; give its change and what was heard of it."""

    def work(bench, *, command=None, **more):
        heard: list[str] = []

        @contextmanager
        def at():
            yield bench

        tools = Tools(
            command=command or command_line(OWN, "agent --task {prompt_file}"),
            bench=at,
            on_line=heard.append,
            limits=Limits(seconds=1800, memory_mb=512),
            env={"MODEL_KEY": "k"},
        )
        said: list[str] = []
        change = Command().work(assign(tools=tools, **more), say=said.append, cancelled=lambda: False)
        return change, said, heard

    return work


class TestTemplate:
    def test_is_words_and_places(self):
        command = command_line(OWN, "my-agent --task '{prompt_file}' --json '{\"a\": 1}' {branch}")

        filled = command.filled({"prompt_file": ".greenroom/prompt.md", "branch": "requests/1-x; rm -rf"})

        assert filled == [
            *("my-agent", "--task", ".greenroom/prompt.md", "--json", '{"a": 1}', "requests/1-x; rm -rf")
        ]
        assert (command.label, command.reads_prompt) == ("my-agent", False)

    def test_may_end_with_where_the_input_comes_from(self):
        command = command_line(OWN, "my-agent --yes < {prompt_file}")

        assert (command.words, command.reads_prompt) == (("my-agent", "--yes"), True)

    @pytest.mark.parametrize(
        ("template", "words"),
        [
            ("", "Write the command"),
            ("< {prompt_file}", "Write the command"),
            ("agent", "where it gets the prompt"),
            ("agent {prompt_file} && git push", "without a shell"),
            ("agent {prompt_file} | tee log", "without a shell"),
            ("agent < {prompt_file} --yes", "without a shell"),
            ("agent {prompt}", r"\{prompt\} is not known"),
            ("agent 'never {prompt_file}", "never closed"),
        ],
    )
    def test_that_cannot_run_says_why(self, template, words):
        with pytest.raises(Invalid, match=words) as refused:
            command_line(OWN, template)
        assert refused.value.errors[0]["loc"] == ["body", "command"]

    def test_of_an_unknown_program_names_the_known(self):
        with pytest.raises(Invalid, match=r"claude-code, codex, gemini, aider, opencode, goose, own"):
            command_line("clippy")


class TestPreset:
    @pytest.mark.parametrize("name", PRESETS)
    def test_gets_the_prompt_from_a_file(self, name):
        command = command_line(name)

        assert command.label == PRESETS[name].label == label_of(name)
        assert command.reads_prompt or ".greenroom/p.md" in command.filled({"prompt_file": ".greenroom/p.md"})
        assert PRESETS[name].needs
        assert PRESETS[name].install

    def test_of_the_repository_is_looked_for_there(self):
        command = command_line(OWN, "./bin/agent {prompt_file}")

        assert trouble_of(command, ["bin/agent"], []) is None
        assert "no file bin/agent in the repository" in str(trouble_of(command, ["README.md"], []))


class TestWork:
    def test_gives_the_prompt_with_what_was_asked_for_since(self, work):
        bench = Bench()

        work(bench, feedback=["Make it $(blue)"])

        assert "Make it $(blue)" in bench.files["prompt.md"]
        assert "requests/12-add-a-map" in bench.files["prompt.md"]
        assert bench.runs[0]["command"] == ["agent", "--task", ".greenroom/prompt.md"]
        assert bench.runs[0]["stdin"] is None
        assert bench.runs[0]["env"] == {"MODEL_KEY": "k"}

    def test_gives_what_came_with_the_request(self, work, tmp_path):
        (tmp_path / "1").write_bytes(b"a map")
        came = AttachedFile(
            name="map.svg", content_type="image/svg+xml", size=5, place=tmp_path / "1", url="/f"
        )
        bench = Bench()

        work(bench, attachments=[came])

        assert bench.files["attachments/map.svg"] == "a map"
        assert "(.greenroom/attachments/map.svg)" in bench.files["prompt.md"]

    def test_through_the_input_where_the_command_says_so(self, work):
        bench = Bench()

        work(bench, command=command_line("codex"))

        assert bench.runs[0]["stdin"] == ".greenroom/prompt.md"
        assert bench.runs[0]["command"][-1] == "-"

    def test_takes_over_what_was_left(self, work):
        change, said, heard = work(Bench(lines=["thinking", "done"]), round=2)

        assert change.files == {"index.html": b"new"}
        assert change.kinds == {"index.html": "file"}
        assert change.message.startswith(
            "Add a map to the contact page\n\nRequest 12, round 2, made by agent."
        )
        assert change.summary == "Changed index.html."
        assert heard == ["thinking", "done"]
        assert "agent works on it." in said

    @pytest.mark.parametrize(
        ("outcome", "code", "words"),
        [
            (Outcome(exit_code=2), "agent_failed", "agent ended with exit code 2: no key"),
            (Outcome(exit_code=127), "command_not_found", "agent could not be started: no key"),
            (Outcome(exit_code=137, ended="timeout"), "timed_out", "stopped after 30 minutes"),
            (Outcome(exit_code=137, ended="memory"), "out_of_memory", "more than 512 MB"),
            (Outcome(exit_code=137, ended="processes"), "too_many_processes", "processes"),
            (Outcome(exit_code=137, ended="disk"), "disk_full", "MB"),
        ],
    )
    def test_that_ends_badly_says_how_with_the_last_lines(self, work, outcome, code, words):
        with pytest.raises(Failed, match=words) as failed:
            work(Bench(outcome=outcome, lines=[*map(str, range(20)), "no key", ""]))

        assert failed.value.code == code
        assert failed.value.suggestion
        assert failed.value.lines == [*map(str, range(11, 20)), "no key"]

    def test_that_was_cancelled_is_no_failure(self, work):
        with pytest.raises(Cancelled):
            work(Bench(outcome=Outcome(exit_code=137, ended="cancelled")))

    def test_without_a_command_is_refused_in_words(self, assign):
        with pytest.raises(Failed, match="No command is set up"):
            Command().work(assign(), say=print, cancelled=lambda: False)


class TestTranscript:
    def test_shows_what_was_said_and_done(self):
        def event(**more):
            return of_claude_code(json.dumps(more))

        said = {"type": "text", "text": "I look.\nThen I change it."}
        done = {"type": "tool_use", "name": "Edit", "input": {"file_path": "index.html", "new_string": "x"}}

        assert event(type="assistant", message={"content": [said, done]}) == [
            *("I look.", "Then I change it.", "[Edit] index.html")
        ]
        assert event(type="user", message={"content": []}) == []
        assert event(type="result", is_error=False, result="Fine.") == []
        assert event(type="result", is_error=True, result="No credit.") == ["No credit."]

    @pytest.mark.parametrize("line", ["Invalid API key", "{half", "[1]", "null"])
    def test_leaves_other_lines_as_they_are(self, line):
        assert of_claude_code(line) == [line]

    @pytest.mark.parametrize(
        "message", [None, "x", {"content": "x"}, {"content": ["x", {"type": "tool_use"}]}]
    )
    def test_survives_what_it_does_not_know(self, message):
        assert of_claude_code(json.dumps({"type": "assistant", "message": message})) in ([], ["[None]"])
