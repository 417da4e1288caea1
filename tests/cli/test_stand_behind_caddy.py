"""A real Caddy with the Caddyfile that is shipped: site, previews and domains of apps are served over TLS, no other."""

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.road import new_project
from tests.support.installation import ROOT, Installation, free_port, install, wait_until  # noqa: F401 - a fixture

pytestmark = pytest.mark.real

SITE, PREVIEWS, OWN = "greenroom.test", "preview.test", "shop.bakery.test"
# Beside what is shipped: ports that anybody may open, a folder of its own, and its own authority for every name.
OPTIONS = """
	admin off
	http_port {http}
	https_port {https}
	local_certs
	skip_install_trust
	storage file_system {folder}
"""
# What the schedule does once the owner of a domain has set the record, with a name service that knows it.
PROVE = """
import sys
from app.apps import operations, queries
from app.core.db import unit_of_work
from app.factory import create_app
from app.integrations.resolver import Found

class Owner:
    def texts(self, name):
        return Found(texts=(domain.text_value,))

create_app()
with unit_of_work():
    domain = queries.domain_at(sys.argv[1])
    operations.look_at(domain.id, Owner())
"""


@dataclass
class Caddy:
    """The front proxy, and a client that trusts nothing but its authority."""

    port: int
    folder: Path

    def get(self, name: str, path: str = "/", **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
        """Ask for a page by its host name, over TLS that has to hold for this name."""
        trusted = ssl.create_default_context(cafile=self.folder / "pki/authorities/local/root.crt")
        line = http.client.HTTPConnection(name)
        with contextlib.closing(line), socket.create_connection(("127.0.0.1", self.port), 30) as door:
            line.sock = trusted.wrap_socket(door, server_hostname=name)
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def is_up(self) -> bool:
        with contextlib.suppress(OSError):
            return self.get(SITE, "/healthz")[0] == 200
        return False


@pytest.fixture
def here(install: Callable[..., Installation]) -> Installation:  # noqa: F811
    here = install(GREENROOM_URL=f"https://{SITE}", GREENROOM_PREVIEW_DOMAIN=PREVIEWS, GREENROOM_PROXIES="1")
    here.admin()
    return here


@pytest.fixture
def caddy(here: Installation, tmp_path: Path) -> Iterator[Caddy]:
    program = shutil.which("caddy")
    if not program:
        pytest.skip("no Caddy here: install it")
    made = Caddy(free_port(), tmp_path / "caddy")
    options = OPTIONS.format(http=free_port(), https=made.port, folder=made.folder)
    shipped = (ROOT / "deploy/Caddyfile").read_text().replace("{\n", "{" + options, 1)
    file = tmp_path / "Caddyfile"
    file.write_text(
        shipped.replace("web:8000", f"127.0.0.1:{here.port}").replace(
            "web:8001", f"127.0.0.1:{here.gateway_port}"
        )
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GREENROOM_URL": f"https://{SITE}",
        "GREENROOM_PREVIEW_DOMAIN": PREVIEWS,
        "CADDY_PREVIEW_TLS": "internal",
    }
    with (tmp_path / "caddy.log").open("wb") as log:
        running = subprocess.Popen(
            [program, "run", "--config", file, "--adapter", "caddyfile"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(made.is_up, 30, f"Caddy: {(tmp_path / 'caddy.log').read_text()[-3000:]}")
        yield made
    finally:
        running.terminate()
        running.wait(10)


def test_what_is_ours_is_served_over_tls_and_no_other_name(here: Installation, caddy: Caddy) -> None:
    project = new_project(here, "Bakery", "static")
    app = here.get(f"/api/apps?workspace_id={project['id']}").json["data"][0]
    served, key = f"{app['handle']}.{PREVIEWS}", {"X-Greenroom-Key": here.key}

    status, headers, page = caddy.get(SITE, "/sign-in")
    assert (status, "Password" in page) == (200, True)
    assert headers["Set-Cookie"].startswith("__Host-greenroom=")
    wait_until(lambda: caddy.get(served, **key)[0] == 200, 60, "it to be live")
    assert "<h1>" in caddy.get(served, **key)[2]
    status, headers, _ = caddy.get(served, **{"Sec-Fetch-Dest": "document"})  # without a pass
    assert (status, headers["Location"].startswith(f"https://{SITE}/")) == (302, True)

    assert here.request("PUT", f"/api/apps/{app['id']}/domain", {"hostname": OWN}).status == 200
    for name in (OWN, "cake.bakery.test"):
        assert here.get(f"/api/domains/ask?domain={name}", key="").status == 404
        with pytest.raises(ssl.SSLError):
            caddy.get(name, **key)
    told = [sys.executable, "-P", "-c", PROVE, OWN]
    subprocess.run(told, env=here.environment, cwd=here.home, check=True, timeout=60)
    assert here.get(f"/api/domains/ask?domain={OWN}", key="").status == 200
    status, _, page = caddy.get(OWN, **key)
    assert (status, "<h1>" in page) == (200, True)
    with pytest.raises(ssl.SSLError):
        caddy.get("cake.bakery.test", **key)
