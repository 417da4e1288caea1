"""Who imports whom: the contracts hold, they see what breaks them, and nobody calls out past integrations."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The standard library's ways of calling somebody, which import-linter cannot tell from their harmless siblings
# (http.HTTPStatus, urllib.parse).
CLIENTS = {"http.client", "urllib.request", "smtplib", "ftplib", "imaplib", "poplib", "xmlrpc.client"}
ALLOWED = {
    "app/cli/up.py": "asks our own address whether it answers",
    "app/engine/keeper/health.py": "asks an instance of this machine, through its Unix socket",
    "app/engine/looking/links.py": "runs in a sandbox that leads to one preview of this machine",
    "app/engine/looking/look.py": "asks the gateway of this machine, through its Unix socket",
    "app/engine/pages.py": "reads what an instance of this machine answered through its Unix socket",
    "app/engine/repositories/processes.py": "parses the head of a CGI answer; it calls nobody",
    "app/engine/sandbox/proxy.py": "reads which hosts the machine's own proxy leaves out; it calls nobody by it",
}


def calls_out(files: Mapping[str, str]) -> list[str]:
    """Return the files that import a client of the standard library."""
    found = []
    for name, source in files.items():
        if name.startswith("app/integrations/"):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
            else:
                continue
            if imported & CLIENTS:
                found.append(name)
    return sorted(set(found))


def python_files() -> dict[str, str]:
    """Return our own code by its path; what people start projects from is theirs."""
    return {
        str(path.relative_to(ROOT)): path.read_text()
        for path in sorted((ROOT / "app").rglob("*.py"))
        if "starters" not in path.relative_to(ROOT).parent.parts[2:]
    }


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts against the `app` in a folder."""
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        *("--config", str(ROOT / ".importlinter"), "--no-cache", "--no-logo"),
    ]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}, check=False
    )


SEEDS = {
    # a file, what is added to it, and what has to be said about that
    "app/utils.py": ("", "app.utils"),
    "app/requests/helpers.py": ("", "app.requests.helpers"),
    "app/requests/models.py": ("\nfrom app.reviews import models as _later\n", "app.requests.models -> app.reviews.models"),
    "app/requests/queries/board.py": ("\nimport flask as _flask\n", "app.requests.queries.board -> flask"),
    "app/requests/operations/road.py": ("\nimport httpx as _httpx\n", "app.requests.operations.road -> httpx"),
    "app/accounts/views.py": ("\nfrom app.accounts import api as _api\n", "app.accounts.views -> app.accounts.api"),
    "app/accounts/queries.py": ("\nfrom app.accounts import operations as _o\n", "app.accounts.queries -> app.accounts.operations"),
    "app/apps/views/live.py": ("\nimport sqlalchemy as _s\n", "app.apps.views.live -> sqlalchemy"),
    "app/core/clock.py": ("\n\ndef late():\n    from app.web import pages\n    return pages\n", "app.core.clock -> app.web.pages"),
}  # fmt: skip


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said about a copy of the code that breaks every contract."""
    folder = tmp_path_factory.mktemp("seeded")
    shutil.copytree(
        ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__", "starters"), symlinks=True
    )
    (folder / "app/engine/starters").mkdir(exist_ok=True)
    shutil.copy(ROOT / "app/engine/starters/__init__.py", folder / "app/engine/starters/__init__.py")
    for name, (addition, _) in SEEDS.items():
        path = folder / name
        path.write_text((path.read_text() if path.exists() else "") + addition)
    outcome = lint(folder)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    return outcome.stdout


class TestContracts:
    def test_hold(self):
        outcome = lint(ROOT)

        assert outcome.returncode == 0, outcome.stdout + outcome.stderr

    @pytest.mark.parametrize("name", SEEDS)
    def test_see_what_breaks_them(self, complaints, name):
        assert SEEDS[name][1] in complaints


class TestClientsOfTheStandardLibrary:
    def test_are_used_by_integrations_alone(self):
        assert set(calls_out(python_files())) == set(ALLOWED)

    @pytest.mark.parametrize(
        "bad",
        [
            "import http.client",
            "from http import client",
            "from http.client import HTTPConnection",
            "def f():\n    from urllib import request",
            "import smtplib",
        ],
    )
    def test_are_seen_elsewhere(self, bad):
        assert calls_out({"app/requests/operations/road.py": bad}) == ["app/requests/operations/road.py"]
        assert calls_out({"app/integrations/mail.py": bad}) == []

    def test_are_told_from_their_siblings(self):
        assert (
            calls_out({"app/web/errors.py": "from http import HTTPStatus\nfrom urllib.parse import quote"})
            == []
        )
