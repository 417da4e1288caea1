"""The files of a branch that people's words may stand in, and what stands in them."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from app.integrations.coding_agent.touch_up.markup import markup_spots
from app.integrations.coding_agent.touch_up.prose import prose_spots
from app.integrations.coding_agent.touch_up.sheets import sheet_spots
from app.integrations.coding_agent.touch_up.spots import Spot
from app.integrations.coding_agent.touch_up.strings import json_spots, python_spots, script_spots

_LARGEST = 200_000
_LONGEST_LINE = 2_000
_MOST_FILES = 4_000
_FOLDERS = frozenset(
    {
        *("node_modules", "bower_components", "vendor", "third_party", "site-packages", "__pycache__"),
        *("venv", "env", "dist", "build", "out", "target", "coverage", "migrations", "__snapshots__"),
        *("test", "tests", "__tests__", "spec", "specs", "e2e", "cypress", "fixtures"),
    }
)
_FILES = re.compile(
    r"(^|/)(package(-lock)?\.json|[tj]sconfig[^/]*\.json|composer\.(json|lock)|npm-shrinkwrap\.json"
    r"|(readme|changelog|license|contributing)[^/]*|[^/]*\.min\.[^/]*|[^/]*[.-]bundle\.[^/]*"
    r"|[^/]*\.(test|spec|stories|config)\.[^/]*|[^/]*lock[^/]*\.json|conftest\.py|setup\.py|test_[^/]*\.py)$"
    r"|(^|/)docs/requests/|(^|/)requests/\d+-[^/]*\.html$|(^|/)\.",
    re.IGNORECASE,
)
_IS_DENSE = frozenset({".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".css", ".json"})


def _script(source: str) -> Iterator[Spot]:
    return script_spots(source, jsx=True)


def _typed(source: str) -> Iterator[Spot]:
    return script_spots(source, jsx=False)


def _curly(source: str) -> Iterator[Spot]:
    return markup_spots(source, curly=True)


_READERS: dict[str, Callable[[str], Iterator[Spot]]] = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".svg", ".vue", ".ejs", ".erb"), markup_spots),
    **dict.fromkeys(
        (".jinja", ".jinja2", ".j2", ".njk", ".liquid", ".twig", ".hbs", ".mustache"), markup_spots
    ),
    **dict.fromkeys((".svelte", ".astro"), _curly),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".tsx"), _script),
    ".ts": _typed,
    **dict.fromkeys((".json", ".webmanifest"), json_spots),
    **dict.fromkeys((".md", ".markdown", ".mdx"), prose_spots),
    **dict.fromkeys((".css", ".scss", ".less"), sheet_spots),
    ".py": python_spots,
}


class Sources:
    """The sources of one commit, each read once and only when it may matter."""

    def __init__(self, files: list[str], read: Callable[[str], bytes]) -> None:
        self.read = read
        self.files = files
        self.paths = [path for path in files if is_source(path)][:_MOST_FILES]
        self._texts: dict[str, str | None] = {}
        self._spots: dict[str, list[Spot]] = {}

    def text(self, path: str) -> str | None:
        """Return a file as text; None where it is none, too large, or made by a machine."""
        if path not in self._texts:
            self._texts[path] = _text(path, self.read(path))
        return self._texts[path]

    def spots(self, path: str) -> list[Spot]:
        if path not in self._spots:
            text = self.text(path)
            self._spots[path] = list(spots_of(path, text)) if text else []
        return self._spots[path]

    def holding(self, words: str) -> Iterator[str]:
        """Yield the files in which words of plain letters occur at all."""
        for path in self.paths:
            text = self.text(path)
            if text and words in text:
                yield path

    def changed(self, texts: dict[str, str]) -> "Sources":
        """Return the sources as they are once some files read otherwise."""
        made = Sources(self.files, self.read)
        made._texts = {**self._texts, **texts}
        made._spots = {path: spots for path, spots in self._spots.items() if path not in texts}
        return made


def spots_of(path: str, text: str) -> Iterator[Spot]:
    """Read what stands in a file of a kind that we know."""
    return _READERS[PurePosixPath(path).suffix.lower()](text)


def is_source(path: str) -> bool:
    """Tell whether people write this file by hand and others see what is in it."""
    parts = PurePosixPath(path)
    if parts.suffix.lower() not in _READERS or _FILES.search(path):
        return False
    return not _FOLDERS & {part.lower() for part in parts.parts[:-1]}


def _text(path: str, data: bytes) -> str | None:
    if len(data) > _LARGEST or b"\0" in data:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    dense = PurePosixPath(path).suffix.lower() in _IS_DENSE
    if dense and any(len(line) > _LONGEST_LINE for line in text.splitlines()):
        return None
    return text
