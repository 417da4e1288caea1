"""A Procfile's `web:` line, as other platforms read it."""

import re

from app.engine.plans import node, python
from app.engine.plans.plan import Plan
from app.engine.plans.tree import Tree

_LINE = re.compile(r"^([A-Za-z0-9_-]+):(.*)$", re.MULTILINE)


def detect(tree: Tree) -> Plan | None:
    """Take the command of the `web:` line; `release:` runs before it."""
    if not tree.has("Procfile"):
        return None
    lines = {name: command.strip() for name, command in _LINE.findall(tree.text("Procfile"))}
    if not lines.get("web"):
        return None
    build, installs = None, []
    reasons = [f"{tree.path('Procfile')} has a web: line."]
    wants = python.requirements(tree)
    if wants:
        installs.append(wants.install)
        reasons.append(f"{tree.path(wants.file)} says what to install.")
    if tree.has("package.json"):
        command = node.install(tree)
        if command:
            installs.append(command)
        if "build" in node.Package.read(tree).scripts:
            build = "npm run build"
        reasons.append(f"{tree.path('package.json')} says what to install.")
    return Plan(
        kind="procfile",
        install=" && ".join(installs) or None,
        build=build,
        seed=lines.get("release") or None,
        run=lines["web"],
        reasons=reasons,
    )
