"""greenroom.toml: what the repository itself says about how it is built and started."""

import re
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any, NoReturn

from app.core.errors import Failed
from app.engine.plans.tree import Tree

NAME = "greenroom.toml"
EXAMPLE = """[build]
install = "npm ci"
command = "npm run build"
output = "dist"        # a folder that is served as it is

[run]                  # or a command that listens on $PORT
command = "node server.js"
"""

_TEXT = (str,)
_KEYS: dict[str, dict[str, tuple[type, ...]]] = {
    "": {"root": _TEXT, "build": (dict,), "run": (dict,), "preview": (dict,)},
    "build": {"install": _TEXT, "command": _TEXT, "output": _TEXT, "spa": (bool,)},
    "run": {"command": _TEXT, "port": (int,), "health": _TEXT},
    "preview": {"env": (dict,), "seed": _TEXT, "idle": (int,)},
}
_DOES = {
    "root": ("root", "The folder of the app in the repository."),
    "install": ("build.install", "Run before the build, to fetch what the app depends on."),
    "build": ("build.command", "Run to make what is served or started."),
    "output": ("build.output", "The folder that is served as it is."),
    "spa": ("build.spa", "Whether addresses without a file are answered with index.html."),
    "run": ("run.command", "Started to serve the app; it listens on $PORT."),
    "port": ("run.port", "The port that the command listens on, where it does not heed $PORT."),
    "health": ("run.health", "The path that is asked until the app answers."),
    "env": ("preview.env", "A variable that previews find in their environment."),
    "seed": ("preview.seed", "Run before a preview starts, to give it data."),
    "idle": ("preview.idle", "After how many seconds without a visit a preview sleeps."),
}
_WORDS = {str: "a text in quotes", int: "a whole number", bool: "true or false", dict: "a table"}
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, kw_only=True)
class Config:
    """The checked contents of greenroom.toml; what is not said is None."""

    root: str = ""
    install: str | None = None
    build: str | None = None
    output: str | None = None
    spa: bool | None = None
    run: str | None = None
    port: int | None = None
    health: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    seed: str | None = None
    idle: int | None = None
    node: str | None = None  # only settings say it


@dataclass(frozen=True)
class Problem:
    """One thing in greenroom.toml that does not hold: the line, and what is wrong with it."""

    line: int
    what: str


@dataclass(frozen=True)
class Setting:
    """One thing that greenroom.toml says: its name as in `run.port`, the value, and what it does."""

    name: str
    value: str
    does: str


def read(tree: Tree) -> Config | None:
    """Read and check greenroom.toml at the top of the repository."""
    if not tree.has(NAME):
        return None
    reader = _Reader(tree.text(NAME))
    if reader.problems:
        reader.fail()
    return reader.config


def problems_in(text: str) -> list[Problem]:
    """Return everything in a greenroom.toml that does not hold, by line."""
    return sorted(_Reader(text).problems, key=lambda problem: problem.line)


