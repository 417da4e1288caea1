"""Chooses the plan for a tree: what the repository says itself wins, then what can be recognised."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.core.errors import Failed
from app.engine.plans import config, node, procfile, python, static
from app.engine.plans.plan import Plan
from app.engine.plans.tree import Tree

_SIGNS = {"package.json", "requirements.txt", "pyproject.toml", "Procfile", "index.html"}


def plan_for(
    files: Iterable[str],
    read: Callable[[str], bytes],
    *,
    root: str = "",
    wishes: Mapping[str, Any] | None = None,
) -> Plan:
    """Say how the tree of `files` is built and started; `read` gives a file's bytes.

    `root` and `wishes` (install, build, output, run, port, health, seed, idle, node) are what the project's
    settings say; where greenroom.toml in the repository says something else, that wins.

    Raises Failed `no_plan` when nothing here can be run, `bad_config` when a file that says how is broken.
    """
    whole = Tree(files, read)
    said = config.read(whole)
    wished = {name: value for name, value in (wishes or {}).items() if value is not None}
    if said is None and not wished:
        return _with_root(_detect(whole.below(root)) or _nothing(whole.below(root)), root)
    said = said or config.Config()
    root = said.root or root
    tree = whole.below(root)
    if said.root and not tree.files:
        raise Failed(
            "bad_config",
            f'{config.NAME} says root = "{root}", and there is no such folder.',
            f"Correct root in {config.NAME} and push again.",
        )
    plan = _combined(said, _detect(tree), _still_open(wished, said)) or _nothing(tree)
    return _with_root(plan, root)


def _still_open(wished: Mapping[str, Any], said: config.Config) -> dict[str, Any]:
    """Return those wishes of the project's settings that greenroom.toml leaves open."""
    is_served = said.run is not None or said.output is not None
    return {
        name: value
        for name, value in wished.items()
        if getattr(said, name) is None and not (is_served and name in {"run", "output"})
    }


def _detect(tree: Tree) -> Plan | None:
    return procfile.detect(tree) or _web(tree) or static.detect(tree)


def _web(tree: Tree) -> Plan | None:
    """Choose between the two languages where a tree has files of both."""
    served = python.detect(tree)
    built = node.detect(tree)
    if served and built and built.is_static:
        return served  # the package.json is there for the assets of the Python app
    return built or served


def _combined(toml: config.Config, found: Plan | None, wished: Mapping[str, Any]) -> Plan | None:
    """Lay what the project's settings say over what was recognised, and greenroom.toml over both."""
    said = replace(toml, **wished)
    if said.output is None and said.run is None and found is None:
        return None
    base = found or Plan(kind="custom")
    keys = [
        name
        for name, value in [
            ("[build] install", toml.install),
            ("[build] command", toml.build),
            ("[build] output", toml.output),
            ("[run] command", toml.run),
            ("[preview] seed", toml.seed),
        ]
        if value is not None
    ]
    reasons = [f"{config.NAME} says so: {', '.join(keys)}."] if keys else []
    if wished:
        reasons.append(f"The project's settings say so: {', '.join(wished)}.")
    if said.run is not None:
        base = replace(base, kind="custom", run=said.run, output=None, spa=False)
        if said.output is not None:  # the command needs the output; it is not served beside it
            reasons.append(f"Its command serves it, so {said.output}/ is not served on its own.")
    elif said.output is not None:
        is_built = said.build is not None or base.build is not None
        base = replace(base, kind="custom" if base.run else base.kind, run=None, output=said.output)
        if not is_built:
            base = replace(base, install=None)
    return replace(
        base,
        install=said.install if said.install is not None else base.install,
        build=said.build if said.build is not None else base.build,
        spa=said.spa if said.spa is not None else base.spa,
        seed=said.seed if said.seed is not None else base.seed,
        port=said.port or base.port,
        health=said.health or base.health,
        env={**base.env, **said.env},
        idle=said.idle,
        node=said.node,
        reasons=[*reasons, *(found.reasons if found and not (said.run or said.output) else [])],
    )


def _with_root(plan: Plan, root: str) -> Plan:
    if not root:
        return plan
    return replace(plan, root=root, reasons=[f"The app lies in {root}/.", *plan.reasons])


def _nothing(tree: Tree) -> Plan:
    """Say that nothing here can be run, and what was looked for."""
    where = f"in {tree.root}/ " if tree.root else ""
    if not tree.files:
        message = f"There are no files {where}yet, so there is nothing to run."
    elif tree.has("package.json"):
        name = tree.path("package.json")
        message = f'{name} has neither a "build" script for a known builder nor a "start" script.'
    elif python.requirements(tree):
        message = (
            f"This looks like Python, but no web app was found {where}"
            "(Flask, FastAPI, Django or a script that serves)."
        )
    else:
        message = (
            f"Nothing {where}says how to run this: no index.html, package.json, requirements.txt, "
            f"pyproject.toml, Procfile or {config.NAME}."
        )
    hint = _hint(tree)
    raise Failed("no_plan", message, f"Add a {config.NAME}{hint}, for example:\n{config.EXAMPLE}")


def _hint(tree: Tree) -> str:
    """Name the folder in which the app seems to lie, where there is one."""
    for name in sorted(tree.files):
        folder, slash, last = name.partition("/")
        if slash and last in _SIGNS:
            return f' (the app seems to lie in {folder}/: root = "{folder}" would say so)'
    return ""
