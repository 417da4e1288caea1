"""The keeper's ear: one JSON object a line on its Unix socket, from the gateway and whoever rings."""

import json
import logging
import socketserver
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.core.db import session, transaction, unit_of_work
from app.engine import instances, routes
from app.engine.instances import Instance
from app.engine.keeper import facts
from app.engine.keeper.hooks import Hooks
from app.engine.routes import Route, ports

log = logging.getLogger(__name__)

LONGEST_LINE = 1 << 20


class Control:
    """Answers questions on a thread for each line; owns no process and starts none."""

    def __init__(self, path: Path, hooks: Hooks, ring: Callable[[], None]) -> None:
        self._hooks = hooks
        self._ring = ring
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # of a keeper that was killed; the lock says that none is alive
        self._server = _Server(str(path), self)
        path.chmod(0o600)
        self._path = path
        self._thread = threading.Thread(target=self._server.serve_forever, name="control", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take no new lines."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)

    def answer(self, question: dict[str, Any]) -> Any:
        """Answer one question, in a unit of work of its own."""
        match question:
            case {"op": "ping"}:
                return True
            case {"op": "poke"}:
                self._ring()
                return True
            case {"op": "facts"}:
                return facts.as_dict()
        with unit_of_work():
            return self._look_up(question)

    def _look_up(self, question: dict[str, Any]) -> Any:
        match question:
            case {"op": "resolve", "label": str(label)}:
                return routes.resolve(label)
            case {"op": "ports"}:
                return {str(port): label for port, label in ports.given().items()}
            case {"op": "wake", "label": str(label)}:
                return self._wake(label)
            case {"op": "visits", "visits": dict(visits)}:
                return _note_visits(visits)
        return self._ask_features(question)

    def _ask_features(self, question: dict[str, Any]) -> Any:
        match question:
            case {"op": "person", "user_id": str(user), "project_id": str(project)}:
                return self._hooks.may_person_open(UUID(user), UUID(project))
            case {"op": "key", "key": str(key), "project_id": str(project)}:
                return self._hooks.may_key_open(key, UUID(project))
            case {"op": "review", "label": str(label), "user_id": str(user)}:
                return self._hooks.review(label, UUID(user))
            case {"op": "link", "secret": str(secret), "label": str(label)}:
                return self._hooks.take_link(secret, label)
            case {"op": "guest", "link_id": str(link), "label": str(label)}:
                return self._hooks.may_guest_open(UUID(link), label)
            case {"op": "token", "token": str(token), "label": str(label)}:
                return self._hooks.may_token_open(token, label)
        raise ValueError("This question is not known here.")

    def _wake(self, label: str) -> bool:
        name = session.scalar(select(Route.instance).where(Route.label == label))
        if name is None:
            return False
        instances.wake(name)
        self._ring()
        return True


def _note_visits(visits: dict[str, float]) -> bool:
    with transaction():
        for label, moment in visits.items():
            at = datetime.fromtimestamp(float(moment), UTC)
            session.execute(update(Route).where(Route.label == label).values(last_visit_at=at))
            behind = select(Route.instance).where(Route.label == label).scalar_subquery()
            session.execute(update(Instance).where(Instance.label == behind).values(last_visit_at=at))
    return True


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, path: str, control: Control) -> None:
        self.control = control
        super().__init__(path, _Line)


class _Line(socketserver.StreamRequestHandler):
    """One connection, question after question."""

    server: _Server

    def handle(self) -> None:
        try:
            while line := self.rfile.readline(LONGEST_LINE):
                self.wfile.write(self._reply(line))
        except OSError:
            return  # they hung up

    def _reply(self, line: bytes) -> bytes:
        try:
            reply: dict[str, Any] = {"ok": True, "answer": self.server.control.answer(json.loads(line))}
        except Exception as trouble:
            log.exception("a question could not be answered")
            reply = {"ok": False, "error": str(trouble)}
        return json.dumps(reply).encode() + b"\n"
