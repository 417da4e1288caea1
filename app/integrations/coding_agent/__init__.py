"""Who makes a change: the port, and the agents that need no account and no model."""

from app.integrations.coding_agent.assignment import (
    Assignment,
    AttachedFile,
    Change,
    CodingAgent,
    attached,
    prompt_of,
)
from app.integrations.coding_agent.outline import Outline
from app.integrations.coding_agent.person import Person, instructions

__all__ = [
    "Assignment",
    "AttachedFile",
    "Change",
    "CodingAgent",
    "Outline",
    "Person",
    "agents",
    "attached",
    "instructions",
    "prompt_of",
]


def agents() -> dict[str, CodingAgent]:
    """The agents that can be chosen, by name, the one without any condition first."""
    return {agent.name: agent for agent in (Outline(), Person())}
