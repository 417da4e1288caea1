"""`greenroom migrate`: bring the database up to date, or prove that models and migrations agree.

Alembic is loaded here alone: eleven megabytes that no running process needs.
"""

from pathlib import Path

import flask_migrate
from flask import Flask

from app.core.db import db

FOLDER = str(Path(__file__).resolve().parents[2] / "migrations")


def upgrade(app: Flask) -> None:
    """Run the migrations that this database has not seen."""
    with _prepared(app).app_context():
        flask_migrate.upgrade(directory=FOLDER)


def downgrade(app: Flask, revision: str) -> None:
    """Take the migrations after `revision` back; `base` is before the first."""
    with _prepared(app).app_context():
        flask_migrate.downgrade(directory=FOLDER, revision=revision)


def check(app: Flask) -> None:
    """End with status 1 where the models say something that no migration does."""
    with _prepared(app).app_context():
        flask_migrate.check(directory=FOLDER)


def _prepared(app: Flask) -> Flask:
    if "migrate" not in app.extensions:
        flask_migrate.Migrate(app, db, directory=FOLDER, render_as_batch=True)
    return app
