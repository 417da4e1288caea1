"""Lines by which the usual tools give a cause away, and what to say about each."""
# ruff: noqa: E501 - a pattern is read best on one line

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """A line that gives a cause away: the code, the sentence and the way out, from what it matched."""

    pattern: re.Pattern[str]
    code: str | None
    message: Callable[[re.Match[str]], str]
    suggestion: str


def _sign(pattern: str, message: str, suggestion: str, *, code: str | None = None) -> Sign:
    def say(match: re.Match[str]) -> str:
        groups = {key: value or "" for key, value in match.groupdict().items()}
        return message.format(**groups)

    return Sign(re.compile(pattern), code, say, suggestion)


SIGNS = [
    _sign(
        r"JavaScript heap out of memory|MemoryError|Cannot allocate memory|ENOMEM\b",
        "It ran out of memory.",
        "Make the build smaller, or have GREENROOM_BUILD_MEMORY_MB raised on this server.",
        code="out_of_memory",
    ),
    _sign(
        r"No space left on device|ENOSPC\b|File too large|EFBIG\b|Disk quota exceeded",
        "It wrote more than there is room for.",
        "Write less while building; large files do not belong into a preview.",
        code="disk_full",
    ),
    _sign(
        r"Cannot fork|fork: retry|Resource temporarily unavailable|can't start new thread|\bEAGAIN\b",
        "It wanted more processes than it may have.",
        "Lower the number of parallel workers.",
        code="too_many_processes",
    ),
    _sign(
        r"The network refused (?P<host>\S+?): ",
        "It wanted to reach {host}, which is closed from here.",
        "Only public addresses are reached while building, at ports 80 and 443.",
    ),
    _sign(
        r"KeyError: '(?P<name>[A-Z][A-Z0-9_]{2,})'|(?:environment variable|env(?:ironment)? var)[^A-Z]{0,20}(?P<other>[A-Z][A-Z0-9_]{2,})",
        "The variable {name}{other} is not set.",
        "Set it in the project's preview variables, or under [preview.env] in greenroom.toml.",
        code="missing_variable",
    ),
    _sign(
        r"can only install packages when your package\.json and package-lock\.json .*are in sync|ERR_PNPM_OUTDATED_LOCKFILE",
        "package.json and its lockfile do not agree.",
        "Run the install on your computer, commit the lockfile and push again.",
    ),
    _sign(
        r"\bERESOLVE\b",
        "Two packages want versions of a third that do not fit together.",
        "Align the versions in package.json and push again.",
    ),
    _sign(
        r"No matching distribution found for (?P<name>[^\s(]+)|Because (?P<other>[\w.-]+) was not found in the package registry|Because there is no version of (?P<third>\S+)",
        "There is no package {name}{other}{third} for this Python.",
        "Check its name and version in the requirements.",
    ),
    _sign(
        r"'(?P<name>(?:@[\w.-]+/)?[\w.-]+)@[^']*' (?:is not in th(?:e npm|is) registry|could not be found)",
        "There is no npm package {name}.",
        "Check its name in package.json.",
    ),
    _sign(
        r"No matching version found for (?P<name>\S+?)\.?$",
        "There is no version {name}.",
        "Check the version in package.json.",
    ),
    _sign(
        r"(?:ENOTFOUND|Could not resolve host|Name or service not known|Temporary failure in name resolution|EAI_AGAIN)",
        "A package registry could not be reached.",
        "Check that this server reaches the internet, then try again.",
    ),
    _sign(
        r"failed to resolve import [\"'](?P<name>[^\"']+)[\"'](?: from [\"'](?P<file>[^\"']+)[\"'])?|Could not resolve [\"'](?P<other>[^\"']+)[\"']",
        "The import {name}{other} leads nowhere.",
        "Add the missing file or package and push again.",
    ),
    _sign(
        r"No module named '(?P<name>[\w.]+)'",
        "The Python module {name} is not there.",
        "Add the package to the requirements, or the file to the repository.",
    ),
    _sign(
        r"Cannot find (?:module|package) '(?P<name>[^']+)'",
        "The module {name} is not there.",
        "Add it to package.json, or the file to the repository.",
    ),
    _sign(
        r"[Mm]issing script: [\"']?(?P<name>[\w:-]+)",
        "package.json has no script {name}.",
        "Add the script, or name another command in greenroom.toml.",
    ),
    _sign(
        r"(?:sh: \d+: |line \d+: |^)(?P<name>[\w./-]+): (?:command )?not found",
        "The command {name} is not there.",
        "Name a package that brings it along, or another command in greenroom.toml.",
    ),
    _sign(
        r"SyntaxError: (?P<what>.+)",
        "The code has a syntax error: {what}.",
        "Correct the place that the lines below name.",
    ),
]
