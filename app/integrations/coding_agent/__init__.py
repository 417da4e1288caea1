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
from app.integrations.coding_agent.edits import EVERYWHERE, Edit, Finding, Place
from app.integrations.coding_agent.outline import Outline
from app.integrations.coding_agent.person import Person, instructions
from app.integrations.coding_agent.presets import OWN, PRESETS, Preset
from app.integrations.coding_agent.tools import Tools
from app.integrations.coding_agent.touch_up import (
    LONGEST,
    TouchUp,
    criteria_of,
    findings_for,
    refusal_of,
    sentence_of,
    task_of,
)

__all__ = [
    "EVERYWHERE",
    "LONGEST",
    "OWN",
    "PRESETS",
    "Assignment",
    "AttachedFile",
    "Change",
    "CodingAgent",
    "Command",
    "CommandLine",
    "Edit",
    "Finding",
    "Outline",
    "Person",
    "Place",
    "Preset",
    "Tools",
    "TouchUp",
    "agents",
    "attached",
    "command_line",
    "criteria_of",
    "findings_for",
    "instructions",
    "label_of",
    "presets",
    "prompt_of",
    "refusal_of",
    "sentence_of",
    "task_of",
    "trouble_of",
]


def agents() -> dict[str, CodingAgent]:
    """The agents that can be chosen, by name, the one without any condition first."""
    return {agent.name: agent for agent in (Outline(), Person(), TouchUp(), Command())}
