"""Load from a second process: wrk, which this needs on the search path (Debian's package `wrk`)."""

import re
import shutil
import subprocess
import sys
from statistics import median

SECONDS, TURN_SECONDS = 4, 2
CONNECTIONS = 16
ROUNDS, TURNS = 3, 9


def need_wrk() -> str:
    program = shutil.which("wrk")
    if program is None:
        sys.exit("The measures of requests per second need wrk: apt-get install wrk")
    return program


def per_second(url: str, headers: dict[str, str] | None = None, *, expect: str = "2xx") -> float:
    """Return the requests per second that `url` answers, the median of three short rounds."""
    return median(_round(url, headers or {}, expect) for _ in range(ROUNDS))


def _round(url: str, headers: dict[str, str], expect: str = "2xx", *, seconds: int = SECONDS) -> float:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    out = subprocess.run(
        [need_wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *given, url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if (bad or "Socket errors" in out) and expect == "2xx":
        raise AssertionError(f"{url} did not only answer well:\n{out}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert found is not None, out
    return float(found.group(1))


def side_by_side(
    ours: tuple[str, dict[str, str]], yardstick: tuple[str, dict[str, str]]
) -> tuple[float, float]:
    """Measure two addresses in short turns, so that the machine's moods meet both; return the middle turn.

    The turns are put in order by what ours is of the other one: a mood that changes within one of them makes
    that one an outlier, and no more.
    """
    for address, headers in (ours, yardstick):
        _round(address, headers)  # the first round warms up
    turns = [
        (_round(*ours, seconds=TURN_SECONDS), _round(*yardstick, seconds=TURN_SECONDS)) for _ in range(TURNS)
    ]
    return sorted(turns, key=lambda turn: turn[0] / turn[1])[TURNS // 2]
