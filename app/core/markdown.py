"""People's words put into Markdown of ours: as a block, as code or within a line, never as its structure."""

import re

from app.core.gherkin import one_line

_SIGNS = re.compile(r"([\\`*_\[\]<>#~|])")


def fenced(text: str, language: str = "text") -> str:
    """A block that nothing inside it can close, without what cannot be seen."""
    shown = "\n".join(_shown(line) for line in text.splitlines()).strip("\n")
    marks = "~" * (max((len(run) for run in re.findall(r"~{3,}", shown)), default=2) + 1)
    return f"{marks}{language}\n{shown}\n{marks}"


def code(text: str) -> str:
    """A name as inline code, whatever signs it has."""
    flat = one_line(text, 300)
    marks = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{marks}{space}{flat}{space}{marks}"


def plain(text: str, limit: int = 200) -> str:
    """Words within a line, with the signs of Markdown and HTML made harmless."""
    return _SIGNS.sub(r"\\\1", one_line(text, limit))


def _shown(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())].replace("\t", "    ")
    return " " * min(len(indent), 40) + one_line(line, 20_000)
