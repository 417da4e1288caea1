"""The icons of every page: one set, kept as a sprite, drawn inline by templates/components/icon.html."""

import re
from pathlib import Path

from markupsafe import Markup

SPRITE = Path(__file__).parents[2] / "static" / "img" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"[^>]*>(.*?)</symbol>')

SHAPES: dict[str, Markup] = {
    name: Markup(shapes)  # noqa: S704 - our own file, read once
    for name, shapes in _SYMBOL.findall(SPRITE.read_text(encoding="utf-8"))
}


def icon_shapes(name: str) -> Markup:
    """Return what stands inside the svg element of an icon; an unknown name is a bug in a template."""
    return SHAPES[name]
