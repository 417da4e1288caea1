"""`greenroom migrate`: bring the database up to date, or prove that models and migrations agree."""

from pathlib import Path

from flask import Flask

FOLDER = str(Path(__file__).resolve().parents[2] / "migrations")


def upgrade(app: Flask) -> None:
    """Run the migrations that this database has not seen."""
    import flask_migrate

    with app.app_context():
        flask_migrate.upgrade(directory=FOLDER)


def check(app: Flask) -> None:
    """End with status 1 where the models say something that no migration does."""
    import flask_migrate

    with app.app_context():
        flask_migrate.check(directory=FOLDER)
