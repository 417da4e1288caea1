"""What the tests of benches share: Bob's repository, and a bench on its main, behind walls and without."""

import pytest

from app.core import installation as module
from app.core.installation import Installation, Limits, configure
from app.engine.repositories import Repository, Signature
from app.engine.sandbox import Sandbox, facts, probe
from app.engine.workbench import bench_at

BOB = Signature("Bob Builder", "bob@example.org")
FILES = {
    "index.html": b"<h1>Bakery</h1>\n",
    "bin/serve": b"#!/bin/sh\n",
    "css/site.css": b"h1 { color: brown }\n",
    ".gitignore": b"dist/\n*.log\n",
}


@pytest.fixture
def home(tmp_path):
    """An installation that lets code run without walls where this machine has none to offer."""
    before = list(module._here)
    configure(
        Installation(
            home=tmp_path / "home",
            url="http://localhost:8000",
            preview_domain="preview.example.org:8001",
            secret_key="s",
            database_url="",
            redis_url="",
            unsandboxed=True,
        )
    )
    yield tmp_path / "home"
    module._here[:] = before


@pytest.fixture(params=["bubblewrap", "none"])
def sandbox(request, monkeypatch) -> Sandbox:
    """Work behind walls and without."""
    if request.param == "none":
        found = Sandbox("none", "for this test", "none")
        monkeypatch.setattr(facts, "probe", lambda: found)
        return found
    found = probe()
    if not found.is_walled:
        pytest.skip(f"no sandbox on this machine: {found.reason}")
    return found


@pytest.fixture
def repository(home) -> Repository:
    made = Repository.create(home / "repositories" / "bakery.git")
    made.commit_files("main", FILES, message="Start", author=BOB, kinds={"bin/serve": "executable"})
    return made


@pytest.fixture
def limits() -> Limits:
    return Limits(memory_mb=256, processes=40, seconds=20, file_mb=16, disk_mb=64)


@pytest.fixture
def bench(repository):
    with bench_at(repository, repository.resolve("main"), name="agent-1", branch="requests/1-x") as made:
        yield made


@pytest.fixture
def do(bench, limits):
    """Run a shell line on the bench, which has to end well; give its lines."""

    def do(line: str, **more) -> list[str]:
        lines: list[str] = []
        outcome = bench.run(line, on_line=lines.append, limits=limits, **more)
        assert outcome.is_good, (outcome, lines)
        return lines

    return do
