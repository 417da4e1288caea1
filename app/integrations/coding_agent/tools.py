"""What an agent that is a program needs beside its assignment."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from app.core.installation import Limits
from app.engine.workbench import Workbench
from app.integrations.coding_agent.command_line import CommandLine


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Its command and variables, a bench to work on, and where its lines go."""

    command: CommandLine
    bench: Callable[[], AbstractContextManager[Workbench]]
    on_line: Callable[[str], None]
    limits: Limits
    env: Mapping[str, str] = field(default_factory=dict)
    shown: Sequence[Path] = ()
