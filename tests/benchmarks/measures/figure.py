"""What a measure returns, and how a yardstick is run beside it."""

import contextlib
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import quantiles

from tests.support.installation import ROOT, wait_until


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    value: str
    yardstick: str
    ratio: str
    target: str
    is_met: bool


@contextlib.contextmanager
def yardstick(*arguments: str, ready: Callable[[], bool]) -> Iterator[None]:
    """Run one of the yardsticks until it is measured."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.yardsticks", *arguments], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(ready, 20, f"the yardstick {arguments[0]} answers")
        yield
    finally:
        process.terminate()
        process.wait(10)


def answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def ratio(name: str, ours: float, bare: float, beside: str, least: float) -> Figure:
    """Write two rates as a figure whose target is the least that ours may be of the bare one."""
    return Figure(
        name,
        f"{ours:,.0f} /s",
        f"{bare:,.0f} /s: {beside}",
        f"{ours / bare:.2f}",
        f"≥ {least}",
        ours / bare >= least,
    )


def times(name: str, ours: float, bare: float, beside: str, most: float) -> Figure:
    """Write two durations in seconds as a figure whose target is the longest that ours may be."""
    return Figure(
        name,
        spoken(ours),
        f"{spoken(bare)}: {beside}",
        f"{ours / bare:.2f}",
        f"≤ {spoken(most)}",
        ours <= most,
    )


def spoken(seconds: float) -> str:
    """Write a duration with the unit that suits it."""
    if seconds >= 0.5:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.0005 else f"{seconds * 1e6:.0f} µs"


def p95(durations: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(durations, n=20, method="inclusive")[-1]
