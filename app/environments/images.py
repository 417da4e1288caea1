"""A version of a task, built once with what its services need, to be copied for each environment."""

import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from app.core.errors import Failed
from app.core.installation import installation
from app.engine import serving
from app.engine.builds import Report, build
from app.engine.logs import Log
from app.engine.plans import plan_for
from app.engine.sandbox import Work, run
from app.environments.models import Environment, TaskVersion


def build_version(
    version: TaskVersion, *, log: Log, report: Report, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Lay a version out and build it; returns what each of its services became."""
    said, repository = version.definition, version.task.repository
    report(phase="checkout", progress=5, message=f"Fetching the files of {version.ref}")
    log.line(f"Fetching the files of {version.ref}", "step")
    serving.clear(version.folder)
    repository.checkout(version.commit_sha, version.folder)
    if said.build is not None:
        _run_build(version, said.build, log, report, cancelled)
    made = {}
    for name in said.services:
        service = said.service(name)
        if service.command is None:
            made[name] = _found_out(version, log, report, cancelled)
            continue
        variables = {key: str(value) for key, value in service.env.items()}
        made[name] = {
            "serve": "process",
            "command": service.command,
            "port": service.port,
            "health": service.health,
            "env": variables,
        }
    return made


def _run_build(
    version: TaskVersion, command: str, log: Log, report: Report, cancelled: Callable[[], bool]
) -> None:
    report(phase="building", progress=20, message="Running the build of the task")
    log.line(command, "step")
    work = Work(command=command, folder=version.folder, limits=installation().build_limits, outbound=True)
    outcome = run(work, on_line=lambda line: _hear(log, line), cancelled=cancelled)
    if not outcome.is_good and outcome.ended != "cancelled":
        raise Failed(
            "build_failed",
            f"The build of the task ended with {outcome.exit_code} ({outcome.ended}).",
            "The end of the log says why. Correct it in task.yaml and publish a new version.",
        )


def _hear(log: Log, line: str) -> None:
    log.line(line)


def _found_out(
    version: TaskVersion, log: Log, report: Report, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Build a service whose command nobody said, as a preview is built."""
    repository, commit = version.task.repository, version.commit_sha
    plan = plan_for(repository.files(commit), lambda path: repository.blob(commit, path))
    for reason in plan.reasons:
        log.line(reason)
    built = build(
        plan,
        version.folder,
        cache=installation().caches / f"task-{version.task_id}",
        log=log,
        report=report,
        cancelled=cancelled,
        limits=installation().build_limits,
        env={},
    )
    if built.serve == "static":
        directory = Path(built.directory or version.folder).resolve().relative_to(version.folder.resolve())
        return {"serve": "static", "directory": str(directory), "spa": built.spa, "port": built.port}
    return {
        "serve": "process",
        "command": built.command,
        "port": built.port,
        "health": built.health,
        "env": built.env,
    }


def lay_out(environment: Environment) -> None:
    """Copy what was built for an environment, without what whoever works in it must not see."""
    serving.clear(environment.folder)
    shutil.copytree(environment.task_version.folder, environment.folder, symlinks=True)
    top = environment.folder.resolve()
    for path in environment.task_version.definition.kept_back:
        kept = environment.folder / path
        if kept.parent.resolve() == top / PurePosixPath(path).parent:  # its build may have made a way out
            kept.unlink(missing_ok=True)
