"""Every setting stands in docs/settings.md with its default, and nothing but config.py reads one."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from app.config import Settings
from tests.architecture.test_imports import python_files

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
# What the page says where the default is made at the start.
MADE = {
    "GREENROOM_OLDEST_CLIENTS": "none",
    "GREENROOM_AGENT_PATHS": "none",
    "GREENROOM_CRON_SECRET": "none",
    "GREENROOM_CURSOR_WEBHOOK_SECRET": "none",
    "GREENROOM_GITHUB_WEBHOOK_SECRET": "none",
    "GREENROOM_VERCEL_WEBHOOK_SECRET": "none",
    "GREENROOM_MAIL_FROM": "none",
    "GREENROOM_MODEL": "none",
    "GREENROOM_MODEL_KEY": "none",
    "GREENROOM_MODEL_URL": "none",
    "GREENROOM_SMTP_URL": "none",
    "GREENROOM_URL": "`http://localhost:8000`",
    "GREENROOM_PREVIEW_DOMAIN": "`preview.localhost:8001`",
    "DATABASE_URL": "SQLite in the home",
    "REDIS_URL": "our own, on a socket",
    "VALKEY_SERVER_BIN": "the bundled one",
    "GREENROOM_BROWSER": "searched",
    "SECRET_KEY": "made once",
}
OURS = re.compile(r"GREENROOM_\w+|DATABASE_URL|REDIS_URL|SECRET_KEY|VALKEY_SERVER_BIN")
# Files that read the environment for something that is no setting of ours, each with the reason.
READERS = {
    "app/cli/service/environment.py": "all that a service has to begin with again",
    "app/cli/service/launchd.py": "the same, for the property list",
    "app/config.py": "the settings",
    "app/engine/repositories/git.py": "the search path, for git",
    "app/engine/sandbox/bubblewrap.py": "the search path, for bubblewrap",
    "app/engine/sandbox/launch.py": "the variables that are meant for builds, by name",
    "app/engine/sandbox/proxy.py": "the proxy that this machine itself goes out through",
    "app/engine/sandbox/registries.py": "the package registries that the machine is set up for",
}


def written(page: str) -> dict[str, str]:
    """Return the settings that a page lists, with the default that it names."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", page, re.MULTILINE)
    return dict(rows)


def default_of(name: str, field: object) -> str:
    """Return how the page has to write a default."""
    default = field.default
    if name in MADE:
        return MADE[name]
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"`./{default}`" if isinstance(default, Path) else f"`{default}`"


def differences(settings: type[BaseModel], page: str) -> list[str]:
    """Return where the settings and the page that lists them disagree."""
    fields = {
        str(field.validation_alias): field
        for field in settings.model_fields.values()
        if field.validation_alias
    }
    shown = written(page)
    found = [f"{name} is on one side only" for name in sorted(set(fields) ^ set(shown))]
    for name in sorted(set(fields) & set(shown)):
        expected = default_of(name, fields[name])
        if shown[name] != expected:
            found.append(f"{name} is {expected}, not {shown[name]}")
    return found


def readers(files: Mapping[str, str]) -> list[str]:
    """Return the files that read environment variables."""
    return sorted(
        name
        for name, source in files.items()
        if any(
            (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"})
            or (
                isinstance(node, ast.ImportFrom)
                and node.module == "os"
                and {"environ", "getenv"} & {alias.name for alias in node.names}
            )
            for node in ast.walk(ast.parse(source))
        )
    )


def named(files: Mapping[str, str]) -> list[str]:
    """Return the files that look up a setting of ours by its name: config.py alone does."""
    found = []
    for name, source in files.items():
        for node in ast.walk(ast.parse(source)):
            looked_up = (
                node.slice
                if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
                else node.args[0]
                if isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith((".get", "getenv"))
                and node.args
                else None
            )
            if isinstance(looked_up, ast.Constant) and OURS.fullmatch(str(looked_up.value)):
                found.append(name)
    return sorted(set(found))


class TestSettings:
    def test_stand_on_the_page_with_their_defaults(self):
        assert differences(Settings, PAGE.read_text()) == []

    def test_are_read_in_one_place(self):
        files = python_files()

        assert set(readers(files)) == set(READERS)
        assert set(named(files)) <= {"app/config.py"}

    def test_have_a_sentence_each(self):
        assert [name for name, field in Settings.model_fields.items() if not field.description] == ["testing"]


class TestTheRules:
    class Some(BaseModel):
        port: int = Field(8000, validation_alias="GREENROOM_PORT")
        switch: bool = Field(default=False, validation_alias="GREENROOM_SWITCH")

    def test_let_an_agreeing_page_be(self):
        page = "| `GREENROOM_PORT` | `8000` | Port. |\n| `GREENROOM_SWITCH` | off | On or off. |\n"

        assert differences(self.Some, page) == []

    def test_see_what_is_on_one_side_only_or_different(self):
        page = "| `GREENROOM_PORT` | `80` | Port. |\n| `GREENROOM_GONE` | `1` | Gone. |\n"

        assert differences(self.Some, page) == [
            "GREENROOM_GONE is on one side only",
            "GREENROOM_SWITCH is on one side only",
            "GREENROOM_PORT is `8000`, not `80`",
        ]

    @pytest.mark.parametrize(
        "bad",
        [
            "import os\nos.environ['X']",
            "import os\nos.getenv('X')",
            "from os import environ",
            "import os as o\no.environ.get('X')",
        ],
    )
    def test_see_who_reads_the_environment(self, bad):
        assert readers({"app/requests/operations/road.py": bad}) == ["app/requests/operations/road.py"]

    @pytest.mark.parametrize("bad", ["e['DATABASE_URL']", "e.get('GREENROOM_HOME')", "getenv('SECRET_KEY')"])
    def test_see_who_looks_up_a_setting(self, bad):
        assert named({"app/requests/operations/road.py": bad}) == ["app/requests/operations/road.py"]
