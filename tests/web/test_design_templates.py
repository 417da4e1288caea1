"""What holds for every template: nothing inline, known icons, documented macros."""

import re
from pathlib import Path

import pytest

from app.web.icons import SHAPES

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts)
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_nothing_is_inline(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\sstyle=", text), "styles belong in static/css"
    assert not re.search(r"<style|\shx-on|\son[a-z]+=\"", text), "the content security policy forbids it"
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text)), "scripts belong in static/js"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_icons_that_are_named_exist(path: Path) -> None:
    text = path.read_text()

    named = re.findall(r"icon=\"([a-z0-9-]+)\"|(?:draw|[^_]icon)\(\"([a-z0-9-]+)\"", text)

    assert {one or other for one, other in named} - set(SHAPES) == set()


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_macros_are_documented(path: Path) -> None:
    listed = (TEMPLATES / "components" / "README.md").read_text()
    if path.name == "shell.html":
        pytest.skip("pieces of the layouts")

    public = [name for name in re.findall(r"{% macro (\w+)\(", path.read_text()) if not name.startswith("_")]

    quiet = {"classes", "toast_inside"}
    assert [name for name in public if f"`{name}(" not in listed and name not in quiet] == []


def test_the_sprite_draws_and_nothing_else() -> None:
    assert len(SHAPES) > 60
    assert not [name for name, shapes in SHAPES.items() if re.search(r"script|href|style|on\w+=", shapes)]
