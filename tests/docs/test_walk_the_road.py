"""The script that readers are given walks the whole road of a real installation."""

import subprocess
import sys

import pytest

from tests.support.installation import ROOT

pytestmark = pytest.mark.real


def test_walks_from_a_request_to_live_and_leaves_nothing_untrue(installation):
    key = installation.key or installation.admin()

    walked = subprocess.run(
        [
            sys.executable,
            str(ROOT / "docs" / "walk_the_road.py"),
            f"http://127.0.0.1:{installation.port}",
            key,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert walked.returncode == 0, walked.stdout + walked.stderr
    steps = [line.split(".")[0] for line in walked.stdout.splitlines() if line[:1].isdigit()]
    assert steps == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert installation.disagreements() == []
