"""What the measures work on: requests that have walked the road, and an app that answers twelve bytes."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.support.installation import Installation, wait_until


def walked(here: Installation, starter: str = "static") -> dict[str, Any]:
    """Return a request of a starter's project whose preview is up."""
    me = here.get("/api/users/me").data
    body = {"organizationId": me["organizations"][0]["id"], "name": f"Measured {starter}", "starter": starter}
    project = here.post("/api/admin/projects", body).data
    request: dict[str, Any] = here.post(
        f"/api/projects/{project['id']}/requests", {"title": "Measure it"}
    ).data
    address = f"/api/requests/{request['id']}"
    here.post(f"{address}/interview/message", {"answers": {}})
    here.post(f"{address}/interview/complete", {})
    here.post(f"{address}/development/start", {"agent": "outline"})

    def is_up() -> bool:
        return bool(here.get(f"{address}/preview/status").data["status"] == "ready")

    wait_until(is_up, 120, "the preview is up")
    return request


def running_app(here: Installation) -> tuple[str, Path]:
    """Push an app that answers twelve bytes, wait until it is live, and return its host label and socket."""
    me = here.get("/api/users/me").data
    body = {"organizationId": me["organizations"][0]["id"], "name": "Twelve bytes", "starter": "empty"}
    project = here.post("/api/admin/projects", body).data
    address = project["repository"]["cloneUrl"].replace("://", f"://key:{here.key}@")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "Procfile").write_text("web: python3 server.py\n")
        Path(folder, "server.py").write_text(_SERVER)
        git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Answer"]):
            subprocess.run([*git, *command], check=True)
        subprocess.run([*git, "push", "-q", address, "main"], check=True, capture_output=True)
    wait_until(lambda: here.open(project["slug"]).body == b"hello, world", 60, "the app is live")
    (socket,) = (path for path in sockets(here) if path.exists())
    return project["slug"], socket


_SERVER = """
import asyncio, os

ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 12\\r\\n\\r\\nhello, world"


class Answer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(ANSWER * data.count(b"\\r\\n\\r\\n"))


async def main():
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


asyncio.run(main())
"""


def sockets(here: Installation) -> list[Path]:
    """Return the sockets of the instances of an installation."""
    from app.config import Settings

    run = Settings.from_environment(here.environment).installation().run
    return list((run / "i").glob("*.sock"))
