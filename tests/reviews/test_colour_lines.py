"""Code is shown in colours, also when the first pages that show any are opened at the same moment."""

import subprocess
import sys
from pathlib import Path

from app.reviews.colours import coloured

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = """
import sys, threading
from app.reviews.colours import coloured

sys.setswitchinterval(1e-6)
names = ["a.html", "b.md", "c.css", "d.py", "e.js", "f.toml"]
begin, shown = threading.Barrier(len(names)), []

def show(name):
    begin.wait()
    shown.append("".join(coloured(name, "1")) != "")

threads = [threading.Thread(target=show, args=(name,)) for name in names]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(all(shown), len(shown))
"""


def test_words_are_marked_by_what_they_are():
    lines = coloured("page.html", "<p>Open</p>\nuntil nine")

    assert '<span class="c-nt">p</span>' in lines[0]
    assert lines[1] == "until nine"


def test_a_file_of_no_known_kind_stays_plain():
    assert coloured("notes.nothing-known", "words") == ()


def test_many_are_first_at_the_same_moment():
    """In a process of its own, since it is about what is loaded only once."""
    for _ in range(5):
        told = subprocess.run(
            [sys.executable, "-P", "-c", AT_ONCE],
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

        assert (told.stdout.strip(), told.stderr) == ("True 6", "")
