"""Who makes a change: the port, the agents that need no account and no model, and any that is a program."""

from app.integrations.coding_agent.assignment import (
    Assignment,
    AttachedFile,
    Change,
    CodingAgent,
    attached,
    prompt_of,
)
from app.integrations.coding_agent.command import Command
from app.integrations.coding_agent.command_line import (
    CommandLine,
    command_line,
    label_of,
    presets,
    trouble_of,
)
from app.integrations.coding_agent.outline import Outline
from app.integrations.coding_agent.person import Person, instructions
from app.integrations.coding_agent.presets import OWN, PRESETS, Preset
from app.integrations.coding_agent.tools import Tools

__all__ = [
    "OWN",
    "PRESETS",
    "Assignment",
    "AttachedFile",
    "Change",
    "CodingAgent",
    "Command",
    "CommandLine",
    "Outline",
    "Person",
    "Preset",
    "Tools",
    "agents",
    "attached",
    "command_line",
    "instructions",
    "label_of",
    "presets",
    "prompt_of",
    "trouble_of",
]


def agents() -> dict[str, CodingAgent]:
    """The agents that can be chosen, by name, the one without any condition first."""
    return {agent.name: agent for agent in (Outline(), Person(), Command())}
