"""A small asyncio process that only routes and proxies, so that starting it anew stops nothing."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from app.core.installation import Installation, configure
from app.engine.gateway.server import Gateway

log = logging.getLogger(__name__)

GRACE_SECONDS = 1.5  # the supervisor gives two
BACKLOG = 1024
READ_BYTES = 256 * 1024
COLLECT_AFTER = 20_000
LONGEST_HEADER = 32 * 1024  # some apps keep a whole session in a cookie


def main(installation: Installation, listener: socket.socket | None = None) -> None:
    """Serve until a signal says stop; on a socket that is bound already, if one is given."""
    configure(installation)
    asyncio.run(serve(installation, listener=listener))


async def serve(
    installation: Installation,
    *,
    listener: socket.socket | None = None,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Open the gateway's port, tell `ready` its number, and serve until SIGTERM, SIGINT or cancellation."""
    gateway = Gateway(installation)
    runner, own_door = await _runner(gateway.handle), await _runner(gateway.look)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread: a test's
            loop.add_signal_handler(number, stop.set)
    following = [asyncio.create_task(gateway.visits.run())]
    try:
        site: web.BaseSite = (
            web.SockSite(runner, listener, backlog=BACKLOG)
            if listener is not None
            else web.TCPSite(
                runner, installation.host, installation.gateway_port, backlog=BACKLOG, reuse_address=True
            )
        )
        await site.start()
        await _open_own_door(own_door, installation.gateway_socket)
        port = runner.addresses[0][1]
        if installation.shares_host or installation.service_ports:
            await gateway.ports.look(runner)
            following.append(asyncio.create_task(gateway.ports.run(runner)))
        gc.collect()
        gc.freeze()  # what is loaded stays; the collector need not walk it
        # Requests leave few cycles: looking for them seldom is enough.
        gc.set_threshold(COLLECT_AFTER, 20, 50)
        log.info("gateway listens on %s:%s", installation.host, port)
        if ready is not None:
            ready(port)
        await stop.wait()
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(runner.cleanup(), own_door.cleanup())
        await gateway.close()


async def _runner(handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> web.ServerRunner:
    server = web.Server(
        handle,
        handler_cancellation=True,  # a visitor who leaves frees the instance too
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=75,
        lingering_time=2,
        read_bufsize=READ_BYTES,
        max_line_size=LONGEST_HEADER,
        max_field_size=LONGEST_HEADER,
    )
    runner = web.ServerRunner(server, shutdown_timeout=GRACE_SECONDS)
    await runner.setup()
    return runner


async def _open_own_door(runner: web.ServerRunner, path: Path) -> None:
    """Open the door for this installation's own looks; whoever reaches the file may see it all anyway."""
    path.unlink(missing_ok=True)  # noqa: ASYNC240 - of a gateway that was killed
    before = os.umask(0o177)
    try:
        await web.UnixSite(runner, str(path)).start()
    finally:
        os.umask(before)
