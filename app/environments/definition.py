"""What task.yaml says: read, checked, and every fault with the line it stands on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from app.core.errors import Fault, Invalid
from app.engine.repositories.paths import fault_of

NAME = "task.yaml"
_LARGEST = 256 * 1024
_DEEPEST = 20
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_OF_A_SERVICE = ("url", "host", "port")

_TASK = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_SEMVER = r"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-[0-9A-Za-z.-]{1,40})?$"
_SERVICE = r"^[a-z][a-z0-9_-]{0,29}$"
_WORD = r"^[A-Za-z_][A-Za-z0-9_]*$"
_HASH = r"^sha256:[0-9a-fA-F]{64}$"
_HEALTH = r"^/\S*$"
_WRITTEN = {
    _TASK: "small letters, digits and single dashes, such as find-the-bug",
    _SEMVER: "three numbers, such as 1.4.0",
    _SERVICE: "a small letter, then small letters, digits, - and _, 30 at most",
    _WORD: "a letter or _, then letters, digits and _",
    _HASH: "sha256: and the 64 hexadecimal digits of the flag's SHA-256",
    _HEALTH: "a path that begins with /, such as /healthz",
}

TaskName = Annotated[str, StringConstraints(pattern=_TASK, max_length=60)]
Semver = Annotated[str, StringConstraints(pattern=_SEMVER, max_length=80)]
ServiceName = Annotated[str, StringConstraints(pattern=_SERVICE)]
Word = Annotated[str, StringConstraints(pattern=_WORD, max_length=60)]


def _inside(path: str) -> str:
    fault = fault_of(path)
    if fault:
        raise ValueError(f"{path} cannot be a file of the task: {fault}")
    return path


Place = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_inside)]
Port = Annotated[int, Field(ge=1, le=65535)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Method(StrEnum):
    """How it is found out whether a task was done."""

    SCRIPT = "script"
    FLAG = "flag"
    OUTCOME_JUDGE = "outcome_judge"
    SCRIPT_AND_JUDGE = "script_and_judge"
    FLAG_AND_JUDGE = "flag_and_judge"


class Where(StrEnum):
    """Where a verification runs."""

    ENVIRONMENT = "environment"
    AGENT = "agent"


class Verification(_Part):
    """How it is found out: by a script that ends with 0, or by a flag that was found."""

    method: Method
    script: Place | None = None
    where: Where = Where.ENVIRONMENT
    timeout: Annotated[int, Field(ge=1, le=600)] = 30
    hash: Annotated[str, StringConstraints(pattern=_HASH)] | None = None
    value: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    path: Place | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if "script" in self.method and self.script is None:
            raise ValueError("name the script that is run: `script: verify.sh`")
        if "flag" in self.method and self.hash is None and self.value is None:
            raise ValueError("say which flag is right: `hash: sha256:…`, or `value`")
        return self

    @property
    def is_found_out_here(self) -> bool:
        """Tell whether anything of it is; what a judge says is found out elsewhere."""
        return self.method is not Method.OUTCOME_JUDGE


class Script(_Part):
    """A script of the task, and how many seconds it may take."""

    script: Place
    timeout: Annotated[int, Field(ge=1, le=1800)] = 120


class Service(_Part):
    """Something that listens; without a command it is found out from the task's files."""

    command: Line | None = None
    port: Port = 8080
    env: dict[Word, str | int | float | bool] = Field(default_factory=dict)
    health: Annotated[str, StringConstraints(pattern=_HEALTH, max_length=200)] = "/"


class Input(_Part):
    """Something that whoever makes an environment may say."""

    description: str = ""
    default: str | int | float | bool | None = None
    required: bool = False


