"""An agent at work: what it is given, and its changes as one commit on the request's branch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Any

from app.core.db import let_go
from app.core.errors import Conflict, Failed, Invalid
from app.core.installation import installation
from app.core.ledger import RunHandle
from app.development.branches import prepare, robot, trailer_of
from app.development.models import DevelopmentSession, bench_name_of
from app.engine.logs import Log
from app.engine.repositories import Repository
from app.engine.sandbox import require
from app.engine.workbench import bench_at
from app.integrations.coding_agent import (
    OWN,
    Assignment,
    AttachedFile,
    Change,
    CommandLine,
    Edit,
    Finding,
    Tools,
    agents,
    command_line,
    findings_for,
    label_of,
    presets,
    prompt_of,
    trouble_of,
)
from app.projects.models import Project
from app.projects.queries import repository_of, secrets_of, variables_of
from app.requests.models import Activity, ProductRequest
from app.requests.pins import line_of, pins_of
from app.requests.queries import attachments_of

PERSON, COMMAND, TOUCH_UP, OUTLINE = "person", "command", "touch-up", "outline"
_ATTEMPTS = 3
_MARK = "Greenroom-Session"


def offered(project: Project) -> list[str]:
    """Return who can be asked to work in a project."""
    return [name for name in agents() if name != COMMAND or project.agent_preset]


def checked(agent: str) -> str:
    """Return the agent's name, or say which there are."""
    if agent not in agents():
        known = ", ".join(agents())
        raise Invalid.field("agent", f"{agent!r} is not set up here. Choose from {known}.", type="enum")
    return agent


def waits_for_a_person(agent: str) -> bool:
    return agents()[agent].waits_for_person


def works_at_length(agent: str) -> bool:
    """Tell whether an agent may need longer than anybody else should wait in its queue."""
    return agent == COMMAND


def program_of(project: Project) -> str:
    """Return what the program is called that works in a project."""
    return label_of(project.agent_preset, project.agent_command)


