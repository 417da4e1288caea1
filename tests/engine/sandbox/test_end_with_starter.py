"""Whoever started work may be killed at any moment: nothing of the work outlives them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

STARTER = """
import os, sys, time
from pathlib import Path
from app.engine.sandbox import Sandbox, Work, probe, spawn
sandbox = probe() if sys.argv[1] == "bubblewrap" else Sandbox("none", "", "none")
mark = os.environ["MARK"]
command = f"(setsid sleep {mark} &); trap '' TERM INT HUP; echo ready; while :; do sleep {mark}; done"
work = Work(command=command, folder=Path(sys.argv[2]), forever=True)
spawn(work, on_line=lambda line: print(line, flush=True), within=sandbox)
time.sleep(600)
"""


@pytest.fixture
def starter(folder, sandbox):
    """A process that runs work, as a worker or the keeper does."""
    mark = f"6{abs(hash(folder)) % 10**9}"
    top = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER, sandbox.kind, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(top), "MARK": mark},
    )
    assert process.stdout.readline() == "ready\n"
    yield process, mark
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed(starter, wait_until, processes_with, number):
    process, mark = starter
    wait_until(lambda: len(processes_with(mark)) >= 2)

    process.send_signal(number)
    process.wait()

    wait_until(lambda: processes_with(mark) == [])
    assert process.returncode == -number


def test_the_outermost_process_killed(starter, wait_until, processes_with):
    process, mark = starter
    wait_until(lambda: len(processes_with(mark)) >= 2)
    outer = int(
        subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=True).stdout.split()[0]
    )

    os.kill(outer, signal.SIGKILL)

    wait_until(lambda: processes_with(mark) == [])
    assert process.poll() is None
