"""Somebody does it themselves: the branch waits for a push."""

import shlex
from collections.abc import Callable

from app.core.errors import Failed
from app.integrations.coding_agent.assignment import Assignment, Change


class Person:
    """A person with an editor; the session waits until they push or say that it is ready."""

    name = "person"
    label = "A person works on it"
    waits_for_person = True

    def work(
        self, assignment: Assignment, *, say: Callable[[str], None], cancelled: Callable[[], bool]
    ) -> Change:
        del say, cancelled
        raise Failed(
            "waits_for_person",
            f"{assignment.branch} waits for a person.",
            "Push to the branch, or press “mark ready”.",
        )


def instructions(clone_url: str, branch: str) -> list[str]:
    """The lines to copy into a terminal, from nothing to a pushed branch."""
    folder = clone_url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") or "project"
    return [
        f"git clone {shlex.quote(clone_url)}",
        f"cd {shlex.quote(folder)}",
        "git fetch origin",
        f"git switch {shlex.quote(branch)}",
        f"git push origin {shlex.quote(branch)}",
    ]