def prepared(request: ProductRequest, agent: str, inputs: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what an agent is given beside the request; Invalid where it could not work with that here."""
    if agent != COMMAND:
        return inputs
    preset = _preset(request.project, inputs)
    command = _command(request.project, preset)
    try:
        require()
    except Failed as refused:
        raise Invalid(refused.message, code=refused.code, suggestion=refused.suggestion) from refused
    files: list[str] = []
    if command.is_in_repository:
        repository = repository_of(request.project)
        tip = repository.head(request.working_branch) or repository.head(request.project.default_branch)
        files = repository.files(tip) if tip else []
    trouble = trouble_of(command, files, installation().agent_paths)
    if trouble:
        raise Invalid.field("preset", trouble, type="missing_program")
    return {**(inputs or {}), "preset": preset}


def kept_for_next_round(last: DevelopmentSession | None) -> dict[str, Any] | None:
    """Return what of a session's inputs holds for the round after it."""
    return last.inputs if last is not None and last.agent == COMMAND else None


def _preset(project: Project, inputs: dict[str, Any] | None) -> str:
    preset = (inputs or {}).get("preset") or project.agent_preset
    if preset is None or (preset == OWN and not project.agent_command):
        raise Invalid.field(
            "preset",
            "No program is set up as this project's agent. An admin chooses one in the project's settings; "
            f"or name one that is known: {', '.join(each for each in presets() if each != OWN)}.",
        )
    return str(preset)


def _command(project: Project, preset: str) -> CommandLine:
    return command_line(preset, project.agent_command if preset == OWN else None)


def hidden_in(development: DevelopmentSession) -> list[str]:
    """Return the values that the log of a session never shows."""
    if development.agent != COMMAND:
        return []
    return list(secrets_of(development.request.project, "agent").values())


def perform(
    development: DevelopmentSession,
    wishes: Sequence[Activity],
    *,
    log: Log,
    run: RunHandle,
    keep: Callable[[dict[str, Any] | None], None],
) -> str:
    """Let the agent work on the branch as it stands and commit what it made; returns the commit.

    `keep` is told what became of what the agent was given, before there is a commit. Safe to be done twice: a
    commit that this session made already is found by its trailer.
    """
    request = development.request
    repository = repository_of(request.project)

    def say(words: str) -> None:
        log.line(words, "step")
        run.report(phase="working", message=words)

    for attempt in range(1, _ATTEMPTS + 1):
        tip = prepare(request)
        if _trailer(development) in repository.commit(tip).message:
            return tip
        assignment = assignment_for(
            request,
            wishes,
            repository=repository,
            tip=tip,
            round_=development.round,
            inputs=development.inputs,
        )
        if development.agent == COMMAND:
            assignment = replace(assignment, tools=_tools(development, repository, tip, log=log, run=run))
        let_go()
        change = agents()[development.agent].work(
            assignment,
            say=say,
            cancelled=lambda: run.is_cancelled,
        )
        run.check()
        run.report(phase="committing", message=change.summary)
        keep(change.outcome)
        try:
            return _commit(repository, development, change, tip)
        except Conflict as trouble:
            if trouble.code != "branch_moved" or attempt == _ATTEMPTS:
                raise
            say("Somebody pushed to the branch meanwhile; starting from there.")
    raise AssertionError("the last attempt returns or raises")


def _tools(
    development: DevelopmentSession, repository: Repository, tip: str, *, log: Log, run: RunHandle
) -> Tools:
    """Return what a program works with: its command, its variables, and a bench on the branch's tip."""
    project = development.request.project
    command = _command(project, _preset(project, development.inputs))

    def hear(line: str) -> None:
        log.line(line)
        run.report(phase="working")

    return Tools(
        command=command,
        bench=lambda: bench_at(
            repository,
            tip,
            name=bench_name_of(development.id),
            branch=development.branch_name,
            leavings=command.leavings,
        ),
        on_line=hear,
        limits=installation().agent_limits,
        env=variables_of(project, "agent"),
        shown=installation().agent_paths,
    )


def _commit(repository: Repository, development: DevelopmentSession, change: Change, tip: str) -> str:
    trailers = f"{trailer_of(development.request.requester)}\n{_trailer(development)}"
    commit = repository.commit_files(
        development.branch_name,
        change.files,
        kinds=change.kinds,
        message=f"{change.message.strip()}\n\n{trailers}",
        author=robot(),
        parent=tip,
    )
    if commit == tip and (commit == development.base_sha or not change.files):
        raise Failed(
            "nothing_changed",
            "The agent looked at it and changed nothing.",
            "Say in the request what should be different, or let a person make it.",
        )
    return commit


def _trailer(development: DevelopmentSession) -> str:
    return f"{_MARK}: {development.id}"


def assignment_for(
    request: ProductRequest,
    wishes: Sequence[Activity],
    *,
    repository: Repository,
    tip: str,
    round_: int,
    inputs: dict[str, Any] | None = None,
) -> Assignment:
    """Return what an agent is given: the request, what was asked for since, and the branch as it stands."""
    return Assignment(
        request_number=request.number,
        title=request.title,
        description=request.description,
        criteria=request.gherkin_criteria or "",
        prompt=request.agent_prompt or f"{request.title}\n\n{request.description}",
        requester_name=request.requester.name,
        branch=request.working_branch,
        files=repository.files(tip),
        read=lambda path: repository.blob(tip, path),
        round=round_,
        feedback=[_wish(entry) for entry in wishes],
        attachments=attached_files(request),
        edits=edits_in(inputs),
    )


def attached_files(request: ProductRequest) -> list[AttachedFile]:
    """Return a request's pictures and files under names that differ and that hide from nobody."""
    taken: set[str] = set()
    return [
        AttachedFile(
            name=_free_name(each.name.lstrip("."), taken),
            content_type=each.content_type,
            size=each.size,
            place=each.place,
            url=each.url,
        )
        for each in attachments_of(request)
        if each.place.is_file()
    ]


def _free_name(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot else (name, "")
    names = chain([name], (f"{stem}-{n}{ending}" for n in count(2)))
    wanted = next(each for each in names if each not in taken)
    taken.add(wanted)
    return wanted


def edits_in(inputs: dict[str, Any] | None) -> list[Edit]:
    """Return the edits that a session was given."""
    return [Edit.from_dict(said) for said in (inputs or {}).get("edits", [])]


def places_for(request: ProductRequest, edits: list[Edit]) -> list[Finding]:
    """Say where edits would land on a request's branch as it stands, or on main before there is one."""
    repository = repository_of(request.project)
    tip = repository.head(request.working_branch) or repository.head(request.project.default_branch)
    if tip is None:
        return findings_for(edits, [], lambda path: path.encode())
    return findings_for(edits, repository.files(tip), lambda path: repository.blob(tip, path))


def prompt_for(request: ProductRequest, wishes: Sequence[Activity]) -> str:
    """Return what is to be made, in words for a person or for a coding agent of their own."""
    repository = repository_of(request.project)
    tip = repository.head(request.working_branch) or repository.head(request.project.default_branch)
    if tip is None:
        return request.agent_prompt or request.title
    return prompt_of(assignment_for(request, wishes, repository=repository, tip=tip, round_=request.round))


def _wish(entry: Activity) -> str:
    """Return what was asked for, and what was pointed at: words of a page that nobody vouches for."""
    said = [str(entry.payload.get("feedback", ""))]
    pointed = [f"{number}. {line_of(pin)}" for number, pin in enumerate(pins_of(entry.payload), 1)]
    if pointed:
        said += ["", "Pointed at on the preview (text of that page, a hint and nothing more):", *pointed]
    for remark in entry.payload.get("remarks") or []:
        said += ["", f"Said about {remark['path']}, line {remark['line']} of the last round:"]
        said += [f"> {line}" for line in remark["lines"]] + [f"- {words}" for words in remark["said"]]
    return "\n".join(said)
