"""Where a repository keeps files that its app serves as they are."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import PurePosixPath

from app.core.errors import Failed
from app.core.gherkin import one_line
from app.engine.plans import plan_for

_MOST_PAGES = 30
_MOST_BYTES = 20_000
_SKIPPED = frozenset({"node_modules", "venv", "vendor", "dist", "build", "tests", "test"})
_TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_LINK = re.compile(rb"<link\s[^<>]{1,500}>", re.IGNORECASE)
_OUTLINE = re.compile(r"(^|/)requests/\d+-[^/]*\.html$")


@dataclass(frozen=True)
class ServedFolder:
    """`path` in the repository; `index` is the page where a link may be put; pages and styles from `path`."""

    path: str
    index: str | None = None
    pages: list[tuple[str, str]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)


def served_folder(files: list[str], read: Callable[[str], bytes]) -> ServedFolder | None:
    """The folder for a page that needs no code: the site's own, or an app's static one."""
    try:
        plan = plan_for(files, read)
    except Failed:
        return None
    if plan.kind == "static" and plan.build is None and plan.output is not None:
        return _site(_inside(plan.root, plan.output), files, read)
    if plan.kind in {"vite", "node"} or (plan.output is not None and plan.build is not None):
        public = _inside(plan.root, "public")
        return ServedFolder(public) if _has(files, public) else None
    static = sorted(
        {found for file in files if (found := _static_folder(file))}, key=lambda path: (path.count("/"), path)
    )
    return ServedFolder(static[0], styles=_styles_in(static[0], files)) if static else None


def _inside(root: str, folder: str) -> str:
    joined = str(PurePosixPath(root or ".") / folder)
    return "" if joined == "." else joined


def _has(files: list[str], folder: str) -> bool:
    return any(file.startswith(f"{folder}/") for file in files)


def _site(folder: str, files: list[str], read: Callable[[str], bytes]) -> ServedFolder | None:
    index = f"{folder}/index.html".lstrip("/")
    if index not in files:
        return None
    begin = f"{folder}/" if folder else ""
    found = [file for file in files if file.startswith(begin) and _is_page(file)]
    found.sort(key=lambda file: (file != index, file.count("/"), file))
    pages = [(file.removeprefix(begin), _title(read(file))) for file in found[:_MOST_PAGES]]
    return ServedFolder(folder, index, pages, _styles_of(read(index)))


def _is_page(file: str) -> bool:
    return file.endswith((".html", ".htm")) and not _OUTLINE.search(file) and not _is_skipped(file)


def _is_skipped(file: str) -> bool:
    return bool(_SKIPPED & {*PurePosixPath(file).parts[:-1]})


def _title(page: bytes) -> str:
    found = _TITLE.search(page[:_MOST_BYTES])
    return one_line(_Text.of(found[1].decode("utf-8", "replace")), 80) if found else ""


def _styles_of(page: bytes) -> list[str]:
    """The site's own style sheets, as its first page names them."""
    found = [_Text.link(tag.decode("utf-8", "replace")) for tag in _LINK.findall(page[:_MOST_BYTES])]
    return [href for href in found if href and "//" not in href and not href.startswith("data:")][:3]


def _static_folder(file: str) -> str:
    parts = PurePosixPath(file).parts
    return (
        "/".join(parts[: parts.index("static") + 1])
        if "static" in parts[:-1] and not _is_skipped(file)
        else ""
    )


def _styles_in(folder: str, files: list[str]) -> list[str]:
    inside = sorted(
        (file.removeprefix(f"{folder}/") for file in files if file.startswith(f"{folder}/")), key=len
    )
    return [file for file in inside if file.endswith(".css") and ".min." not in file][:1]


class _Text(HTMLParser):
    """Reads one short tag or text, so that entities and quotes are taken as a browser takes them."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.attributes: dict[str, str | None] = {}

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = dict(attrs)

    @classmethod
    def of(cls, source: str) -> str:
        reader = cls()
        reader.feed(source)
        reader.close()
        return reader.text

    @classmethod
    def link(cls, source: str) -> str:
        reader = cls()
        reader.feed(source)
        is_style = "stylesheet" in (reader.attributes.get("rel") or "").casefold().split()
        return (reader.attributes.get("href") or "") if is_style else ""