class Definition(_Part):
    """A task, as its task.yaml says it."""

    name: TaskName
    version: Semver
    description: Annotated[str, StringConstraints(max_length=2_000)] = ""
    tags: list[Annotated[str, StringConstraints(max_length=60)]] = Field(default_factory=list)
    instruction: Annotated[str, StringConstraints(max_length=100_000)] = ""
    inputs: dict[Word, Input | None] = Field(default_factory=dict)
    ports: dict[ServiceName, list[Port]] = Field(default_factory=dict)
    services: dict[ServiceName, Service | None] = Field(default_factory=dict)
    private: bool = False
    network: bool = True
    warm: Annotated[int, Field(ge=0, le=5)] = 0
    build: Line | None = None
    provision: Script | None = None
    teardown: Script | None = None
    verification: Verification | None = None
    solution: Place | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name, ports in self.ports.items():
            if name not in self.services:
                raise ValueError(f"`ports` names {name}, but `services` has none of this name")
            if ports != [self.service(name).port]:
                raise ValueError(
                    f"`ports` says {ports} for {name}, but the service listens on {self.service(name).port}; "
                    "a service has one port here"
                )
        unsaid = [name for name in self.services if self.service(name).command is None]
        if len(unsaid) > 1:
            raise ValueError(f"only one service can be found out from the files, not {' and '.join(unsaid)}")
        return self

    def service(self, name: str) -> Service:
        """Return what is said of a service."""
        return self.services[name] or Service()

    @property
    def known_inputs(self) -> dict[str, Input]:
        """Return what may be said: what is declared, and what the instruction asks for."""
        found = {name: Input() for name in _PLACEHOLDER.findall(self.instruction)}
        declared = {name: said or Input() for name, said in self.inputs.items()}
        return {name: said for name, said in {**found, **declared}.items() if not self._is_address(name)}

    def instruct(self, values: Mapping[str, str]) -> str:
        """Return the instruction with these values in their places, as clients fill it in; others stay."""
        return _PLACEHOLDER.sub(lambda place: values.get(place[1], place[0]), self.instruction)

    def _is_address(self, name: str) -> bool:
        """Tell whether a placeholder stands for the address of a service."""
        return any(
            name == f"{service}_{part}" or name.startswith(f"{service}_url_")
            for service in self.services
            for part in _OF_A_SERVICE
        )

    @property
    def kept_back(self) -> set[str]:
        """Return the files that nobody who works on the task may see."""
        hidden = {NAME, self.solution, self.verification.script if self.verification else None}
        return {path for path in hidden if path}

    @property
    def scripts(self) -> dict[str, str]:
        """Return the files that it names, by what names them."""
        named = {
            "provision.script": self.provision.script if self.provision else None,
            "teardown.script": self.teardown.script if self.teardown else None,
            "verification.script": self.verification.script if self.verification else None,
            "solution": self.solution,
        }
        return {name: path for name, path in named.items() if path}


def read(files: Mapping[str, bytes]) -> Definition:
    """Read a task's definition from its files; Invalid names each line that does not hold."""
    if NAME not in files:
        raise _refused([(None, [], f"There is no {NAME} at the top of what was sent.", "missing")])
    root, data = _parse(files[NAME])
    try:
        made = Definition.model_validate(data)
    except ValidationError as trouble:
        found = [
            (_line_of(root, fault["loc"]), list(fault["loc"]), _words(fault), fault["type"])
            for fault in trouble.errors(include_url=False)
        ]
        raise _refused(found) from None
    absent = [
        (
            _line_of(root, tuple(name.split("."))),
            [*name.split(".")],
            f"{path} is not among the files",
            "missing",
        )
        for name, path in made.scripts.items()
        if path not in files
    ]
    if absent:
        raise _refused(absent)
    return made


def _parse(content: bytes) -> tuple[yaml.Node, Any]:
    if len(content) > _LARGEST:
        raise _refused([(None, [], f"{NAME} is larger than {_LARGEST // 1024} KiB", "too_long")])
    try:
        text = content.decode()
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1
                raise _refused([(line, [], "aliases (*name) are not read here; write it out", "alias")])
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None or _depth(root) > _DEEPEST:
            raise _refused([(1, [], "it is empty, or nested too deeply", "yaml")])
        return root, yaml.safe_load(text)
    except yaml.YAMLError as trouble:
        mark = getattr(trouble, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        said = getattr(trouble, "problem", None) or "it cannot be read"
        raise _refused([(line, [], f"it is not valid YAML: {said}", "yaml")]) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise _refused([(None, [], "it is not valid YAML in UTF-8", "yaml")]) from None


def _depth(node: yaml.Node) -> int:
    if isinstance(node, yaml.MappingNode):
        return 1 + max((_depth(value) for _, value in node.value), default=0)
    if isinstance(node, yaml.SequenceNode):
        return 1 + max((_depth(value) for value in node.value), default=0)
    return 1


def _line_of(root: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """Return the line of what a fault is about: the deepest part of its place that is there."""
    node, line = root, root.start_mark.line
    for part in loc:
        found = next(_below(node, part), None)
        if found is None:
            break
        line, node = found
    return int(line) + 1


def _below(node: yaml.Node, part: int | str) -> Iterator[tuple[int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                yield key.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        yield node.value[part].start_mark.line, node.value[part]


def _words(fault: Any) -> str:
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    match fault["type"]:
        case "missing":
            return f"{name} is missing"
        case "extra_forbidden":
            return f"{name} is not known here"
        case "string_pattern_mismatch":
            return f"{name} has to be {_WRITTEN[fault['ctx']['pattern']]}"
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{name}: {said}" if name else said


def _refused(faults: Sequence[tuple[int | None, Sequence[int | str], str, str]]) -> Invalid:
    errors: list[Fault] = [
        {
            "loc": ["body", NAME, *loc],
            "msg": f"Line {line}: {said}." if line is not None else f"{said.rstrip('.')}.",
            "type": kind,
        }
        for line, loc, said, kind in faults
    ]
    return Invalid(f"{NAME} does not hold. {errors[0]['msg']}", errors=errors)
