"""Runs the migrations on the database of the application that asks."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.core import search
from app.core.db import Base, UtcDateTime
from app.core.sealed import Sealed

database = current_app.extensions["migrate"].db


def render(kind: str, item: object, _context: object) -> str | bool:
    """Write our own types as what the database keeps, so that a migration stands on its own."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Sealed):
        return "sa.Text()"
    return False


def has_model(_item: object, name: str | None, *_more: object) -> bool:
    """Leave out what the full-text index is made of: app/core/search/index.py makes it, not a model."""
    return not (name or "").startswith("fts_")


def run() -> None:
    """Bring the database to where it is wanted; one transaction a migration."""
    with database.engine.connect() as connection:
        check_references(connection, is_wanted=False)
        try:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=True,
                compare_type=True,
                render_item=render,
                include_object=has_model,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            search.set_up(connection)
            connection.commit()
        finally:
            check_references(connection, is_wanted=True)


def check_references(connection: Connection, *, is_wanted: bool) -> None:
    """Have SQLite follow foreign keys or not: a table written anew would take what refers to it along.

    Inside a transaction it does not listen, and every statement of SQLAlchemy's begins one.
    """
    if connection.dialect.name == "sqlite":
        connection.rollback()
        connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if is_wanted else 'OFF'}")


run()
