"""JavaScript projects: static builds by their builder, servers by their start script."""

import re
from dataclasses import dataclass
from typing import Any

from app.engine.plans.plan import Plan
from app.engine.plans.tree import Tree

_SERVERS = (
    "next",
    "nuxt",
    "express",
    "fastify",
    "koa",
    "@hapi/hapi",
    "hono",
    "@nestjs/core",
    "@remix-run/serve",
)
_BUILDERS = (  # package, kind, output, whether unknown addresses belong to the page's own router
    ("astro", "astro", "dist", False),
    ("@11ty/eleventy", "eleventy", "_site", False),
    ("vitepress", "vitepress", ".vitepress/dist", False),
    ("@docusaurus/core", "docusaurus", "build", False),
    ("gatsby", "gatsby", "public", False),
    ("react-scripts", "create-react-app", "build", True),
    ("@vue/cli-service", "vue-cli", "dist", True),
    ("parcel", "parcel", "dist", True),
    ("vite", "vite", "dist", True),
)
_OUT_DIR = re.compile(r"""\boutDir\s*:\s*['"]([\w./-]+)['"]""")
_VITE_CONFIGS = tuple(f"vite.config.{suffix}" for suffix in ("js", "ts", "mjs", "mts", "cjs"))
_NEXT_CONFIGS = tuple(f"next.config.{suffix}" for suffix in ("js", "mjs", "ts", "cjs"))
_SERVES_FILES = re.compile(
    r"^\s*(?:npx\s+)?(vite|serve|http-server|live-server|react-scripts|parcel|vue-cli-service|astro|eleventy)\b"
)


@dataclass(frozen=True)
class Package:
    """What package.json says, as far as it can be trusted to have the right shape."""

    dependencies: frozenset[str]
    scripts: dict[str, str]
    main: str | None

    @classmethod
    def read(cls, tree: Tree) -> "Package":
        data = tree.json("package.json")

        def table(name: str) -> dict[str, Any]:
            value = data.get(name)
            return value if isinstance(value, dict) else {}

        scripts = {key: value for key, value in table("scripts").items() if isinstance(value, str)}
        main = data.get("main")
        return cls(
            frozenset(table("dependencies")) | frozenset(table("devDependencies")),
            scripts,
            main if isinstance(main, str) else None,
        )


def detect(tree: Tree) -> Plan | None:
    """Find a static build or a server in a project with a package.json."""
    if not tree.has("package.json"):
        return None
    package = Package.read(tree)
    return (
        _server(tree, package)
        if _is_server(tree, package)
        else _static_build(tree, package) or _server(tree, package)
    )


def install(tree: Tree) -> str | None:
    """Choose the install command by the lockfile that is there."""
    if tree.has("pnpm-lock.yaml"):
        return "pnpm install --frozen-lockfile"
    if tree.has("yarn.lock") and not tree.has("package-lock.json"):
        return "yarn install --frozen-lockfile"
    if tree.has("package-lock.json", "npm-shrinkwrap.json"):
        return "npm ci"
    package = Package.read(tree)
    return "npm install" if package.dependencies else None


def _why_install(tree: Tree) -> list[str]:
    lock = tree.first("pnpm-lock.yaml", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock")
    return [f"{tree.path(lock)} fixes the versions that are installed."] if lock else []


def _is_server(tree: Tree, package: Package) -> bool:
    start = package.scripts.get("start", "")
    if "next" in package.dependencies:
        return not _is_exported(tree)
    return (
        bool(start) and not _SERVES_FILES.match(start) and bool(package.dependencies.intersection(_SERVERS))
    )


def _is_exported(tree: Tree) -> bool:
    config = tree.first(*_NEXT_CONFIGS)
    return bool(config and re.search(r"""\boutput\s*:\s*['"]export['"]""", tree.text(config)))


def _static_build(tree: Tree, package: Package) -> Plan | None:
    if "build" not in package.scripts:
        return None
    if "next" in package.dependencies:
        builder, kind, output, spa = "next", "next", "out", False
    else:
        found = next((each for each in _BUILDERS if each[0] in package.dependencies), None)
        if found is None:
            return None
        builder, kind, output, spa = found
    config = tree.first(*_VITE_CONFIGS)
    if kind == "vite" and config:
        match = _OUT_DIR.search(tree.text(config))
        output = match[1].removeprefix("./") if match else output
    return Plan(
        kind=kind,
        install=install(tree) or "npm install",
        build="npm run build",
        output=output,
        spa=spa,
        reasons=[
            f'{tree.path("package.json")} names {builder} and has a "build" script.',
            *_why_install(tree),
            f"What it builds into {output}/ is served as it is.",
        ],
    )


def _server(tree: Tree, package: Package) -> Plan | None:
    name = tree.path("package.json")
    build = "npm run build" if "build" in package.scripts else None
    entry = tree.first("server.js", "server.mjs", "index.js", "index.mjs", "app.js")
    if package.main and tree.has(package.main.removeprefix("./")):
        entry = package.main.removeprefix("./")
    if "start" in package.scripts:
        run, reason = "npm start", f'{name} has a "start" script.'
    elif "nuxt" in package.dependencies:
        run, reason = "node .output/server/index.mjs", f"{name} names nuxt, which builds a server."
    elif entry and _listens(tree.text(entry)):
        run, reason = f"node {entry}", f"{tree.path(entry)} starts a server."
    else:
        return None
    framework = next((each for each in _SERVERS if each in package.dependencies), None)
    kind = framework if framework in {"next", "nuxt", "express", "fastify"} else "node"
    reasons = [reason, *_why_install(tree)]
    if build:
        reasons.append(f'{name} has a "build" script, which runs before it.')
    return Plan(kind=kind or "node", install=install(tree), build=build, run=run, reasons=reasons)


def _listens(text: str) -> bool:
    return ".listen(" in text or "createServer" in text or "serve(" in text
