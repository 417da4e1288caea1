"""What the tests of builds share: Bob's checkout, built as a job builds it."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core import installation as module
from app.core.installation import Installation, Limits, configure
from app.engine.builds import Built, build
from app.engine.logs import Log
from app.engine.plans import Plan
from app.engine.sandbox import Sandbox, facts, probe


@pytest.fixture
def here(tmp_path):
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
    yield
    module._here[:] = before


@pytest.fixture(params=["bubblewrap", "none"])
def sandbox(request, monkeypatch) -> Sandbox:
    """Build behind walls and without."""
    if request.param == "none":
        found = Sandbox("none", "for this test", "none")
        monkeypatch.setattr(facts, "probe", lambda: found)
        return found
    found = probe()
    if not found.is_walled:
        pytest.skip(f"no sandbox on this machine: {found.reason}")
    return found


class Bench:
    """Builds what Bob pushed, and keeps what was said about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.folder.mkdir()
        self.cache = folder / "cache"
        self.log_path = folder / "build.log"
        self.reports: list[tuple[str, int, str]] = []
        self.limits = Limits(memory_mb=256, processes=60, seconds=30, file_mb=16, disk_mb=64)

    def put(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def build(self, plan: Plan, *, cancelled=lambda: False, env=(), secrets=(), **limits) -> Built:
        with Log(self.log_path, secrets) as log:
            return build(
                plan,
                self.folder,
                cache=self.cache,
                log=log,
                report=self.report,
                cancelled=cancelled,
                limits=replace(self.limits, **limits),
                env=dict(env),
            )

    def report(self, *, phase: str, progress: int, message: str) -> None:
        self.reports.append((phase, progress, message))

    @property
    def log(self) -> str:
        return self.log_path.read_text()


@pytest.fixture
def bench(tmp_path, here) -> Bench:
    return Bench(tmp_path)
