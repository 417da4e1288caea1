"""Requests per second: status answers with a key, and what goes through the gateway."""

from tests.benchmarks import load
from tests.benchmarks.measures.figure import Figure, answers, ratio, yardstick
from tests.benchmarks.measures.projects import running_app, walked
from tests.support.installation import Installation, free_port


def status_reads(here: Installation) -> Figure:
    """Compare `preview/status` with a key to a bare Flask endpoint under the same gunicorn settings."""
    return _status(here, "status reads with a key", 0.5)


def status_unchanged(here: Installation) -> Figure:
    """The same, asked with the ETag of the answer before: all of them are 304."""
    return _status(here, "status reads with a key, answered 304", 0.6, unchanged=True)


def _status(here: Installation, name: str, least: float, *, unchanged: bool = False) -> Figure:
    path = f"/api/requests/{walked(here)['id']}/preview/status"
    headers = {"Authorization": f"Bearer {here.key}"}
    if unchanged:
        headers["If-None-Match"] = str(here.get(path).headers["ETag"])
        assert here.get(path, headers=headers).status == 304
    port = free_port()
    url = f"http://127.0.0.1:{port}/status"
    with yardstick("flask", str(port), ready=lambda: answers(url)):
        ours, bare = load.side_by_side((f"http://127.0.0.1:{here.port}{path}", headers), (url, {}))
    return ratio(name, ours, bare, "bare Flask JSON endpoint, same gunicorn", least)


def gateway_requests(here: Installation) -> Figure:
    """Compare a running app behind the gateway to a bare aiohttp proxy in front of the same app's socket."""
    label, socket = running_app(here)
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    host = f"{label}.preview.localhost:{here.gateway_port}"
    with yardstick("proxy", str(port), str(socket), ready=lambda: answers(url)):
        ours, bare = load.side_by_side(
            (f"http://127.0.0.1:{here.gateway_port}/", {"Host": host, "X-Greenroom-Key": here.key}), (url, {})
        )
    return ratio("gateway requests", ours, bare, "bare aiohttp proxy, same upstream", 0.85)
