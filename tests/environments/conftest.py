"""Tasks to publish, and environments of them."""

import io
import tarfile

import pytest

from app.core.files import Upload
from app.environments import operations

TASK = """name: find-the-bug
version: 1.0.0
instruction: |
  Fix the app at {{ web_url }} for {{ who }}.
"""


def packed(files: dict[str, str], *, mode: int = 0o644, top: str = "") -> io.BytesIO:
    """A tar.gz of these files."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{top}{path}")
            member.size, member.mode = len(text.encode()), mode
            archive.addfile(member, io.BytesIO(text.encode()))
    made.seek(0)
    return made


@pytest.fixture
def publish(people):
    """Publish a version of a task, by Bob: `publish(TASK, {"notes.txt": "hello"})`."""

    def do(task: str = TASK, files: dict[str, str] | None = None):
        upload = Upload("task.tar.gz", packed({"task.yaml": task, **(files or {"notes.txt": "hello"})}))
        return operations.publish_upload(people.organization, by=people.bob, upload=upload)

    return do


@pytest.fixture
def ready(people, publish, bell):
    """An environment without services, ready, and its token: `ready(TASK)`."""

    def do(task: str = TASK, files: dict[str, str] | None = None, **more: object):
        made = operations.create_environment(people.project(), publish(task, files), by=people.bob, **more)
        bell.work()
        return made

    return do
