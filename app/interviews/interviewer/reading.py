"""Reads an app's files into the outline that the questions are made from."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from app.core.errors import DomainError
from app.interviews.interviewer.app_outline import AppOutline, Form, Page
from app.interviews.interviewer.markup import plain
from app.interviews.interviewer.naming import Found, in_menu_order, labels, menu, name, site_name
from app.interviews.interviewer.page_text import PageText, read_page
from app.interviews.interviewer.routes import Route, routes_in

MOST_PAGES = 40
MOST_BYTES = 100_000
MOST_ON_A_PAGE = 30

_MARKUP = frozenset(
    [
        ".html",
        ".htm",
        ".jinja",
        ".jinja2",
        ".j2",
        ".njk",
        ".ejs",
        ".hbs",
        ".handlebars",
        ".liquid",
        ".erb",
        ".twig",
        ".mustache",
        ".php",
        ".jsx",
        ".tsx",
        ".vue",
        ".svelte",
        ".astro",
    ]
)
_SCRIPTED = frozenset({".jsx", ".tsx", ".vue", ".svelte", ".astro"})
_SKIPPED = frozenset(
    [
        "node_modules",
        "dist",
        "build",
        "out",
        "vendor",
        "venv",
        ".venv",
        "env",
        "coverage",
        "test",
        "tests",
        "__tests__",
        "e2e",
        "cypress",
        "fixtures",
        "target",
        "public_html_old",
        "storybook",
        "__pycache__",
        "site-packages",
        "emails",
        "email",
    ]
)
_PART_FOLDERS = frozenset(
    [
        "partials",
        "partial",
        "includes",
        "include",
        "_includes",
        "layouts",
        "layout",
        "_layouts",
        "components",
        "component",
        "macros",
        "shared",
        "widgets",
        "fragments",
        "blocks",
        "ui",
    ]
)
_PART_NAMES = frozenset(
    [
        "base",
        "layout",
        "header",
        "footer",
        "nav",
        "navbar",
        "navigation",
        "menu",
        "sidebar",
        "macros",
        "404",
        "500",
        "error",
        "not_found",
        "not-found",
        "notfound",
        "offline",
    ]
)
_PAGE_FOLDERS = frozenset(["pages", "page", "routes", "views", "screens", "app"])
_OURS = re.compile(r"(^|/)(requests/\d+-[^/]*\.html?$|docs/requests/)")
_MANIFESTS = frozenset(
    [
        "requirements.txt",
        "pyproject.toml",
        "package.json",
        "Pipfile",
        "Gemfile",
        "go.mod",
        "composer.json",
        "Cargo.toml",
    ]
)


def read_outline(files: list[str], read: Callable[[str], bytes]) -> AppOutline:
    """What the app shows, read from its files; never fails over a file it cannot read."""
    routes = _routes(files, read)
    chosen = sorted((path for path in files if _is_markup(path)), key=_nearest_first)
    found = [_found(path, read, chosen, routes) for path in chosen[: 2 * MOST_PAGES]]
    pages = [each for each in found if not each.part][:MOST_PAGES]
    parts = [each for each in found if each.part][:MOST_PAGES]
    pages, parts = (pages, parts) if pages else (parts[:1], parts[1:])
    pages = in_menu_order(pages, parts)
    site = site_name(pages)
    return AppOutline(
        pages=[_page(each, site, labels([*pages, *parts], each)) for each in pages],
        parts=[_page(each, site, ([], [])) for each in parts],
        menu=menu([*parts, *pages]),
        styles=[path for path in sorted(files, key=_nearest_first) if _is_style(path)][:5],
        manifests=[path for path in files if path in _MANIFESTS],
        site_name=site,
        has_sign_in=any(each.text.asks_password for each in found),
    )


def _parts_of(path: str) -> tuple[list[str], str, str]:
    pure = PurePosixPath(path)
    return [part.casefold() for part in pure.parts[:-1]], pure.stem.casefold(), pure.suffix.casefold()


def _is_skipped(folders: list[str]) -> bool:
    return any(folder in _SKIPPED or folder.startswith(".") for folder in folders)


def _is_markup(path: str) -> bool:
    folders, stem, suffix = _parts_of(path)
    tried = stem.endswith((".test", ".spec", ".stories"))
    return suffix in _MARKUP and not tried and not _is_skipped(folders) and not _OURS.search(path)


def _is_style(path: str) -> bool:
    folders, stem, suffix = _parts_of(path)
    return suffix in {".css", ".scss", ".less"} and not stem.endswith(".min") and not _is_skipped(folders)


def _nearest_first(path: str) -> tuple[int, bool, str]:
    return path.count("/"), not path.rsplit("/", 1)[-1].startswith(("index.", "home.", "App.")), path


def _routes(files: list[str], read: Callable[[str], bytes]) -> dict[str, Route]:
    code = [path for path in sorted(files, key=_nearest_first) if path.endswith(".py")]
    kept = [path for path in code if not _is_skipped(_parts_of(path)[0])][:MOST_PAGES]
    return {route.template: route for path in reversed(kept) for route in routes_in(path, _read(path, read))}


def _read(path: str, read: Callable[[str], bytes]) -> str:
    try:
        return read(path)[:MOST_BYTES].decode("utf-8", "replace")
    except (DomainError, OSError, LookupError, ValueError):
        return ""


def _found(path: str, read: Callable[[str], bytes], all_files: list[str], routes: dict[str, Route]) -> Found:
    source = _read(path, read)
    text = read_page(plain(source))
    text.title = _block_title(source) or text.title
    template = re.split(r"(?:^|/)templates/", path)[-1]
    route = routes.get(template)
    if route is not None:
        return Found(path, text, route.path, part=False, endpoint=route.endpoint, code=route.file)
    return Found(path, text, _address(path, all_files), _is_part(path, text))


def _block_title(source: str) -> str:
    begin = re.search(r"\{%-?\s*block\s+(?:page_)?title\s*-?%\}", source)
    if begin is None:
        return ""
    end = source.find("{%", begin.end())
    inside = source[begin.end() : end if end >= 0 else begin.end() + 200]
    return read_page(f"<title>{plain(inside)}</title>").title


def _is_part(path: str, text: PageText) -> bool:
    folders, stem, suffix = _parts_of(path)
    if stem.startswith(("_", "+layout", "+error")) or stem in _PART_NAMES or set(folders) & _PART_FOLDERS:
        return True
    if suffix in _SCRIPTED:
        next_style = "app" in folders and stem not in {"page", "app", "+page"}
        return stem not in {"app", "page", "+page"} and (next_style or not set(folders) & _PAGE_FOLDERS)
    return not (text.headings or text.title or text.buttons or text.links or text.text)


def _address(path: str, files: list[str]) -> str:
    """The path a visitor types, as far as the place of the file tells it."""
    roots = [file.rsplit("/", 1)[0] + "/" if "/" in file else "" for file in files if "index." in file]
    inside = path
    for marker in ("templates/", "src/pages/", "pages/", "src/routes/", "views/", "app/", "src/"):
        if (at := f"/{inside}".find(f"/{marker}")) >= 0:
            inside = inside[at + len(marker) :]
            break
    else:
        root = min(roots, key=len, default="")
        inside = inside.removeprefix(root)
    pure = PurePosixPath(inside)
    plain_file = pure.suffix in {".html", ".htm", ".php"} and "templates/" not in path
    stem = "" if pure.stem.casefold() in {"index", "page", "+page", "app", "home"} else pure.stem
    folder = "" if str(pure.parent) == "." else f"{pure.parent}/"
    return f"/{folder}{stem}{pure.suffix if stem and plain_file else ''}"


def _page(each: Found, site: str, called: tuple[list[str], list[str]]) -> Page:
    text = each.text
    inside = dict.fromkeys(label for label, _ in text.links)
    known = {label for label, _ in text.menu} | set(text.buttons)
    return Page(
        path=each.url if not each.part else each.path,
        name=name(each, site, called),
        title=text.title,
        files=[path for path in (each.path, each.code) if path],
        headings=list(dict.fromkeys(heading for _, heading in text.headings))[:MOST_ON_A_PAGE],
        buttons=list(dict.fromkeys(text.buttons))[:MOST_ON_A_PAGE],
        links=[label for label in inside if label not in known][:MOST_ON_A_PAGE],
        forms=[Form(form.name, form.fields) for form in text.forms][:10],
        images=list(dict.fromkeys(text.images))[:MOST_ON_A_PAGE],
        text=text.text,
        part=each.part,
    )
