"""The command of an agent, from a template: words and places to be filled, never a line for a shell."""

import re
import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from app.core.errors import Invalid
from app.engine.workbench import trouble_with
from app.integrations.coding_agent.presets import OWN, PRESETS
from app.integrations.coding_agent.transcripts import Reader, as_it_is

PLACES = ("prompt_file", "attachments_folder", "branch")
_PLACE = re.compile(r"\{([a-z_]+)\}")
_OF_SHELLS = {"|", "||", "&", "&&", ";", ">", ">>", "2>", "2>&1", "&>", "<<"}


@dataclass(frozen=True, kw_only=True)
class CommandLine:
    """A command to be run, and what is known of it."""

    label: str
    words: tuple[str, ...]
    reads_prompt: bool = False  # from its standard input
    env: dict[str, str] = field(default_factory=dict)
    leavings: tuple[str, ...] = ()
    reader: Reader = as_it_is
    install: str | None = None

    @property
    def program(self) -> str:
        return self.words[0]

    @property
    def is_in_repository(self) -> bool:
        return "/" in self.program and not self.program.startswith("/")

    def filled(self, places: dict[str, str]) -> list[str]:
        """Return the words with each place filled; what a person wrote is in files, none of it is a word."""
        return [_PLACE.sub(lambda found: places.get(found[1], found[0]), word) for word in self.words]


def presets() -> list[str]:
    """Return what can be chosen: the known agents, and a command of one's own."""
    return [*PRESETS, OWN]


def label_of(preset: str | None, template: str | None = None) -> str:
    """Return what an agent is called."""
    if preset in PRESETS:
        return PRESETS[preset].label
    words = (template or "").split()
    return PurePosixPath(words[0]).name if words else "A program"


def command_line(preset: str, template: str | None = None) -> CommandLine:
    """Return the command of a known agent, or that of a template; Invalid where it does not hold."""
    known = PRESETS.get(preset)
    if known is None and preset != OWN:
        raise Invalid.field(
            "preset", f"{preset!r} is not known. Choose from {', '.join(presets())}.", type="enum"
        )
    words, reads_prompt = _words(known.template if known else template or "")
    if known is None:
        return CommandLine(label=label_of(preset, template), words=words, reads_prompt=reads_prompt)
    return CommandLine(
        label=known.label,
        words=words,
        reads_prompt=reads_prompt,
        env=known.env,
        leavings=known.leavings,
        reader=known.reader,
        install=known.install,
    )


def _words(template: str) -> tuple[tuple[str, ...], bool]:
    """Split a template into words; `< {prompt_file}` at its end means the standard input."""
    try:
        words = shlex.split(template)
    except ValueError as error:
        raise _wrong("A quotation mark in the command is never closed.") from error
    reads_prompt = words[-2:] == ["<", "{prompt_file}"]
    if reads_prompt:
        words = words[:-2]
    if not words:
        raise _wrong("Write the command, for example: my-agent --prompt {prompt_file}")
    if any(word in _OF_SHELLS or word == "<" for word in words):
        raise _wrong(
            "The command runs without a shell, so it can hold no |, &&, ; or >. Put what needs one into a "
            "script, and name the script here."
        )
    strange = sorted({name for word in words for name in _PLACE.findall(word)} - set(PLACES))
    if strange:
        known = ", ".join(f"{{{name}}}" for name in PLACES)
        raise _wrong(f"{{{strange[0]}}} is not known. What can be filled in: {known}.")
    if not reads_prompt and not any("{prompt_file}" in word for word in words):
        raise _wrong(
            "The command does not say where it gets the prompt. Name {prompt_file}, or end with "
            "< {prompt_file} where it reads its input."
        )
    return tuple(words), reads_prompt


def _wrong(why: str) -> Invalid:
    return Invalid.field("command", why)


def trouble_of(command: CommandLine, files: Collection[str], shown: Sequence[Path]) -> str | None:
    """Say why a command cannot be run here and what to do; None where it can.

    `files` are the repository's own, `shown` the folders that this server shows beside the usual ones.
    """
    if command.is_in_repository:
        path = PurePosixPath(command.program).as_posix().removeprefix("./")
        return None if path in files else f"There is no file {path} in the repository. Push it first."
    trouble = trouble_with(command.program, shown)
    if trouble is None:
        return None
    how = f"Install it ({command.install})" if command.install else "Install it"
    return (
        f"{trouble} {how}; where it lies outside of /usr, name its folder in GREENROOM_AGENT_PATHS and start "
        "Greenroom anew."
    )
