"""greenroom.toml: what the repository itself says about how it is built and started."""

import re
import tomllib
from dataclasses import dataclass, field
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


def read(tree: Tree) -> Config | None:
    """Read and check greenroom.toml at the top of the repository."""
    if not tree.has(NAME):
        return None
    return _Reader(tree.text(NAME)).config()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        try:
            self._data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            line = int(place[1]) if place else text.count("\n") + 1
            what = re.sub(r"\s*\(at [^)]*\)", "", str(error)).rstrip(".")
            self._fail(line, f"it is not valid TOML: {what[0].lower()}{what[1:]}")
        except RecursionError:
            self._fail(1, "it is nested too deeply")

    def config(self) -> Config:
        top = self._table("", self._data)
        build = self._table("build", top.get("build", {}))
        run = self._table("run", top.get("run", {}))
        preview = self._table("preview", top.get("preview", {}))
        port = run.get("port")
        if port is not None and not 0 < port <= _HIGHEST_PORT:
            self._fail(
                self._line_of("run", "port"), f"port is {port}; a port is a number from 1 to {_HIGHEST_PORT}"
            )
        health = run.get("health")
        if health is not None and not health.startswith("/"):
            self._fail(self._line_of("run", "health"), 'health is a path on the app, such as "/healthz"')
        idle = preview.get("idle")
        if idle is not None and idle < 1:
            self._fail(self._line_of("preview", "idle"), "idle is a number of seconds, at least 1")
        return Config(
            root=self._folder("", "root", top.get("root")) or "",
            install=build.get("install"),
            build=build.get("command"),
            output=self._folder("build", "output", build.get("output")),
            spa=build.get("spa"),
            run=run.get("command"),
            port=port,
            health=health,
            env=self._env(preview.get("env", {})),
            seed=preview.get("seed"),
            idle=idle,
        )

    def _table(self, section: str, values: dict[str, Any]) -> dict[str, Any]:
        known = _KEYS[section]
        where = f"[{section}]" if section else "the file"
        for key, value in values.items():
            if key not in known:
                choices = ", ".join(known)
                self._fail(self._line_of(section, key), f"{key} is not known in {where}; known are {choices}")
            if type(value) not in known[key]:
                words = _WORDS[known[key][0]]
                self._fail(self._line_of(section, key), f"{key} must be {words}")
            if value == "":
                self._fail(self._line_of(section, key), f"{key} is empty; leave the line out instead")
        return values

    def _folder(self, section: str, key: str, value: str | None) -> str | None:
        if value is None:
            return None
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts or "\0" in value:
            self._fail(
                self._line_of(section, key), f'{key} must be a folder inside the repository, not "{value}"'
            )
        return str(path) if str(path) != "." or section else ""

    def _env(self, values: dict[str, Any]) -> dict[str, str]:
        found = {}
        for name, value in values.items():
            if not _ENV_NAME.fullmatch(name):
                self._fail(self._line_of("preview", name), f'"{name}" cannot be the name of a variable')
            if isinstance(value, bool):
                found[name] = str(value).lower()
            elif isinstance(value, str | int | float):
                found[name] = str(value)
            else:
                self._fail(self._line_of("preview", name), f"the variable {name} must be a text or a number")
            if "\0" in found[name]:
                self._fail(self._line_of("preview", name), f"the variable {name} holds a zero byte")
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

    def _fail(self, line: int, what: str) -> NoReturn:
        lines = self._text.splitlines()
        shown = [f"{NAME}:{line}: {lines[line - 1].strip()}"] if 0 < line <= len(lines) else []
        raise Failed(
            "bad_config",
            f"{NAME}, line {line}: {what}.",
            f"Correct line {line} of {NAME} and push again.",
            shown,
        )
