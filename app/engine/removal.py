"""Takes away folders in which strangers' work did what it liked."""

import shutil
import subprocess
from pathlib import Path


def remove_tree(path: Path) -> None:
    """Remove a folder with all in it, however deep; a link in it goes itself, never what it leads to.

    Python's own way calls itself for each level, and so ends in a tree that somebody made deep enough.
    """
    try:
        shutil.rmtree(path, ignore_errors=True)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", str(path)], stderr=subprocess.DEVNULL, check=False)
