"""The history under a tree: the last commits of its branch, and no way to where they came from."""

from collections.abc import Iterable
from pathlib import Path

import pygit2

from app.engine.repositories import Repository, git

_COMMITS = 50
_UPLOAD_PACK = "git -c uploadpack.allowAnySHA1InWant=true upload-pack"


def lay_under(tree: Path, repository: Repository, commit: str, branch: str, *, unseen: Iterable[str]) -> None:
    """Make a tree a repository of its own that stands at a commit; it knows no other repository."""
    made = pygit2.init_repository(str(tree), flags=pygit2.enums.RepositoryInitFlag.NO_REINIT)
    made.config["user.name"], made.config["user.email"] = "Greenroom", "greenroom@localhost"
    made.config["gc.auto"] = 0
    made.free()
    store = tree / ".git"
    (store / "info").mkdir(exist_ok=True)
    (store / "info" / "exclude").write_text("".join(f"{each}\n" for each in unseen))
    git.run(
        store,
        *("fetch", "--quiet", "--no-tags", f"--depth={_COMMITS}", f"--upload-pack={_UPLOAD_PACK}"),
        *(str(repository.path.absolute()), commit),
    )
    (store / "FETCH_HEAD").unlink(missing_ok=True)
    git.run(store, "update-ref", f"refs/heads/{branch}", commit)
    git.run(store, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    git.run(store, "read-tree", commit)
