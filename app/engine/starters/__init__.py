"""What a new project may begin with: small, real projects whose files lie beside this one."""

import html
import re
from pathlib import Path

from app.core.errors import Invalid

EMPTY = "empty"
NAMES = ("static", "flask", "vite", "react", EMPTY)

_HERE = Path(__file__).parent
_PLACE = b"{{name}}"
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


def files(starter: str, *, name: str) -> dict[str, bytes]:
    """Return the files of a starter by their paths, with the project's name put in; none for "empty"."""
    if starter not in NAMES:
        raise Invalid.field("starter", f"There is no starter {starter!r}; there are {', '.join(NAMES)}.")
    if starter == EMPTY:
        return {}
    root = _HERE / starter
    found = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): _named(path, name) for path in found}


def _named(path: Path, name: str) -> bytes:
    plain = _SPACE.sub(" ", name).strip() or "New project"
    # A brace in a name must not open an expression where the page is a template.
    shown = html.escape(plain).replace("{", "&#123;") if path.suffix in {".html", ".svg"} else plain
    return path.read_bytes().replace(_PLACE, shown.encode("utf-8", "replace"))
