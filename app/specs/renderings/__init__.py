"""A document as it is read: by people, by coding agents, by programs, and drawn."""

from app.specs.renderings.bundle import pages_as_markdown, pages_as_zip
from app.specs.renderings.drawing import architecture_svg, user_flow_svg
from app.specs.renderings.grammar import GrammarError, read_milestones, write_milestones
from app.specs.renderings.links import deep_links
from app.specs.renderings.markdown import as_plain_markdown, for_agents, for_people
from app.specs.renderings.structures import agent_structure, graph_structure, human_structure

__all__ = [
    "GrammarError",
    "agent_structure",
    "architecture_svg",
    "as_plain_markdown",
    "deep_links",
    "for_agents",
    "for_people",
    "graph_structure",
    "human_structure",
    "pages_as_markdown",
    "pages_as_zip",
    "read_milestones",
    "user_flow_svg",
    "write_milestones",
]
