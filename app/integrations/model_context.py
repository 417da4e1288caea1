"""The protocol by which agents in editors use tools, spoken by its official SDK, one request at a time.

The SDK takes memory, so it is loaded when somebody first asks.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from app.core.errors import DomainError

if TYPE_CHECKING:
    from mcp import types
    from mcp.server.lowlevel import Server

log = logging.getLogger(__name__)

_MESSAGES = ("http.response.start", "http.response.body")


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Something that an agent can do: what it takes, as a shape, and what does it."""

    name: str
    title: str
    takes: type[BaseModel]
    do: Callable[[Any], dict[str, Any]]
    writes: bool = False

    @property
    def description(self) -> str:
        return " ".join((self.do.__doc__ or self.title).split())


@dataclass(frozen=True)
class Asked:
    """One HTTP request of an agent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answered:
    """What it is answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def answer(asked: Asked, tools: Sequence[Tool], *, name: str, version: str, instructions: str) -> Answered:
    """Answer one request with JSON; nothing is remembered between two."""
    server = _server(tools, name=name, version=version, instructions=instructions)
    return asyncio.run(_handle(server, asked))


def _server(tools: Sequence[Tool], *, name: str, version: str, instructions: str) -> "Server[Any]":
    from mcp import types
    from mcp.server.lowlevel import Server

    by_name = {tool.name: tool for tool in tools}

    async def list_tools(_context: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in tools])

    async def call_tool(_context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = by_name.get(params.name)
        if tool is None:
            return _refused(f"There is no tool {params.name}. There are: {', '.join(by_name)}.")
        return _called(tool, params.arguments or {})

    return Server(
        name,
        version=version,
        instructions=instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(tool: Tool) -> "types.Tool":
    from mcp import types

    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(by_alias=True),
        annotations=types.ToolAnnotations(read_only_hint=not tool.writes, destructive_hint=False),
    )


def _called(tool: Tool, arguments: dict[str, Any]) -> "types.CallToolResult":
    """Do it; what a person could act on is told to the agent, a mistake of ours only that it was one."""
    from mcp import types

    try:
        made = tool.do(tool.takes.model_validate(arguments))
    except ValidationError as trouble:
        return _refused(
            "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in trouble.errors())
        )
    except DomainError as trouble:
        return _refused(" ".join(filter(None, [trouble.message, trouble.suggestion])))
    except Exception:
        log.exception("the tool %s broke", tool.name)
        return _refused("Greenroom itself made a mistake. Nothing that was confirmed is lost.")
    text = json.dumps(made, ensure_ascii=False, indent=1)
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=made)


def _refused(why: str) -> "types.CallToolResult":
    from mcp import types

    return types.CallToolResult(content=[types.TextContent(text=why)], is_error=True)


async def _handle(server: "Server[Any]", asked: Asked) -> Answered:
    """Hand the request to the SDK as the ASGI server that it expects would."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    manager = StreamableHTTPSessionManager(app=server, json_response=True, stateless=True)
    waiting = [{"type": "http.request", "body": asked.body, "more_body": False}]
    told: dict[str, Any] = {"status": 500, "headers": [], "body": b""}

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == _MESSAGES[0]:
            told.update(status=message["status"], headers=message.get("headers", []))
        elif message["type"] == _MESSAGES[1]:
            told["body"] += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in asked.headers.items()
        ],
    }
    async with manager.run():
        await manager.handle_request(scope, receive, send)
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in told["headers"]]
    return Answered(told["status"], headers, told["body"])
