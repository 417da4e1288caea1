"""The graphs of a document, drawn as SVG: classes for pages, plain colours for a file of its own."""

from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from app.core.gherkin import one_line
from app.specs.document import Document, Graph, Node

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _EDGE = 190, 56, 60, 18, 16
_LINE_LENGTH, _MOST_LINES = 26, 2
_COLUMNS = {"frontend": 0, "api-services": 1, "databases": 2, "external-services": 2}


def architecture_svg(document: Document, *, title: str) -> str:
    """Draw what it is made of, from what people see to what keeps the data."""
    return _draw(document.architecture, lambda node: _COLUMNS[node.type or "frontend"], title)


def user_flow_svg(document: Document, *, title: str) -> str:
    """Draw what people do, from where they begin."""
    return _draw(document.user_flow, lambda node: node.level or 0, title)


def _draw(graph: Graph, column_of: Callable[[Node], int], title: str) -> str:
    used = sorted({column_of(node) for node in graph.nodes})
    rows: dict[int, int] = {}
    places: dict[str, tuple[int, int]] = {}
    for node in graph.nodes:
        column = used.index(column_of(node))
        row = rows[column] = rows.get(column, -1) + 1
        places[node.id] = (_EDGE + column * (_WIDTH + _GAP_X), _EDGE + row * (_HEIGHT + _GAP_Y))
    width = 2 * _EDGE + max(1, len(used)) * (_WIDTH + _GAP_X) - _GAP_X
    height = 2 * _EDGE + (max(rows.values(), default=0) + 1) * (_HEIGHT + _GAP_Y) - _GAP_Y
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(title)}>'
    )
    edges = "".join(_edge(places[edge.source], places[edge.target]) for edge in graph.edges)
    nodes = "".join(_node(node, *places[node.id]) for node in graph.nodes)
    return f"{head}{edges}{nodes}</svg>"


def _edge(source: tuple[int, int], target: tuple[int, int]) -> str:
    left, right = sorted((source, target))
    y1, y2 = left[1] + _HEIGHT // 2, right[1] + _HEIGHT // 2
    x1, x2 = left[0] + _WIDTH, right[0]
    if left[0] == right[0]:  # below each other: around the side
        x1, x2, bend = left[0], left[0], left[0] - _EDGE + 2
    else:
        bend = (x1 + x2) // 2
    path = f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"
    return f'<path class="graph__edge" d="{path}" fill="none" stroke="#868f88" stroke-width="1.5"/>'


def _node(node: Node, x: int, y: int) -> str:
    lines = _lines(node.label)
    first = y + _HEIGHT / 2 - (len(lines) - 1) * 8 + 4
    text = "".join(
        f'<tspan x="{x + _WIDTH / 2:g}" y="{first + place * 16:g}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    return (
        f'<g class="graph__node graph__node--{node.type or "step"}"><title>{escape(node.label)}</title>'
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="#eff1ed" stroke="#868f88"/>'
        f'<text text-anchor="middle" font-family="sans-serif" font-size="13" fill="#18201b">{text}</text></g>'
    )


def _lines(label: str) -> list[str]:
    """Break a label into the few lines that a box holds."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LINE_LENGTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], " ".join(lines[_MOST_LINES - 1 :])]
    return [one_line(line, _LINE_LENGTH + 2) for line in lines]
