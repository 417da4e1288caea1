"""The web process: gunicorn around the application that is loaded already."""

import gc
import os
import socket
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from app.cli import processes
from app.core import db
from app.core.changes import MOST_WAITING
from app.core.installation import Installation

THREADS = MOST_WAITING + 56  # made when they are needed; those who wait must not keep out those who do not
COLLECT_AFTER = 20_000  # things that are new: several pages' worth


class _Site(BaseApplication):  # type: ignore[misc]  # untyped upstream
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def serve(app: Flask, installation: Installation, listener: socket.socket | None = None) -> None:
    """Serve the site until a signal asks for the end; on a socket that is bound already, if one is given."""
    if listener is not None:
        bind = f"fd://{os.dup(listener.fileno())}"
    else:
        bind = (
            f"[{installation.host}]:{installation.port}"
            if ":" in installation.host
            else (f"{installation.host}:{installation.port}")
        )
    arbiter = os.getpid()

    def after_fork(_arbiter: object, _worker: object) -> None:
        processes.die_with_parent(arbiter)
        processes.be_named("gr-web-worker")
        db.forget_connections()
        gc.freeze()  # what is loaded stays; the collector need not walk it
        gc.set_threshold(COLLECT_AFTER)

    options = {
        "bind": [bind],
        "worker_class": ThreadWorker,
        "workers": 1,
        "threads": THREADS,
        "preload_app": True,
        "graceful_timeout": 3,
        "keepalive": 5,
        "post_fork": after_fork,
        "control_socket_disable": True,
        "logger_class": Logger,
        "loglevel": "warning",
        "errorlog": "-",
        "proc_name": "greenroom",
    }
    _Site(app, options).run()
