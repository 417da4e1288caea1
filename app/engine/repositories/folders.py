"""A folder of plain files as a tree of git."""

import tempfile
from pathlib import Path

import pygit2

from app.engine.repositories import git


def tree_of(repository: pygit2.Repository, before: pygit2.Tree | None, folder: Path) -> pygit2.Oid:
    """Write a folder into the object store, without what its .gitignore names unless it was there before."""
    store = Path(repository.path)
    with tempfile.TemporaryDirectory(prefix="greenroom-index-") as aside:
        variables = {"GIT_INDEX_FILE": f"{aside}/index", "GIT_WORK_TREE": str(folder.absolute())}
        if before is not None:
            git.run(store, "read-tree", str(before.id), variables=variables)
        git.run(store, "add", "--all", "--", ":/", variables=variables)
        tree = git.run(store, "write-tree", variables=variables).decode().strip()
    return pygit2.Oid(hex=tree)
