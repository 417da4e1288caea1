"""From a checkout to something that can be served: install, build, seed, each within walls and limits."""

import shlex
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

import psutil

from app.core.errors import Cancelled, Failed
from app.core.installation import Limits
from app.engine.builds import languages
from app.engine.builds.output import find_output, make_safe
from app.engine.builds.trouble import explain
from app.engine.logs import Log
from app.engine.plans import Plan
from app.engine.sandbox import Work, measure, require, run

_LEAST_DISK_MB = 512
_LEAST_MEMORY_MB = 192
_MEGABYTE = 1024 * 1024
_KEPT_LINES = 600


class Report(Protocol):
    """Takes how far the work is; the ledger's `report` is one."""

    def __call__(self, *, phase: str, progress: int, message: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build left: a `directory` to serve as it is, or a `command` to run in `folder` (as /app)."""

    folder: Path
    serve: Literal["static", "process"]
    directory: Path | None = None
    spa: bool = False
    command: str | None = None
    port: int = 8080
    health: str = "/"
    env: dict[str, str] = field(default_factory=dict)


def build(
    plan: Plan,
    folder: Path,
    *,
    cache: Path,
    log: Log,
    report: Report,
    cancelled: Callable[[], bool],
    limits: Limits,
    env: Mapping[str, str],
    allowed_hosts: Sequence[str] = (),
) -> Built:
    """Install, build and seed the checkout in `folder` by its plan; `cache` is the project's own.

    Of private addresses only those of `allowed_hosts` are reached meanwhile.

    Raises Failed with what went wrong and the lines that matter, Cancelled when `cancelled` said so.
    """
    steps = _Steps(plan, folder, cache, log, report, cancelled, limits, dict(env), allowed_hosts)
    languages.find_tools(plan, lambda words: _say(log, report, words))
    if any((plan.install, plan.build, plan.seed)):
        _check_room(folder, limits)
        steps.all()
    variables = {**plan.env, **env}
    if plan.run is not None:
        inside = languages.within(plan, plan.run)
        place = f"cd {shlex.quote(plan.root)} && " if plan.root else ""
        return Built(
            folder=folder,
            serve="process",
            command=f"{place}{inside}",
            port=plan.port,
            health=plan.health,
            env=variables,
        )
    directory, remark = find_output(folder, plan.root, plan.output or ".")
    if remark:
        log.line(remark, stream="step")
    for name in make_safe(directory):
        log.line(f"{name} is not served: it leads out of the folder or is no file.", stream="step")
    return Built(folder=folder, serve="static", directory=directory, spa=plan.spa, env=variables)


def _say(log: Log, report: Report, words: str) -> None:
    report(phase="installing", progress=5, message=words)
    log.line(words, stream="step")


def _check_room(folder: Path, limits: Limits) -> None:
    """Refuse early what would fail late and take others along."""
    free = measure.free_mb(folder)
    if free < _LEAST_DISK_MB:
        raise Failed(
            "disk_short",
            f"This server has {free} MB of disk left, too little to build anything.",
            "Have old previews closed or the disk enlarged, then try again.",
        )
    available = psutil.virtual_memory().available // _MEGABYTE
    needed = min(_LEAST_MEMORY_MB, limits.memory_mb)
    if available < needed:
        raise Failed(
            "memory_short",
            f"This server has {available} MB of memory left, too little to build anything.",
            "Wait until other builds are done or previews sleep, then try again.",
        )


@dataclass
class _Steps:
    """The commands of one build, one after the other, in one checkout."""

    plan: Plan
    folder: Path
    cache: Path
    log: Log
    report: Report
    cancelled: Callable[[], bool]
    limits: Limits
    env: dict[str, str]
    allowed_hosts: Sequence[str]

    def all(self) -> None:
        self._deadline = time.monotonic() + self.limits.seconds
        packages = self.cache / "packages"
        packages.mkdir(parents=True, exist_ok=True)
        self._caches = {"packages": packages}
        inside = "/cache/packages" if require().is_walled else str(packages)
        self._variables = {
            **languages.QUIET,
            **languages.caches(self.plan, inside),
            **languages.node_memory(self.limits, self.env),
        }
        command = languages.install_command(self.plan)
        if command:
            if languages.needs_environment(self.plan):
                self._quietly(languages.make_environment(self.plan))
            self._step(
                "installing", 15, "Installing", command, shown=self.plan.install, code="install_failed"
            )
        if self.plan.build:
            self._step("building", 55, "Building", self.plan.build, code="build_failed")
        if self.plan.seed:
            self._step("building", 85, "Preparing the data", self.plan.seed, code="seed_failed")

    def _quietly(self, command: str) -> None:
        self.report(phase="installing", progress=5, message="Preparing")
        self._run("Preparing Python", command, code="install_failed")

    def _step(
        self, phase: str, progress: int, name: str, command: str, *, code: str, shown: str | None = None
    ) -> None:
        self.report(phase=phase, progress=progress, message=f"{name}: {shown or command}")
        self.log.line(f"{name}: {command}", stream="step")
        self._run(name, command, code=code, on_line=lambda line: self._live(phase, progress, line))

    def _live(self, phase: str, progress: int, line: str) -> None:
        if line.strip():
            self.report(phase=phase, progress=progress, message=line.strip()[:200])

    def _run(
        self, name: str, command: str, *, code: str, on_line: Callable[[str], None] = lambda _: None
    ) -> None:
        lines: deque[str] = deque(maxlen=_KEPT_LINES)

        def take(line: str) -> None:
            written = self.log.line(line)
            lines.append(written)
            on_line(written)

        left = max(1, int(self._deadline - time.monotonic()))
        work = Work(
            command=languages.within(self.plan, command),
            folder=self.folder,
            directory=self.plan.root,
            env={**self._variables, **self.plan.env, **self.env},
            limits=replace(self.limits, seconds=left),
            caches=self._caches,
            outbound=True,
            allowed_hosts=self.allowed_hosts,
        )
        outcome = run(work, on_line=take, cancelled=self.cancelled)
        if outcome.ended == "cancelled":
            raise Cancelled
        if not outcome.is_good:
            self.log.line(f"{name} failed ({outcome.ended}, exit code {outcome.exit_code}).", stream="step")
            raise explain(name, outcome, list(lines), self.limits, code=code)
