"""A command and what it says, as it says it: for whoever reads along, and ended when they go."""

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from uuid import UUID

from app.accounts.models import User
from app.core.db import let_go, session, unit_of_work
from app.core.errors import DomainError
from app.environments.models import Environment
from app.environments.operations.using import execute, must_be_open_to


class Following:
    """The pieces that a command says, its exit code the last of them; closing it ends the command."""

    def __init__(self) -> None:
        self._pieces: SimpleQueue[str | None] = SimpleQueue()
        self._is_left = threading.Event()

    def __iter__(self) -> Iterator[str]:
        return iter(self._pieces.get, None)

    def close(self) -> None:
        """Stop reading along."""
        self._is_left.set()

    def work(self, environment_id: UUID, user_id: UUID, command: str, seconds: int) -> None:
        """Run the command to its end, on a thread of its own: it ends with the thread that started it."""
        try:
            with unit_of_work():
                environment = session.get_one(Environment, environment_id)
                by = session.get_one(User, user_id)
                ran = execute(
                    environment,
                    command=command,
                    seconds=seconds,
                    by=by,
                    heard=self._pieces.put,
                    is_left=self._is_left.is_set,
                )
                self._pieces.put(f"\n[greenroom: exit code {ran.exit_code}]\n")
        except DomainError as trouble:
            self._pieces.put(f"\n[greenroom: {trouble.message}]\n")
        finally:
            self._pieces.put(None)


def follow_command(environment: Environment, *, command: str, seconds: int, by: User) -> Following:
    """Begin a command and return what is read along of it."""
    must_be_open_to(by, environment)
    following = Following()
    let_go()
    threading.Thread(
        target=following.work, args=(environment.id, by.id, command, seconds), name="command", daemon=True
    ).start()
    return following
