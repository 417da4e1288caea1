"""A question that is asked very often, asked as cheaply as the database allows."""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Engine

from app.core.db import current_engine


class OneRead:
    """A single statement that is asked very often: compiled once, sent on a plain connection, no session.

    It gives rows as named tuples of Python values, as the statement's types read them.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._ready: dict[str, _Compiled] = {}

    def first(self, **given: Any) -> Any | None:
        """Return the first row for these parameters, or None."""
        engine = current_engine()
        ready = self._ready.get(engine.dialect.name)
        if ready is None:
            ready = self._ready[engine.dialect.name] = _Compiled(self._statement, engine)
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(ready.sql, ready.bind(given))
            found = cursor.fetchone()
            cursor.close()
        finally:
            connection.close()
        return None if found is None else ready.row(found)


class _Compiled:
    def __init__(self, statement: Any, engine: Engine) -> None:
        dialect = engine.dialect
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._fixed = {
            name: value for name, value in compiled.params.items() if not compiled.binds[name].required
        }
        self._positions: list[str] = list(compiled.positiontup or ())
        self._binders = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        columns = list(statement.selected_columns)
        self._readers = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        names = [column.key or f"column_{place}" for place, column in enumerate(columns)]
        # Its names are the statement's, known only now.
        row: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024
        self._row = row._make

    def bind(self, given: dict[str, Any]) -> Any:
        """Return the parameters as the driver wants them: by place or by name."""
        values = {**self._fixed, **given}
        for name, binder in self._binders.items():
            if binder is not None and name in values:
                values[name] = binder(values[name])
        return [values[name] for name in self._positions] if self._positions else values

    def row(self, found: Sequence[Any]) -> Any:
        """Return the values as the statement's types read them."""
        return self._row(
            value if reader is None else reader(value)
            for reader, value in zip(self._readers, found, strict=True)
        )
