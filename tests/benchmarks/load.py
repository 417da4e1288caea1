"""Load from a second process: wrk, which this needs on the search path (Debian's package `wrk`)."""

import re
import shutil
import subprocess
import sys
from statistics import median

SECONDS = 4
CONNECTIONS = 16
ROUNDS = 3


def need_wrk() -> str:
    program = shutil.which("wrk")
    if program is None:
        sys.exit("The measures of requests per second need wrk: apt-get install wrk")
    return program


def per_second(url: str, headers: dict[str, str] | None = None, *, expect: str = "2xx") -> float:
    """Return the requests per second that `url` answers, the median of three short rounds."""
    return median(_round(url, headers or {}, expect) for _ in range(ROUNDS))


def _round(url: str, headers: dict[str, str], expect: str) -> float:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    out = subprocess.run(
        [need_wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *given, url],
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
    """Measure two addresses in turns, so that the machine's moods meet both; return both medians."""
    ours_found, yardstick_found = [], []
    for address, headers in (ours, yardstick):
        _round(address, headers, "2xx")  # the first round warms up
    for _ in range(ROUNDS):
        ours_found.append(_round(*ours, "2xx"))
        yardstick_found.append(_round(*yardstick, "2xx"))
    return median(ours_found), median(yardstick_found)
