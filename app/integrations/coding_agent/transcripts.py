"""What an agent writes for programs, as lines for people."""

import json
from collections.abc import Callable, Iterator
from typing import Any

Reader = Callable[[str], list[str]]
_LONGEST = 200
_TOLD = ("file_path", "path", "command", "pattern", "url", "description")


def as_it_is(line: str) -> list[str]:
    return [line]


def of_claude_code(line: str) -> list[str]:
    """Read one event of `--output-format stream-json`; what is none stays as it is."""
    try:
        event = json.loads(line)
    except ValueError:
        return [line]
    if not isinstance(event, dict):
        return [line]
    if event.get("type") == "assistant":
        return list(_said(event.get("message")))
    if event.get("type") == "result" and event.get("is_error"):
        return [str(event.get("result") or event.get("subtype") or "It ended with an error.")]
    return []


def _said(message: Any) -> Iterator[str]:
    content = message.get("content") if isinstance(message, dict) else None
    for part in content if isinstance(content, list) else []:
        if not isinstance(part, dict):
            continue
        if part.get("type") == "text":
            yield from str(part.get("text", "")).splitlines()
        elif part.get("type") == "tool_use":
            given = part.get("input")
            told = [str(given[name]) for name in _TOLD if name in given] if isinstance(given, dict) else []
            yield f"[{part.get('name')}] {' '.join(told[0].split())[:_LONGEST] if told else ''}".rstrip()
