"""The files of one commit, as far as a plan needs to look at them."""

import json
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from app.core.errors import Failed

_MOST_BYTES = 1_000_000


class Tree:
    """The files below `root` of a commit; texts are read when they are asked for."""

    def __init__(self, files: Iterable[str], read: Callable[[str], bytes], root: str = "") -> None:
        self.root = root.strip("/")
        self._read = read
        prefix = f"{self.root}/" if self.root else ""
        self._all = list(files)
        self.files = [name.removeprefix(prefix) for name in self._all if name.startswith(prefix)]
        self._texts: dict[str, str] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.files)

    def below(self, root: str) -> "Tree":
        """Return the part of the whole commit that lies in a folder."""
        return Tree(self._all, self._read, root)

    def has(self, *names: str) -> bool:
        return any(name in self.names for name in names)

    def first(self, *names: str) -> str | None:
        return next((name for name in names if name in self.names), None)

    def text(self, name: str) -> str:
        """Read a file as text; nothing where there is none."""
        if name not in self.names:
            return ""
        if name not in self._texts:
            path = f"{self.root}/{name}" if self.root else name
            self._texts[name] = self._read(path)[:_MOST_BYTES].decode("utf-8-sig", "replace")
        return self._texts[name]

    def json(self, name: str) -> dict[str, Any]:
        """Read a JSON object, or say where it is broken."""
        try:
            data = json.loads(self.text(name))
        except json.JSONDecodeError as error:
            what = f"line {error.lineno}, {error.msg[0].lower()}{error.msg[1:]}"
            raise Failed(
                "bad_config",
                f"{self.path(name)} is not valid JSON: {what}.",
                f"Correct line {error.lineno} of {self.path(name)} and push again.",
            ) from error
        except RecursionError as error:
            raise Failed("bad_config", f"{self.path(name)} is nested too deeply to be read.") from error
        if not isinstance(data, dict):
            raise Failed(
                "bad_config", f"{self.path(name)} holds no JSON object.", "It begins with { and ends with }."
            )
        return data

    def path(self, name: str) -> str:
        """Name a file as a person sees it in the repository."""
        return str(PurePosixPath(self.root, name)) if self.root else name

    def modules(self, *, deepest: int = 3) -> list[str]:
        """List Python files in the order in which an app's entry is likely to be found."""
        usual = ["app.py", "wsgi.py", "main.py", "application.py", "server.py", "run.py", "asgi.py"]
        skip = re.compile(
            r"(^|/)(tests?|docs?|examples?|migrations|node_modules|\.[^/]*|venv)(/|$)|(^|/)(test_|conftest|setup\.py)"
        )

        def rank(name: str) -> tuple[int, int, int, str]:
            parts = PurePosixPath(name).parts
            last = parts[-1]
            order = usual.index(last) if last in usual else len(usual) + (last != "__init__.py")
            return (len(parts) > 1, len(parts), order, name)

        found = [
            name
            for name in self.files
            if name.endswith(".py") and name.count("/") < deepest and not skip.search(name)
        ]
        return sorted(found, key=rank)[:200]