def settings_in(text: str) -> list[Setting]:
    """Return what a greenroom.toml says and what each of it does; what does not hold is left out."""
    said = asdict(_Reader(text).config)
    found = []
    for field_name, (name, does) in _DOES.items():
        value = said[field_name]
        if isinstance(value, dict):
            found += [Setting(f"{name}.{key}", each, does) for key, each in value.items()]
        elif value not in {None, ""}:
            found.append(Setting(name, str(value).lower() if isinstance(value, bool) else str(value), does))
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self.problems: list[Problem] = []
        self.config = self._check(self._load(text))

    def _load(self, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            line = int(place[1]) if place else text.count("\n") + 1
            what = re.sub(r"\s*\(at [^)]*\)", "", str(error)).rstrip(".")
            self._note(line, f"it is not valid TOML: {what[0].lower()}{what[1:]}")
        except RecursionError:
            self._note(1, "it is nested too deeply")
        return {}

    def _check(self, data: dict[str, Any]) -> Config:
        top = self._table("", data)
        build = self._table("build", top.get("build", {}))
        run = self._table("run", top.get("run", {}))
        preview = self._table("preview", top.get("preview", {}))
        if not 0 < run.get("port", 1) <= _HIGHEST_PORT:
            what = f"port is {run.pop('port')}; a port is a number from 1 to {_HIGHEST_PORT}"
            self._note(self._line_of("run", "port"), what)
        if not run.get("health", "/").startswith("/"):
            self._note(self._line_of("run", "health"), 'health is a path on the app, such as "/healthz"')
            del run["health"]
        if preview.get("idle", 1) < 1:
            self._note(self._line_of("preview", "idle"), "idle is a number of seconds, at least 1")
            del preview["idle"]
        return Config(
            root=self._folder("", "root", top.get("root")) or "",
            install=build.get("install"),
            build=build.get("command"),
            output=self._folder("build", "output", build.get("output")),
            spa=build.get("spa"),
            run=run.get("command"),
            port=run.get("port"),
            health=run.get("health"),
            env=self._env(preview.get("env", {})),
            seed=preview.get("seed"),
            idle=preview.get("idle"),
        )

    def _table(self, section: str, values: dict[str, Any]) -> dict[str, Any]:
        known = _KEYS[section]
        where = f"[{section}]" if section else "the file"
        good = {}
        for key, value in values.items():
            if key not in known:
                choices = ", ".join(known)
                self._note(self._line_of(section, key), f"{key} is not known in {where}; known are {choices}")
            elif type(value) not in known[key]:
                words = _WORDS[known[key][0]]
                self._note(self._line_of(section, key), f"{key} must be {words}")
            elif value == "":
                self._note(self._line_of(section, key), f"{key} is empty; leave the line out instead")
            else:
                good[key] = value
        return good

    def _folder(self, section: str, key: str, value: str | None) -> str | None:
        if value is None:
            return None
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts or "\0" in value:
            what = f'{key} must be a folder inside the repository, not "{value}"'
            self._note(self._line_of(section, key), what)
            return None
        return str(path) if str(path) != "." or section else ""

    def _env(self, values: dict[str, Any]) -> dict[str, str]:
        found = {}
        for name, value in values.items():
            line = self._line_of("preview", name)
            if not _ENV_NAME.fullmatch(name):
                self._note(line, f'"{name}" cannot be the name of a variable')
            elif not isinstance(value, str | int | float):
                self._note(line, f"the variable {name} must be a text or a number")
            elif "\0" in str(value):
                self._note(line, f"the variable {name} holds a zero byte")
            else:
                found[name] = str(value).lower() if isinstance(value, bool) else str(value)
        return found

    def _line_of(self, section: str, key: str) -> int:
        """Find the line a key stands on: within its section, or the section's own heading."""
        current, fallback = "", 1
        for number, line in enumerate(self._text.splitlines(), 1):
            heading = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
            if heading:
                current = heading[1].split(".")[0]
                if current == section:
                    fallback = number
                if heading[1].split(".")[-1].strip("\"'") == key:
                    return number
            elif current == section and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line):
                return number
            elif current == section and re.search(rf"""[{{,]\s*["']?{re.escape(key)}["']?\s*=""", line):
                fallback = number
        return fallback

    def _note(self, line: int, what: str) -> None:
        self.problems.append(Problem(line, what))

    def fail(self) -> NoReturn:
        """Say what was found first, and show every line that does not hold."""
        first, lines = self.problems[0], self._text.splitlines()
        shown = [
            f"{NAME}:{each.line}: {lines[each.line - 1].strip()}"
            for each in self.problems
            if 0 < each.line <= len(lines)
        ]
        raise Failed(
            "bad_config",
            f"{NAME}, line {first.line}: {first.what}.",
            f"Correct line {first.line} of {NAME} and push again.",
            shown,
        )
