"""The image and the compose file hold what they say: linted, and their steps done in a clean folder."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from app.cli import _COMMANDS
from app.config import Settings

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "greenroom"}
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias}


def run(*line: object, **more) -> str:
    answer = subprocess.run([str(word) for word in line], capture_output=True, text=True, check=False, **more)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each on one line."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace(
        "\\\n", " "
    )
    return [
        (word, rest) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())
    ]


def test_linter_accepts_the_dockerfile() -> None:
    run(TOOLS / "hadolint", ROOT / "Dockerfile")


def test_schema_accepts_the_compose_file() -> None:
    run(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "compose.yaml")


def test_image_ends_without_rights() -> None:
    users = [rest for word, rest in instructions() if word == "USER"]

    assert users == ["10001"]


def test_every_service_of_ours_runs_a_command_that_there_is() -> None:
    commands = {service["command"][0] for service in OURS.values()}

    assert {"migrate", "web", "worker", "keeper", "gateway"} == commands
    assert commands < set(_COMMANDS)


def test_every_setting_of_ours_is_one_that_is_read() -> None:
    given = {name for service in OURS.values() for name in service.get("environment", {})}
    given |= {name for word, rest in instructions() if word == "ENV" for name in re.findall(r"(\w+)=", rest)}

    assert given - SETTINGS == {"PATH", "PYTHONPATH", "PYTHONUNBUFFERED"}


def test_what_compose_asks_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    example = set(re.findall(r"^(\w+)=", (ROOT / "deploy/env.example").read_text(), re.MULTILINE))
    proxied = set(re.findall(r"\{\$(\w+)", (ROOT / "deploy/Caddyfile").read_text()))

    assert asked == example
    assert proxied <= set(COMPOSE["services"]["caddy"]["environment"])


def test_whatever_keeps_data_has_a_volume() -> None:
    mounted = {
        volume.partition(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }

    assert mounted == set(COMPOSE["volumes"])
    assert all("data:/data" in service["volumes"] for service in OURS.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds nothing but what the image copies."""
    folder = tmp_path_factory.mktemp("image")
    copied = [shlex.split(rest) for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    for *sources, target in copied:
        for source in sources:
            if source.startswith("requirements/"):
                assert (ROOT / source).is_file()
            elif (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, folder / target)
    return folder


@pytest.fixture
def environment(folder: Path, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(folder),
        "GREENROOM_HOME": str(tmp_path / "data"),
        "GREENROOM_HOST": "0.0.0.0",
    }


class TestCleanFolder:
    """The image's own steps, done in a clean folder."""

    def test_everything_compiles(self, folder: Path) -> None:
        run(sys.executable, "-m", "compileall", "-q", folder / "app")

    def test_the_command_line_answers(self, folder: Path, environment: dict[str, str]) -> None:
        assert "keeper" in run(sys.executable, "-P", "-m", "app.cli", "--help", env=environment, cwd=folder)

    def test_the_database_is_made_and_the_first_page_served(
        self, folder: Path, environment: dict[str, str]
    ) -> None:
        run(sys.executable, "-P", "-m", "app.cli", "migrate", env=environment, cwd=folder)
        ask = (
            "from app.factory import create_app; client = create_app().test_client(); "
            "print(client.get('/healthz').status_code, client.get('/', follow_redirects=True).status_code)"
        )

        assert run(sys.executable, "-P", "-c", ask, env=environment, cwd=folder).split() == ["200", "200"]
