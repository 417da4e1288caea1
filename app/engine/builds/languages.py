"""What the commands of a plan need around them: a virtual environment, package caches, quiet tools."""

import functools
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from app.core.errors import Failed
from app.core.installation import Limits
from app.engine import node
from app.engine.plans import Plan
from app.engine.sandbox import bubblewrap

_PIP = re.compile(r"(^|&&\s*|;\s*)(?:python3? -m )?pip install\b")
_NODE = re.compile(r"\b(npm|npx|node|pnpm|yarn|corepack)\b")
_PIP_FOR_OTHERS = (22, 3)
_MANAGERS = ("pnpm", "yarn", "bun")

QUIET = {
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_ROOT_USER_ACTION": "ignore",
    "UV_LINK_MODE": "copy",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "npm_config_fund": "false",
    "npm_config_audit": "false",
    "npm_config_update_notifier": "false",
    "npm_config_progress": "false",
    "DO_NOT_TRACK": "1",
    "NEXT_TELEMETRY_DISABLED": "1",
    "ASTRO_TELEMETRY_DISABLED": "1",
    "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0",
}


def caches(plan: Plan, folder: str) -> dict[str, str]:
    """Return the variables that send each tool's cache to one folder."""
    own = {"npm_config_store_dir": f"{folder}/pnpm"} if "pnpm" in (plan.install or "") else {}
    return {
        **own,
        "PIP_CACHE_DIR": f"{folder}/pip",
        "UV_CACHE_DIR": f"{folder}/uv",
        "npm_config_cache": f"{folder}/npm",
        "YARN_CACHE_FOLDER": f"{folder}/yarn",
        "COREPACK_HOME": f"{folder}/corepack",
        "XDG_CACHE_HOME": f"{folder}/other",
    }


def node_memory(limits: Limits, env: Mapping[str, str]) -> dict[str, str]:
    """Tell Node of its limit, so that it collects its garbage before the kernel ends it."""
    return (
        {} if "NODE_OPTIONS" in env else {"NODE_OPTIONS": f"--max-old-space-size={limits.memory_mb * 3 // 4}"}
    )


def needs_environment(plan: Plan) -> bool:
    """Tell whether a virtual environment of Python is to be made."""
    return bool(plan.install and re.search(r"\b(pip|uv|poetry|pipenv)\b", plan.install))


def make_environment(plan: Plan) -> str:
    """Return the command that makes the virtual environment."""
    python = bubblewrap.python()
    how = installer(plan)
    if how == "uv":
        return f"rm -rf .venv && uv venv --quiet --python '{python}' .venv"
    option = " --without-pip" if how == "pip of the base" else ""
    return f"rm -rf .venv && '{python}' -m venv{option} .venv"


def installer(plan: Plan) -> Literal["uv", "pip of the base", "pip"]:
    """Choose the quickest of what can do all that the install command asks of pip.

    uv takes a tenth of pip's time, and a pip that is there already saves half of it.
    """
    rest = _PIP.sub("", plan.install or "")
    if re.search(r"\b(pip|poetry|pipenv)\b", rest):
        return "pip"
    if "uv" in bubblewrap.tools():
        return "uv"
    return "pip of the base" if _base_has_pip(bubblewrap.python()) else "pip"


@functools.cache
def _base_has_pip(python: Path) -> bool:
    """Tell whether the Python of this machine has a pip that installs for another one."""
    command = [str(python), "-I", "-m", "pip", "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    found = re.match(r"pip (\d+)\.(\d+)", answer.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= _PIP_FOR_OTHERS


def install_command(plan: Plan) -> str | None:
    """Return the install command for the tools of this machine."""
    if not plan.install:
        return None
    how = installer(plan)
    if how == "uv":
        return _PIP.sub(r"\1uv pip install", plan.install)
    if how == "pip of the base" and needs_environment(plan):
        pip = f"'{bubblewrap.python()}' -m pip --python .venv/bin/python install"
        return _PIP.sub(lambda match: f"{match[1]}{pip}", plan.install)
    return plan.install


def within(plan: Plan, command: str) -> str:
    """Return a command as it runs in the plan's folder, finding what was installed there."""
    lines = []
    if needs_environment(plan):
        lines.append('export VIRTUAL_ENV="$PWD/.venv" PATH="$PWD/.venv/bin:$PATH"')
    if any(_NODE.search(each) for each in (plan.install or "", plan.build or "", plan.run or "")):
        lines.append('export PATH="$PWD/node_modules/.bin:$PATH"')
    return "; ".join([*lines, command])


def find_tools(plan: Plan, say: Callable[[str], None]) -> None:
    """Get what the plan's language needs, or refuse it before anything is run."""
    commands = " ".join(filter(None, (plan.install, plan.build, plan.run, plan.seed)))
    if _NODE.search(commands) and "node" not in bubblewrap.tools():
        node.install(say)
    there = bubblewrap.tools()
    if plan.node and _NODE.search(commands):
        node.must_be(plan.node, there["node"])
    for name in _MANAGERS:
        if re.match(rf"{name}\b", plan.install or "") and name not in there:
            raise Failed(
                "no_package_manager",
                f"The lockfile is {name}'s, and this server has no {name}.",
                f"Install it (npm install --global {name}), or name another command in greenroom.toml.",
            )
