"""A keeper as a process of its own, for tests: `python keeper_process.py <home> <database url>`."""

import logging
import sys
from pathlib import Path

from flask import Flask

from app.core import db
from app.core.db import unit_of_work
from app.core.installation import Installation, Limits, configure
from app.engine import routes  # noqa: F401 - its tables
from app.engine.keeper import Hooks, Keeper, Periodic, kept, reconcile


def main() -> None:
    home, url = Path(sys.argv[1]), sys.argv[2]
    logging.basicConfig(level="INFO")
    configure(
        Installation(
            home=home, url="http://localhost:8000", preview_domain="preview.localhost:8001", secret_key="a key for tests",
            database_url=url, redis_url="redis://127.0.0.1:1/0",
            instance_limits=Limits(memory_mb=256, processes=64),
        )
    )  # fmt: skip
    kept.BACK_OFF = (0.05, 0.1)
    flask = Flask("keeper")
    flask.config["SQLALCHEMY_DATABASE_URI"] = url
    db.connect(flask)

    def do() -> None:
        with unit_of_work():
            reconcile.reconcile()

    def fail() -> None:
        raise RuntimeError("on purpose")

    Keeper(
        Hooks(
            may_person_open=lambda user, project: user == project,
            may_key_open=lambda key, _: key == "sesame",
            periodic=[Periodic("fails", 0.2, fail), Periodic("reconciler", 0.3, do)],
        )
    ).run()


main()
