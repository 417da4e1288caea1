"""The database: one base for every table, one way to write, one way in from outside HTTP.

Flask-SQLAlchemy is imported here and nowhere else, so that no feature knows about Flask.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, MetaData, event, text
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, QueryableAttribute, Session, lazyload, selectinload
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.types import JSON, TypeDecorator, Uuid

from app.core.errors import Conflict

log = logging.getLogger(__name__)

_LOCKED_OUT = frozenset({"40001", "40P01"})  # Postgres: could not be ordered, or a deadlock was broken

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware when it is read, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table's parent."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        datetime: UtcDateTime(),
        UUID: Uuid(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        list[str]: JSON(),
    }


def enum_column(kind: type[StrEnum]) -> Enum:
    """Store a StrEnum by its values, checked by the database."""
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=kind.__name__.lower(),
        length=40,
    )


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
session = db.session

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_app: list[Any] = []


def connect(app: Any) -> None:
    """Tie the database to the application; called once, by the factory."""
    _app[:] = [app]
    db.init_app(app)
    with app.app_context():
        app.extensions["greenroom.engine"] = db.engine
        _prepare(db.engine)


def current_engine() -> Engine:
    """Return the engine, also where no application context is open."""
    engine: Engine = _app[0].extensions["greenroom.engine"]
    return engine


# The system keeps the file's pages for all; each connection's own half a mebibyte of them is enough.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "cache_size=-512",
)


def _prepare(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def forget_connections() -> None:
    """Drop the connections a forked child has from its parent, without closing the parent's."""
    if _app:
        with _app[0].app_context():
            db.engine.dispose(close=False)


@contextlib.contextmanager
def unit_of_work() -> Iterator[None]:
    """Open the database for code that runs outside HTTP: jobs, the keeper's threads, the command line."""
    if not _app:
        raise RuntimeError("connect() was not called: start through app.factory")
    with _app[0].app_context():
        yield


@contextlib.contextmanager
def transaction() -> Iterator[Session]:
    """Write everything inside or nothing; an inner one joins the outer one.

    On SQLite the write lock is taken at once (BEGIN IMMEDIATE), so that two writers queue instead of failing
    half-way. What was given to `after_commit` runs once the outermost block has committed.
    """
    here: Session = session()
    if here.info.get("depth"):
        here.info["depth"] += 1
        try:
            yield here
        finally:
            here.info["depth"] -= 1
        return
    if here.in_transaction():
        here.commit()  # the read before; what it loaded stays loaded
    mark = _writing.set(True)
    here.info.update(depth=1, after_commit=[])
    try:
        here.connection()
        yield here
        here.commit()
    except (StaleDataError, IntegrityError, OperationalError) as trouble:
        here.rollback()
        if not _is_race(trouble):
            raise  # a CHECK or a missing row is a mistake of ours
        log.info("write lost a race: %s", trouble)
        raise Conflict(
            "Somebody else changed this a moment ago. Look at it again, then repeat what you did."
        ) from trouble
    except BaseException:
        here.rollback()
        raise
    finally:
        _writing.reset(mark)
        here.info["depth"] = 0
    for send in here.info.pop("after_commit", ()):
        try:
            send()
        except Exception:
            log.exception("after-commit call failed; the sweeper will repeat what matters")


def _is_race(trouble: StaleDataError | IntegrityError | OperationalError) -> bool:
    """Tell whether somebody else was first: with a row, with a name, or with the lock that both wanted."""
    if isinstance(trouble, IntegrityError):
        return "unique" in str(trouble.orig).lower()
    return isinstance(trouble, StaleDataError) or getattr(trouble.orig, "sqlstate", None) in _LOCKED_OUT


def after_commit(send: Callable[[], object]) -> None:
    """Run `send` once what is being written is truly there; at once when nothing is."""
    here: Session = session()
    if here.info.get("depth"):
        here.info["after_commit"].append(send)
    else:
        send()


def bare(*path: QueryableAttribute[Any]) -> list[ORMOption]:
    """Join nothing to what is found; a path of relations comes along, by statements of their own.

    It is for what is looked for every few seconds and seldom found: the plan of a statement that joins seven
    tables stays in memory, and is a mebibyte of it.
    """
    options: list[ORMOption] = [lazyload("*")]
    if path:
        load = selectinload(path[0])
        for relation in path[1:]:
            load = load.selectinload(relation)
        options.append(load)
    return options


@contextlib.contextmanager
def reading() -> Iterator[Connection]:
    """Open a plain connection to read by; inside a transaction its own: a second one would wait for it."""
    if _writing.get():
        session.flush()  # what was written so far is read
        yield session.connection()
        return
    with current_engine().connect() as connection:
        yield connection


def let_go() -> None:
    """Give the connection back before slow work; loaded things stay usable."""
    here: Session = session()
    if not here.info.get("depth") and here.in_transaction():
        here.commit()


def is_reachable() -> bool:
    """Tell whether the database answers."""
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:
        log.warning("the database does not answer", exc_info=True)
        return False
    return True
