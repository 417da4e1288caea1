"""docs/performance.md: the last table, with the machine that it was measured on and how to repeat it."""

import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.support.installation import ROOT

PAGE = Path(ROOT) / "docs" / "performance.md"
_PAGE = """# Performance

Every figure stands beside a yardstick that was measured in the same run on the same machine, so that what is compared are ratios and not machines. The table is written by `bin/bench --write`, never by hand.

{table}

Measured on {when} at commit {commit}: {cores} cores, {memory:.0f} GiB of memory, {system}, Python {python}. The load comes from the same machine, so that all of it shares those cores.

## How it is measured

`bin/bench` starts an installation of its own with the embedded defaults (SQLite, the bundled queue), makes an admin and a key, and measures one figure after the other; `bin/bench board wake` measures only those two. It ends with 1 when a target is missed. Requests per second need `wrk`. On a machine that does other work meanwhile the ratios of requests per second fall, so measure on a quiet one.

- **Memory** is the proportional set size (PSS) of every process of the installation, where nobody does anything: shared pages count once.
- **Status reads** go through the whole main site with a key; the yardstick is a Flask endpoint that returns the same bytes, under the same gunicorn settings. Both are measured in turns.
- **The gateway** passes on requests to an app that answers twelve bytes; the yardstick is an aiohttp proxy that does nothing else, to the same socket.
- **Enqueue to start** is the time between the row of a run and its taking by a worker that has nothing else to do, as the ledger keeps them.
- **`preview` to `ready`** is asked for by a program that waits with `?wait=`; the yardstick runs the same install, build and start commands by hand, outside the sandbox, with the same warm package cache.
- **Wake** is the time of the first visit to a preview that sleeps, until its page is there.
- **The board** is read as HTML by a signed-in person; the yardstick is the profile page in the same shell.
- **Search** looks through a project of 10,000 requests: for words that a quarter of them hold, and for one letter that nearly all do.
- **Specs** are asked for one after the other without waiting, and written by the built-in writer; the order is that in which the ledger says they were begun. Status reads meanwhile are those of one spec that is over, the yardstick is the same at rest.
- **Repository reads** open the repository each time; the yardstick is libgit2 called directly, opening included.
- **Files of a version** are listed, read and saved by a program with a key, through the whole main site; the app was made from a zip, so that none of its files is packed yet. The yardstick is git itself on the same repository, a process for each call. Reading must lay nothing out, and a save must be one commit, both counted afterwards.
"""


def write(table: str) -> Path:
    """Write the page with a table of this moment."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    PAGE.write_text(
        _PAGE.format(
            table=table,
            when=datetime.now(UTC).date().isoformat(),
            commit=commit.stdout.strip(),
            cores=psutil.cpu_count(),
            memory=psutil.virtual_memory().total / 1024**3,
            system=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
        ),
        encoding="utf-8",
    )
    return PAGE
