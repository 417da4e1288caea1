"""Any coding agent that is a program: works on a bench, and what it left there is its change."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.core.errors import Cancelled, Failed
from app.core.gherkin import one_line
from app.core.installation import Limits
from app.engine.sandbox import Outcome
from app.engine.workbench import Changes, Workbench
from app.integrations.coding_agent.assignment import Assignment, Change, prompt_of
from app.integrations.coding_agent.command_line import CommandLine
from app.integrations.coding_agent.tools import Tools

_LAST_LINES = 10
_NAMED = 3
_NOT_FOUND = 127
_TOLD = """

---

You work in a checkout of the branch {branch}. Make the change by editing the files here; what you leave in \
them is taken over when you end. Nothing has to be committed, and nothing can be pushed. Nobody answers \
questions: decide, and say in a few sentences at the end what you did.
"""


class Command:
    """Runs a program with the prompt in a file, in a sandbox, without a way to push."""

    name = "command"
    label = "A coding agent of the command line"
    waits_for_person = False

    def work(
        self, assignment: Assignment, *, say: Callable[[str], None], cancelled: Callable[[], bool]
    ) -> Change:
        tools = assignment.tools
        if tools is None:
            raise Failed(
                "no_command",
                "No command is set up for this project's agent.",
                "Choose one in the project's settings.",
            )
        return _Work(assignment, tools, say, cancelled).change()


@dataclass
class _Work:
    assignment: Assignment
    tools: Tools
    say: Callable[[str], None]
    cancelled: Callable[[], bool]
    last: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))

    def change(self) -> Change:
        self.say(f"Lay out {self.assignment.branch}.")
        with self.tools.bench() as bench:
            self._run(bench, bench.give("prompt.md", self._prompt(bench).encode()))
            self.say("Look at what it left.")
            changes = bench.changes()
        return _change(self.assignment, self.tools.command, changes)

    def _prompt(self, bench: Workbench) -> str:
        """Write the prompt; the files that came with the request lie beside it."""
        beside = [
            replace(each, url=bench.give(f"attachments/{each.name}", each.bytes))
            for each in self.assignment.attachments
        ]
        prompt = prompt_of(replace(self.assignment, attachments=beside))
        return prompt.rstrip() + _TOLD.format(branch=self.assignment.branch)

    def _run(self, bench: Workbench, prompt: str) -> None:
        command = self.tools.command
        self.say(f"{command.label} works on it.")
        places = {
            "prompt_file": prompt,
            "attachments_folder": f"{bench.given}/attachments",
            "branch": self.assignment.branch,
        }
        outcome = bench.run(
            command.filled(places),
            on_line=self._hear,
            limits=self.tools.limits,
            env={**command.env, **self.tools.env},
            read_only=self.tools.shown,
            stdin=prompt if command.reads_prompt else None,
            cancelled=self.cancelled,
        )
        if outcome.ended == "cancelled":
            raise Cancelled
        if not outcome.is_good:
            raise _failure(command, outcome, self.tools.limits, list(self.last))

    def _hear(self, line: str) -> None:
        for each in self.tools.command.reader(line):
            if each.strip():
                self.last.append(each)
            self.tools.on_line(each)


def _failure(command: CommandLine, outcome: Outcome, limits: Limits, last: list[str]) -> Failed:
    """Say why a program ended badly, with the last that it said."""
    name = command.label
    ways = {
        "timeout": (
            "timed_out",
            f"{name} was stopped after {limits.seconds // 60 or 1} minutes.",
            "Ask for less at once, or have GREENROOM_AGENT_SECONDS raised on this server.",
        ),
        "memory": (
            "out_of_memory",
            f"{name} was stopped: it needed more than {limits.memory_mb} MB of memory.",
            "Have GREENROOM_AGENT_MEMORY_MB raised on this server.",
        ),
        "processes": (
            "too_many_processes",
            f"{name} was stopped: it started more than {limits.processes} processes.",
            "Start the work again; if it happens every time, look at its log.",
        ),
        "disk": (
            "disk_full",
            f"{name} was stopped: it wrote over {limits.disk_mb} MB.",
            "Start the work again; if it happens every time, look at its log.",
        ),
    }
    if outcome.ended in ways:
        code, message, suggestion = ways[outcome.ended]
        return Failed(code, message, suggestion, last)
    if outcome.exit_code == _NOT_FOUND:
        return Failed(
            "command_not_found",
            f"{name} could not be started: {_closing(last)}",
            "Try it in the project's settings, which says what is missing.",
            last,
        )
    return Failed(
        "agent_failed",
        f"{name} ended with exit code {outcome.exit_code}: {_closing(last)}",
        "Its log says more. Check its variables in the project's settings, then start it again.",
        last,
    )


def _closing(last: list[str]) -> str:
    return one_line(last[-1], 300) if last else "it said nothing."


def _change(assignment: Assignment, command: CommandLine, changes: Changes) -> Change:
    paths = list(changes.files)
    named = ", ".join(paths[:_NAMED]) + (f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else "")
    told = f"Request {assignment.request_number}, round {assignment.round}, made by {command.label}."
    return Change(
        files=changes.files,
        kinds=changes.kinds,
        message=f"{one_line(assignment.title, 70) or 'Change'}\n\n{told}\n",
        summary=f"Changed {named}." if paths else "Changed nothing.",
    )
