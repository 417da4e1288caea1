"""What our figures stand beside: a bare Flask endpoint under our gunicorn, a bare aiohttp proxy.

python -m tests.benchmarks.yardsticks flask PORT
python -m tests.benchmarks.yardsticks proxy PORT UPSTREAM_SOCKET
"""

import asyncio
import ctypes
import signal
import sys
from pathlib import Path


def flask(port: int) -> None:
    """Serve one JSON answer of the size of a status, under the same gunicorn settings as the site."""
    from flask import Flask, jsonify

    from app.cli.web import serve
    from app.core.installation import Installation

    site = Flask("bare")
    state = {
        "requestId": "01a204ec-9277-763d-a0f3-7aff6949589c",
        "status": "ready",
        "branchName": "requests/1-show-the-opening-hours",
        "previewUrl": "http://1-walked-by-api.preview.localhost:8101",
        "deploymentId": "01a204ec-9277-763d-a0f3-7aff6949589c",
        "error": None,
        "buildDurationMs": 120,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "readyAt": "2026-01-01T00:00:01.000Z",
        "phase": None,
        "progress": 100,
        "message": None,
        "lastSignOfLifeAt": "2026-01-01T00:00:01.000Z",
        "expiresAt": "2026-01-15T00:00:01.000Z",
        "nextPollMs": None,
    }

    @site.get("/status")
    def status():
        return jsonify(data=state)

    serve(
        site,
        Installation(
            home=Path(), url="", preview_domain="", secret_key="", database_url="", redis_url="", port=port
        ),
    )


def proxy(port: int, upstream: str) -> None:
    """Pass every request on with aiohttp, and do nothing else."""
    import aiohttp
    from aiohttp import web

    async def run() -> None:
        client = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(upstream, limit=0),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
        )

        async def pass_on(request: web.BaseRequest) -> web.StreamResponse:
            async with client.request(
                request.method,
                f"http://upstream{request.path_qs}",
                headers=request.headers,
                allow_redirects=False,
            ) as answer:
                response = web.StreamResponse(status=answer.status, headers=answer.headers)
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
                return response

        runner = web.ServerRunner(web.Server(pass_on))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()

    asyncio.run(run())


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    kind, *arguments = sys.argv[1:]
    if kind == "flask":
        flask(int(arguments[0]))
    else:
        proxy(int(arguments[0]), arguments[1])
