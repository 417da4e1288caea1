"""Commands in an environment: in its folder, with its variables, within walls, no longer than allowed."""

import codecs
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.ids import token
from app.core.installation import installation
from app.engine.instances import socket_path
from app.engine.sandbox import Outcome, Work, run
from app.engine.sandbox.proxy import PORT
from app.environments.models import Environment
from app.projects.models import Audience
from app.projects.queries import variables_in, variables_of

LARGEST_OUTPUT = 1024 * 1024
CUT = "\n[greenroom: output is cut here; it was longer than 1 MiB]\n"
TIMED_OUT = 124
_WHY = {
    "memory": "\n[greenroom: ended for want of memory]\n",
    "processes": "\n[greenroom: ended for starting too many processes]\n",
    "disk": "\n[greenroom: ended for filling its disk]\n",
}


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    exit_code: int
    output: str
    was_cancelled: bool = False


class Said:
    """What a command says, up to the most that is kept."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._room = LARGEST_OUTPUT
        self._is_cut = False

    def hear(self, piece: str) -> str:
        """Take a piece and return what of it is kept; what is too much is dropped."""
        data = piece.encode("utf-8", "replace")
        if self._room > 0 and len(data) > self._room:
            piece = codecs.getincrementaldecoder("utf-8")("ignore").decode(data[: self._room])
        kept = piece if self._room > 0 else ""
        if len(data) > self._room and not self._is_cut:
            self._is_cut = True
            kept += CUT
        self._pieces.append(kept)
        self._room = max(0, self._room - len(data))
        return kept

    @property
    def text(self) -> str:
        return "".join(self._pieces)


def run_command(
    environment: Environment,
    command: str | Sequence[str],
    *,
    seconds: int,
    cancelled: Callable[[], bool],
    secrets: dict[str, str],
    read_only: Sequence[Path] = (),
    heard: Callable[[str], None] = lambda _: None,
) -> Ran:
    """Run a command to its end, and hand on what is heard of it; nothing that it started is left then."""
    said = Said()
    limits = replace(installation().instance_limits, seconds=seconds)
    task = environment.task_version.definition
    work = Work(
        command=command,
        folder=environment.folder,
        env={**variables(environment), **secrets, **_ways(environment)},
        limits=limits,
        read_only=read_only,
        outbound=task.network,
        allowed_hosts=[f"{each['host']}:{each['port']}" for each in _services(environment).values()],
        doors=_doors(environment) if task.private or not task.network else {},
        as_it_comes=True,
    )
    outcome = run(work, on_line=lambda piece: heard(said.hear(piece)), cancelled=cancelled)
    return _ran(outcome, said.text)


def _ran(outcome: Outcome, output: str) -> Ran:
    if outcome.ended == "timeout":
        return Ran(TIMED_OUT, output)
    return Ran(outcome.exit_code, output + _WHY.get(outcome.ended, ""), outcome.ended == "cancelled")


def variables(environment: Environment) -> dict[str, str]:
    """Return what everything in an environment finds: its inputs, and where its services are."""
    found = {f"INPUT_{name.upper()}": written(value) for name, value in environment.inputs.items()}
    for name, each in _services(environment).items():
        start = name.upper().replace("-", "_")
        found |= {f"{start}_{key.upper()}": str(each[key]) for key in ("url", "host", "port")}
    return found


def instruction_of(environment: Environment) -> str:
    """Return what is to be done in an environment, with its addresses and inputs; inputs go first."""
    found: dict[str, str] = {}
    for name, each in _services(environment).items():
        found |= {f"{name}_{key}": str(each[key]) for key in ("url", "host", "port")}
        found |= {f"{name}_url_{port}": url for port, url in dict(each["urls"]).items()}
    found |= {name: written(value) for name, value in environment.inputs.items()}
    return environment.task_version.definition.instruct(found)


def secrets_of(environment: Environment) -> dict[str, str]:
    """Return the secrets that an environment was given, by name."""
    wanted = set(environment.secret_ids)
    names = {each.name for each in variables_in(environment.project) if str(each.id) in wanted}
    values = variables_of(environment.project, Audience.PREVIEW)
    return {name: values[name] for name in names if name in values}


def run_file(
    environment: Environment,
    path: str,
    *,
    seconds: int,
    cancelled: Callable[[], bool],
    secrets: dict[str, str],
) -> Ran:
    """Run a script of the task as it was published: it lies where nothing in the environment can write."""
    version = environment.task_version
    content = version.task.repository.blob(version.commit_sha, path)
    aside = environment.scripts / token(8)
    aside.mkdir(mode=0o755, parents=True)
    try:
        script = aside / Path(path).name
        script.write_bytes(content)
        script.chmod(0o755)
        command = [str(script)] if content.startswith(b"#!") else ["/bin/sh", str(script)]
        return run_command(
            environment, command, seconds=seconds, cancelled=cancelled, secrets=secrets, read_only=[script]
        )
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _services(environment: Environment) -> dict[str, dict[str, Any]]:
    return environment.service_urls or {}


def _doors(environment: Environment) -> dict[tuple[str, int], Path]:
    return {
        (str(each["host"]), int(each["port"])): socket_path(environment.instance_of(name))
        for name, each in _services(environment).items()
    }


def _ways(environment: Environment) -> dict[str, str]:
    """Let what runs reach the services by the addresses that everybody else has."""
    if not _services(environment):
        return {}
    proxy = f"http://127.0.0.1:{PORT}"
    ways = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), proxy)
    return {**ways, "no_proxy": "", "NO_PROXY": ""}


def written(value: object) -> str:
    """Write the value of an input as a variable; what is no text is JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
