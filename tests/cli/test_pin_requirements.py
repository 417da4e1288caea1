"""The pinned requirements are in step with pyproject.toml and name no address."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["postgres"]]
DEVELOPMENT = [*RUNTIME, *PROJECT["dependency-groups"]["dev"]]


def pins(name: str) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for package, version in re.findall(
        r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE
    ):
        found.setdefault(canonicalize_name(package), set()).add(Version(version))
    return found


@pytest.mark.parametrize(("name", "wanted"), [("runtime.txt", RUNTIME), ("dev.txt", DEVELOPMENT)])
def test_every_dependency_is_pinned_where_its_range_allows(name: str, wanted: list[str]) -> None:
    pinned = pins(name)
    asked = [Requirement(line) for line in wanted]

    out_of_step = [
        str(one)
        for one in asked
        if not any(one.specifier.contains(version) for version in pinned.get(canonicalize_name(one.name), ()))
    ]

    assert out_of_step == [], "run bin/lock"


def test_what_develops_holds_what_runs() -> None:
    runtime, development = pins("runtime.txt"), pins("dev.txt")

    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt", "../app/engine/node/requirements.txt"])
def test_every_pin_has_hashes_and_nothing_has_an_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    entries = re.sub(r"\\\n\s*", " ", text).splitlines()

    assert all(" --hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?:|file:|(^|\s)--(index|extra|find)|(^|\s)-[ief]\s|/", text)


def test_every_script_passes_the_shell_linter() -> None:
    scripts = [*sorted((ROOT / "bin").iterdir()), ROOT / ".ci" / "run"]
    shell = [path for path in scripts if path.is_file() and "bash" in path.read_text().splitlines()[0]]
    answer = subprocess.run(
        [Path(sys.executable).parent / "shellcheck", "-x", *shell],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(shell) >= 7
    assert answer.stdout == ""
    assert all(path.stat().st_mode & 0o111 for path in shell if not path.name.startswith("_"))
