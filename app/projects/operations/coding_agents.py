"""Which program works in a project, and whether it runs here at all."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.accounts.models import User
from app.core.db import let_go, transaction
from app.core.errors import Failed, Invalid, NotAllowed
from app.core.installation import Limits, installation
from app.engine.sandbox import Work, require, run
from app.engine.workbench import search_path
from app.integrations.coding_agent import OWN, command_line, label_of, trouble_of
from app.projects import permissions, queries
from app.projects.models import Project
from app.projects.operations.variables import note

_TRIAL = Limits(memory_mb=1024, processes=128, seconds=20, file_mb=16, disk_mb=64)
_SHOWN_LINES = 8


def set_agent(project: Project, *, by: User, preset: str, command: str = "") -> None:
    """Say which program works in a project: a known one, one's own by its command, or none."""
    _may_configure(by, project)
    template = command.strip() if preset == OWN else None
    if preset:
        command_line(preset, template)
    with transaction():
        project.agent_preset, project.agent_command = preset or None, template
        if not preset and project.default_agent == "command":
            project.default_agent = "outline"
        note(
            project,
            f"made {label_of(preset, template)} the agent" if preset else "took the agent away",
            by=by,
        )


@dataclass(frozen=True)
class Trial:
    """How a program answered when it was asked for its version."""

    label: str
    is_good: bool
    words: str
    lines: list[str]


def try_agent(project: Project, *, by: User) -> Trial:
    """Ask a project's program for its version, in the sandbox that it would work in."""
    _may_configure(by, project)
    if project.agent_preset is None:
        raise Invalid.field("preset", "Choose a program first.")
    command = command_line(project.agent_preset, project.agent_command)
    repository = queries.repository_of(project)
    head = repository.head(project.default_branch)
    files = repository.files(head) if head else []
    let_go()
    try:
        require()
        trouble = trouble_of(command, files, installation().agent_paths)
    except Failed as refused:
        return Trial(command.label, False, f"{refused.message} {refused.suggestion or ''}".strip(), [])
    if trouble:
        return Trial(command.label, False, trouble, [])
    if command.is_in_repository:
        return Trial(command.label, True, f"{command.program} is in the repository.", [])
    return _answer(command.label, command.program)


def _answer(label: str, program: str) -> Trial:
    shown = installation().agent_paths
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="greenroom-trial-") as folder:
        work = Work(
            command=[program, "--version"],
            folder=Path(folder),
            env={"PATH": search_path(shown)},
            limits=_TRIAL,
            read_only=shown,
        )
        outcome = run(work, on_line=lines.append)
    said = [line for line in lines if line.strip()][:_SHOWN_LINES]
    if outcome.is_good:
        return Trial(label, True, f"{label} runs here.", said)
    how = "took too long" if outcome.ended == "timeout" else f"ended with exit code {outcome.exit_code}"
    words = (
        f"{program} --version {how}. Where it needs files outside of /usr, name their folder in "
        "GREENROOM_AGENT_PATHS and start Greenroom anew."
    )
    return Trial(label, False, words, said)


def _may_configure(by: User, project: Project) -> None:
    if not permissions.can_configure(by, project):
        raise NotAllowed("Only an admin of the organization can change a project.")
