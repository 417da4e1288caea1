"""What may be said when an environment is made: the inputs of its task, secrets of the project, a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.core.errors import Fault
from app.core.installation import installation
from app.environments.commands import written
from app.environments.models import TaskVersion
from app.projects.models import Audience, Project
from app.projects.queries import variables_in

_LONGEST_INPUT = 10_000
Said = Any  # whatever JSON can say; commands and services read it as a text


def input_faults(version: TaskVersion, inputs: Mapping[str, Said]) -> Iterator[Fault]:
    """Say which inputs the task does not know, which are too long, and which it misses."""
    known = version.definition.known_inputs
    names = ", ".join(known) or "none"
    for name, value in inputs.items():
        if name not in known:
            yield _fault("inputs", name, f"This task has no input {name}. It has: {names}.", "unknown_input")
        elif len(written(value)) > _LONGEST_INPUT:
            yield _fault("inputs", name, f"This may have {_LONGEST_INPUT} characters.", "too_long")
    for name, said in known.items():
        if said.required and said.default is None and inputs.get(name) is None:
            yield _fault("inputs", name, f"This task needs the input {name}.", "missing")


def secret_faults(project: Project, secret_ids: Sequence[str]) -> Iterator[Fault]:
    """Say which secrets the project does not have."""
    known = {str(each.id) for each in variables_in(project) if each.audience is Audience.PREVIEW}
    for place, each in enumerate(secret_ids):
        if each not in known:
            said = f"{project.name} has no variable with the id {each}."
            yield _fault("secret_ids", place, said, "unknown_secret")


def time_faults(seconds: int | None) -> Iterator[Fault]:
    """Say that nothing lives so long."""
    most = installation().environment_max_seconds
    if seconds is not None and not 0 < seconds <= most:
        said = f"Say a time from 1 to {most} seconds."
        yield {"loc": ["body", "timeout_sec"], "msg": said, "type": "range"}


def _fault(field: str, place: str | int, message: str, kind: str) -> Fault:
    return {"loc": ["body", field, place], "msg": message, "type": kind}


def filled_in(version: TaskVersion, inputs: Mapping[str, Said]) -> dict[str, Said]:
    """Return what was said, and what the task says where nothing was."""
    defaults = {name: said.default for name, said in version.definition.known_inputs.items()}
    said = {**defaults, **{name: value for name, value in inputs.items() if value is not None}}
    return {name: value for name, value in said.items() if value is not None}
