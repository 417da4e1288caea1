"""Python apps: Flask, FastAPI, Django and others, found by what they require and by the code itself."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.core.errors import Failed
from app.engine.plans.plan import Plan
from app.engine.plans.tree import Tree

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_APP = r"^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?{maker}\("
_FLASK = re.compile(_APP.format(maker="Flask"), re.MULTILINE)
_FASTAPI = re.compile(_APP.format(maker="(?:FastAPI|Starlette|Litestar|Quart)"), re.MULTILINE)
_FACTORY = re.compile(r"^(?:async\s+)?def\s+(create_app|make_app|build_app)\s*\(", re.MULTILINE)
_MADE = re.compile(
    r"^(app|application|server)\s*(?::[^=\n]+)?=\s*\w*(?:create_app|make_app|build_app)\(", re.MULTILINE
)
_SERVES = re.compile(r"\.run\(|serve_forever|run_simple|make_server|HTTPServer|web\.run_app")


@dataclass(frozen=True)
class Requirements:
    """What the project wants installed, and how."""

    file: str
    names: frozenset[str]
    install: str

    def has(self, *names: str) -> bool:
        return any(name in self.names for name in names)


def detect(tree: Tree) -> Plan | None:
    """Find a web app in Python, by its requirements first and its code second."""
    wants = requirements(tree)
    if wants is None and not any(name.endswith(".py") for name in tree.files):
        return None
    return (
        _django(tree, wants)
        or _asgi(tree, wants)
        or _flask(tree, wants)
        or _streamlit(tree, wants)
        or _script(tree, wants)
    )


def requirements(tree: Tree) -> Requirements | None:
    """Read which packages are wanted from requirements.txt, pyproject.toml or a Pipfile."""
    name = tree.first(
        "requirements.txt", "requirements/production.txt", "requirements/base.txt", "requirements.in"
    )
    if name:
        return Requirements(name, frozenset(_names(tree.text(name).splitlines())), f"pip install -r {name}")
    if not tree.has("pyproject.toml"):
        return None
    data = _pyproject(tree)
    project = data.get("project")
    if not isinstance(project, dict):
        return None
    listed = project.get("dependencies", [])
    names = frozenset(_names([str(each) for each in listed] if isinstance(listed, list) else []))
    if "build-system" in data:
        return Requirements("pyproject.toml", names, "pip install -e .")
    quoted = " ".join(f"'{each}'" for each in listed if isinstance(each, str) and "'" not in each)
    return Requirements("pyproject.toml", names, f"pip install {quoted}" if quoted else "true")


def _pyproject(tree: Tree) -> dict[str, object]:
    try:
        return tomllib.loads(tree.text("pyproject.toml"))
    except tomllib.TOMLDecodeError as error:
        raise Failed(
            "bad_config",
            f"{tree.path('pyproject.toml')} is not valid TOML: {error}.",
            f"Correct {tree.path('pyproject.toml')} and push again.",
        ) from error


def _names(lines: list[str]) -> set[str]:
    found = set()
    for line in lines:
        match = _NAME.match(line.split("#", 1)[0])
        if match:
            found.add(re.sub(r"[-_.]+", "-", match[1]).lower())
    return found


def _install(wants: Requirements | None, *missing: str) -> str | None:
    """Return the install command, with what the app needs to be served and does not ask for itself."""
    extra = " ".join(missing)
    if wants is None or wants.install == "true":
        return f"pip install {extra}" if extra else None
    return f"{wants.install} {extra}".strip()


def _reason(tree: Tree, wants: Requirements | None, framework: str, found: str) -> str:
    if wants and wants.has(framework):
        return f"{tree.path(wants.file)} names {framework} and {found}."
    return f"{found}, though no file names {framework} as required; it is installed all the same."


def _dotted(name: str) -> tuple[str, dict[str, str]]:
    """Turn a file's path into a module's name, and what Python must be told to find it."""
    parts = list(PurePosixPath(name).with_suffix("").parts)
    env = {}
    if parts[0] == "src" and len(parts) > 1:
        parts, env = parts[1:], {"PYTHONPATH": "src"}
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts), env


def _find(tree: Tree, *patterns: re.Pattern[str]) -> tuple[str, str] | None:
    """Return the first file and the name in it that a pattern matches."""
    for pattern in patterns:
        for name in tree.modules():
            match = pattern.search(tree.text(name))
            if match:
                return name, match[1]
    return None


def _flask(tree: Tree, wants: Requirements | None) -> Plan | None:
    if wants is not None and not wants.has("flask") and wants.names:
        return None
    place = _find(tree, _FLASK, _MADE, _FACTORY)
    if place is None or (wants is None and "flask" not in tree.text(place[0]).lower()):
        return None
    name, variable = place
    module, env = _dotted(name)
    is_factory = variable.startswith(("create_", "make_", "build_"))
    target = f"{module}:{variable}"
    called = f"'{target}()'" if is_factory else target
    found = (
        f"{tree.path(name)} {'makes an app in ' + variable + '()' if is_factory else 'creates ' + variable}"
    )
    reasons = [_reason(tree, wants, "flask", found)]
    if wants and wants.has("gunicorn"):
        run = f"gunicorn --bind 127.0.0.1:$PORT --workers 1 --threads 8 {called}"
        reasons.append(f"{tree.path(wants.file)} names gunicorn, so gunicorn serves it.")
    elif wants and wants.has("waitress"):
        option = "--call " if is_factory else ""
        run = f"waitress-serve --listen=127.0.0.1:$PORT {option}{target}"
        reasons.append(f"{tree.path(wants.file)} names waitress, so waitress serves it.")
    else:
        run = f"flask --app {target} run --host 127.0.0.1 --port $PORT"
        reasons.append("No production server is named, so Flask's own serves it.")
    missing = () if wants and wants.has("flask") else ("flask",)
    return Plan(kind="flask", install=_install(wants, *missing), run=run, env=env, reasons=reasons)


def _asgi(tree: Tree, wants: Requirements | None) -> Plan | None:
    framework = next(
        (each for each in ("fastapi", "starlette", "litestar", "quart") if wants and wants.has(each)), None
    )
    if framework is None and wants is not None and wants.names:
        return None
    place = _find(tree, _FASTAPI)
    if place is None:
        return None
    name, variable = place
    module, env = _dotted(name)
    missing = ["uvicorn"] if not (wants and wants.has("uvicorn")) else []
    if framework is None:
        framework = "fastapi"
        missing.insert(0, "fastapi")
    reasons = [_reason(tree, wants, framework, f"{tree.path(name)} creates {variable}"), "uvicorn serves it."]
    run = f"uvicorn {module}:{variable} --host 127.0.0.1 --port $PORT"
    return Plan(kind=framework, install=_install(wants, *missing), run=run, env=env, reasons=reasons)


def _django(tree: Tree, wants: Requirements | None) -> Plan | None:
    if not tree.has("manage.py") or "django" not in tree.text("manage.py").lower():
        return None
    found = f"{tree.path('manage.py')} is there"
    reasons = [_reason(tree, wants, "django", found)]
    wsgi = next((name for name in tree.files if name.endswith("/wsgi.py") and name.count("/") == 1), None)
    run = "python manage.py runserver --noreload 127.0.0.1:$PORT"
    if wsgi and wants and wants.has("gunicorn"):
        run = f"gunicorn --bind 127.0.0.1:$PORT --workers 1 --threads 8 {_dotted(wsgi)[0]}:application"
        reasons.append(f"{tree.path(wants.file)} names gunicorn, so gunicorn serves it.")
    missing = () if wants and wants.has("django") else ("django",)
    return Plan(
        kind="django",
        install=_install(wants, *missing),
        seed="python manage.py migrate --noinput",
        run=run,
        reasons=[*reasons, "Its migrations run before it starts."],
    )


def _streamlit(tree: Tree, wants: Requirements | None) -> Plan | None:
    if not wants or not wants.has("streamlit"):
        return None
    name = tree.first("streamlit_app.py", "app.py", "main.py")
    if name is None:
        return None
    run = f"streamlit run {name} --server.headless true --server.address 127.0.0.1 --server.port $PORT"
    reasons = [f"{tree.path(wants.file)} names streamlit and {tree.path(name)} is there."]
    return Plan(kind="streamlit", install=_install(wants), run=run, reasons=reasons)


def _script(tree: Tree, wants: Requirements | None) -> Plan | None:
    """Find a file that starts a server when it is run."""
    for name in ("app.py", "main.py", "server.py", "run.py", "wsgi.py"):
        if tree.has(name) and _SERVES.search(tree.text(name)):
            reasons = [
                f"{tree.path(name)} starts a server when it is run; it is expected on the port in PORT."
            ]
            return Plan(kind="python", install=_install(wants), run=f"python {name}", reasons=reasons)
    return None
