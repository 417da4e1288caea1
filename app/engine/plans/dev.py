"""How a tree is served while somebody edits it: by a server that shows a change soon after it was written."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from app.core.errors import Failed
from app.engine.plans.node import Package
from app.engine.plans.plan import Plan
from app.engine.plans.tree import Tree

_AT = "--host 127.0.0.1 --port $PORT"
_DEV_SERVERS = {
    "vite": f"vite {_AT} --strictPort",
    "vitepress": f"vitepress dev {_AT} --strictPort",
    "astro": f"astro dev {_AT}",
    "next": "next dev --hostname 127.0.0.1 --port $PORT",
}
_TARGET = re.compile(r"--app (?P<own>\S+) run|^(?:gunicorn|waitress-serve) .*?(?P<last>\S+)$")
# What a server finds in memory only once everything is installed and planned anew.
_FOUNDATIONS = re.compile(
    r"(^|/)(package(-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|pyproject\.toml"
    r"|requirements[\w.-]*\.(txt|in)|Pipfile|Procfile|greenroom\.toml)$"
)


class Reload(StrEnum):
    """How a change comes to be seen."""

    HOT = "hot"  # the page changes by itself
    PAGE = "page"  # once the page is loaded again
    RESTART = "restart"  # once the process was started again


@dataclass(frozen=True)
class DevPlan:
    """A plan without its build, and how a change comes to be seen."""

    plan: Plan
    reload: Reload

    def as_dict(self) -> dict[str, Any]:
        """Write the plan as JSON can hold it."""
        return {**self.plan.as_dict(), "reload": self.reload.value}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read what `as_dict` wrote."""
        return cls(Plan.from_dict(data), Reload(data.get("reload", Reload.PAGE)))


def dev_plan(plan: Plan, files: Iterable[str], read: Callable[[str], bytes]) -> DevPlan:
    """Turn the plan of a tree into one for editing it; Failed where what it builds has no server for that."""
    tree = Tree(files, read).below(plan.root)
    if plan.is_static and plan.build is None:
        return DevPlan(replace(plan, install=None), Reload.PAGE)
    found = _of_node(plan, tree) or _of_python(plan)
    if found is not None:
        return found
    if plan.run is not None:
        return DevPlan(plan, Reload.RESTART)
    raise Failed(
        "no_dev_server",
        "What is built here has no server that shows changes while they are made.",
        f'Add a script "dev" to {tree.path("package.json")} that serves on the port in PORT; '
        "until then, build it to see it.",
    )


def needs_new_start(paths: Iterable[str]) -> bool:
    """Tell whether one of these files decides what is installed or how it is served."""
    return any(_FOUNDATIONS.search(path) for path in paths)


def _of_node(plan: Plan, tree: Tree) -> DevPlan | None:
    if plan.kind in _DEV_SERVERS:
        return _served(plan, _DEV_SERVERS[plan.kind], f"The dev server of {plan.kind} shows changes at once.")
    if tree.has("package.json") and "dev" in Package.read(tree).scripts:
        return _served(plan, "npm run dev", f'{tree.path("package.json")} has a "dev" script.')
    return None


def _served(plan: Plan, run: str, reason: str) -> DevPlan:
    reasons = [*plan.reasons, reason]
    served = replace(plan, build=None, output=None, spa=False, run=run, health="/", reasons=reasons)
    return DevPlan(served, Reload.HOT)


def _of_python(plan: Plan) -> DevPlan | None:
    run = plan.run or ""
    reason = "It starts again by itself when a file of it changes."
    match plan.kind:
        case "flask" if target := _TARGET.search(run):
            run = f"flask --app {target['own'] or target['last']} run --debug {_AT}"
        case "fastapi" | "starlette" | "litestar" | "quart" if run.startswith("uvicorn "):
            run += " --reload"
        case "django" if "manage.py runserver" in run or "gunicorn" in run:
            run = "python manage.py runserver 127.0.0.1:$PORT"
        case _:
            return None
    return DevPlan(replace(plan, run=run, reasons=[*plan.reasons, reason]), Reload.PAGE)
