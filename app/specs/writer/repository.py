"""What a repository is built with, from the files that say so."""

import json
import re
from collections.abc import Callable, Collection
from pathlib import PurePosixPath

from app.core.errors import DomainError
from app.specs.document import Technology
from app.specs.writer.words import TECHNOLOGY

_LISTS = ("package.json", "requirements.txt", "pyproject.toml", "Pipfile", "Gemfile", "composer.json")
_LANGUAGES = {".py": ("Python", "Backend"), ".html": ("HTML", "Frontend"), ".rb": ("Ruby", "Backend")}
_DEEPEST, _LARGEST = 2, 200_000


def technologies_in(files: Collection[str], read: Callable[[str], bytes]) -> list[Technology]:
    """Return what the lists of dependencies name and what the files are written in."""
    found: dict[str, Technology] = {}
    for path in sorted(files):
        place = PurePosixPath(path)
        if place.name in _LISTS and len(place.parts) <= _DEEPEST:
            for each in _named(place.name, path, read):
                found.setdefault(each.name, each)
        elif place.suffix in _LANGUAGES and len(place.parts) <= _DEEPEST:
            name, category = _LANGUAGES[place.suffix]
            found.setdefault(name, Technology(name=name, category=category, known_from=path))
    return list(found.values())


def _named(name: str, path: str, read: Callable[[str], bytes]) -> list[Technology]:
    try:
        text = read(path)[:_LARGEST].decode("utf-8", "replace")
    except DomainError:
        return []
    names = _packages(text) if name == "package.json" else set(re.findall(r"[a-z][a-z0-9._-]+", text.lower()))
    return [
        Technology(name=shown, category=category, known_from=path)
        for word, (shown, category) in TECHNOLOGY.items()
        if {word, word.replace(".js", ""), word.replace(" ", "-")} & names
    ]


def _packages(text: str) -> set[str]:
    try:
        said = json.loads(text)
        return {*said.get("dependencies", {}), *said.get("devDependencies", {})}
    except (ValueError, AttributeError, TypeError):
        return set()
