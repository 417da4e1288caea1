"""The protocol's own client works with a real installation, over HTTP."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytestmark = pytest.mark.real


async def _walk(url: str, key: str, request_id: str) -> dict[str, Any]:
    from httpx2 import AsyncClient
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    headers = {"Authorization": f"Bearer {key}"}
    async with (
        AsyncClient(headers=headers, timeout=20, trust_env=False) as http,
        streamable_http_client(f"{url}/mcp", http_client=http) as streams,
        ClientSession(streams[0], streams[1]) as session,
    ):
        met = await session.initialize()
        tools = await session.list_tools()
        listed = await session.call_tool("list_requests", {"which": "open"})
        read = await session.call_tool("read_request", {"requestId": request_id})
        said = await session.call_tool(
            "comment_on_request", {"requestId": request_id, "text": "I take a look."}
        )
        missing = await session.call_tool(
            "read_request", {"requestId": "00000000-0000-0000-0000-000000000000"}
        )
    return {"met": met, "tools": tools, "listed": listed, "read": read, "said": said, "missing": missing}


def test_reads_a_request_and_says_something(installation):
    organization = installation.get("/api/users/me").data["organizations"][0]["id"]
    body = {"organizationId": organization, "name": "Site", "starter": "static"}
    project = installation.post("/api/admin/projects", body).data["id"]
    request = installation.post(f"/api/projects/{project}/requests", {"title": "Show opening hours"}).data

    with ThreadPoolExecutor(1) as apart:  # a browser of another journey may hold this thread's loop
        went = apart.submit(asyncio.run, _walk(installation.url, installation.key, request["id"])).result()

    assert went["met"].server_info.name == "greenroom"
    assert [tool.name for tool in went["tools"].tools] == [
        "list_requests",
        "read_request",
        "take_request",
        "comment_on_request",
        "mark_ready",
    ]
    assert went["listed"].structured_content["requests"][0]["title"] == "Show opening hours"
    assert json.loads(went["read"].content[0].text)["branch"] == "requests/1-show-opening-hours"
    assert not went["said"].is_error
    assert went["missing"].is_error
    feed = installation.get(f"/api/requests/{request['id']}/activity").data
    assert feed[0]["text"] == "I take a look."
