"""Which address shows which template, where Python code says so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ROUTE = re.compile(r"""^\s*@[\w.]{1,60}\.(?:route|get)\(\s*["'](/[^"']{0,200})["']""")
_FUNCTION = re.compile(r"^\s*(?:async\s+)?def\s+(\w{1,80})")
_TEMPLATE = re.compile(
    r"""(?:render_template|TemplateResponse|render)\([^"']{0,80}["']([^"']{1,200}\.\w{1,10})["']"""
)


@dataclass(frozen=True)
class Route:
    path: str
    endpoint: str
    template: str
    file: str


def routes_in(file: str, source: str) -> Iterator[Route]:
    """The routes of one Python file that show a template."""
    path = endpoint = ""
    for line in (each[:500] for each in source.splitlines()):
        if (route := _ROUTE.match(line)) is not None:
            path, endpoint = route[1] if endpoint else path or route[1], ""
        elif (function := _FUNCTION.match(line)) is not None:
            endpoint = function[1] if path and not endpoint else ""
            path = path if endpoint else ""
        elif endpoint and (template := _TEMPLATE.search(line)) is not None:
            yield Route(path, endpoint, template[1], file)
            path = endpoint = ""
