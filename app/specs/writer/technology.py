"""What it is built with, and how it looks from above: only what the text and the repository say."""

import re
from collections.abc import Sequence

from app.specs.document import Edge, Graph, Milestone, Node, Story, Technology
from app.specs.writer import phrases
from app.specs.writer.port import Brief
from app.specs.writer.words import SERVICES, TECHNOLOGY

MOST_IN_FLOW = 40


def stack_of(brief: Brief) -> list[Technology]:
    """Return what the repository shows and the text names; what neither says is undecided."""
    text = f"{brief.text}\n{brief.context}"
    named = [
        Technology(name=name, category=category, known_from=phrases.FROM_TEXT)
        for word, (name, category) in TECHNOLOGY.items()
        if _has(text, word)
    ]
    known = {each.name.lower() for each in brief.stack}
    found = [*brief.stack, *(each for each in named if each.name.lower() not in known)]
    decided = {each.category for each in found}
    open_ones = [] if brief.stack else [each for each in phrases.CATEGORIES if each not in decided]
    return [*found, *(Technology(name=phrases.UNDECIDED, category=each) for each in open_ones)]


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE) is not None


def architecture_of(brief: Brief, stack: Sequence[Technology]) -> Graph:
    """Draw pages, server and database, and the services that the text names."""
    by_category = {"Frontend": "frontend", "Backend": "api-services", "Database": "databases"}
    names: dict[str, list[str]] = {}
    for each in stack:
        if each.category in by_category and each.name != phrases.UNDECIDED:
            names.setdefault(by_category[each.category], []).append(each.name)
    nodes = [
        Node.model_validate({"id": kind, "label": _labelled(label, names.get(kind, [])), "type": kind})
        for kind, label in phrases.BOXES.items()
    ]
    services = [name for word, name in SERVICES.items() if _has(brief.text, word)]
    outside = [
        Node(id=f"service-{place}", label=name, type="external-services")
        for place, name in enumerate(services, 1)
    ]
    edges = [
        Edge(source="frontend", target="api-services", description=phrases.ASKS),
        Edge(source="api-services", target="databases", description=phrases.KEEPS),
        *(Edge(source="api-services", target=node.id, description=phrases.CALLS) for node in outside),
    ]
    return Graph(nodes=[*nodes, *outside], edges=edges)


def _labelled(label: str, names: list[str]) -> str:
    return f"{label} ({', '.join(names)})" if names else label


def user_flow_of(milestones: Sequence[Milestone]) -> Graph:
    """Draw who begins, and what each of them does."""
    nodes = [Node(id="start", label=phrases.FLOW_START, level=0)]
    edges: list[Edge] = []
    for role, stories in _by_role(milestones).items():
        person = f"role-{len(nodes)}"
        nodes.append(Node(id=person, label=role, level=1))
        edges.append(Edge(source="start", target=person))
        for story in stories:
            if len(nodes) > MOST_IN_FLOW:
                break
            nodes.append(Node(id=story.id, label=story.title, level=2))
            edges.append(Edge(source=person, target=story.id))
    return Graph(nodes=nodes, edges=edges)


def _by_role(milestones: Sequence[Milestone]) -> dict[str, list[Story]]:
    found: dict[str, list[Story]] = {}
    for milestone in milestones:
        for story in milestone.stories if milestone.description != phrases.SET_UP_NAME else ():
            found.setdefault(story.role, []).append(story)
    return found
