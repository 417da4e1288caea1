import subprocess

import pytest

from app.engine.repositories import Repository, Signature
from tests.support.git_client import git  # noqa: F401 - a fixture

ADA = Signature("Ada", "ada@example.org")


@pytest.fixture
def ada():
    return ADA


@pytest.fixture
def repository(tmp_path):
    return Repository.create(tmp_path / "store" / "shop.git")


@pytest.fixture
def commit(repository):
    """Commit files given as text, and return the sha."""

    def commit(files, *, branch="main", message="Change", **more):
        changes = {path: text if text is None else text.encode() for path, text in files.items()}
        return repository.commit_files(branch, changes, message=message, author=ADA, **more)

    return commit


@pytest.fixture
def fsck():
    """Let git itself judge a repository."""

    def fsck(repository):
        done = subprocess.run(
            [
                "git",
                "-c",
                "safe.directory=*",
                "--git-dir",
                repository.path,
                "fsck",
                "--strict",
                "--no-dangling",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")

    return fsck
