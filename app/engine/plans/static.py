"""Plain files that are served as they are."""

from app.engine.plans.plan import Plan
from app.engine.plans.tree import Tree

_FOLDERS = ("", "public", "dist", "site", "_site", "docs", "www", "html", "htdocs")


def detect(tree: Tree) -> Plan | None:
    """Find the folder whose index.html is the first page."""
    for folder in _FOLDERS:
        index = f"{folder}/index.html" if folder else "index.html"
        if tree.has(index):
            return Plan(
                kind="static",
                output=folder or ".",
                reasons=[f"{tree.path(index)} is a page, and nothing here has to be built or started."],
            )
    return None
