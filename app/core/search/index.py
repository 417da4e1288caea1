"""The full-text index: made beside the tables, in the words of each database, and never a model.

Everything of it is called `fts_…`. The names of the triggers bear a mark of what they do, so that one that
is missing (SQLite drops them with a table that a migration writes anew) or of an older kind is noticed at the
next start, and all texts are then copied again.
"""

import hashlib
import re

from sqlalchemy import Connection, MetaData, event, inspect, text

from app.core.db import Base
from app.core.search.texts import Source, sources

_MOST_FOUND = 100_000  # characters of a text; Postgres keeps no more than 1 MiB of its words

# Statements are parted by an empty line.
_SQLITE = """
CREATE VIRTUAL TABLE fts_texts USING fts5(
  title, body, content='search_texts', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2', prefix='2 3')

INSERT INTO fts_texts(fts_texts, rank) VALUES ('rank', 'bm25(10.0, 1.0)')

CREATE TRIGGER fts_texts_came_MARK AFTER INSERT ON search_texts BEGIN
  INSERT INTO fts_texts(rowid, title, body) VALUES (new.id, new.title, new.body);
END

CREATE TRIGGER fts_texts_went_MARK AFTER DELETE ON search_texts BEGIN
  INSERT INTO fts_texts(fts_texts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END

CREATE TRIGGER fts_texts_changed_MARK AFTER UPDATE ON search_texts BEGIN
  INSERT INTO fts_texts(fts_texts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
  INSERT INTO fts_texts(rowid, title, body) VALUES (new.id, new.title, new.body);
END
"""
_SQLITE_SOURCE = """
CREATE TRIGGER fts_{kind}_came_MARK AFTER INSERT ON {table} WHEN {wanted} BEGIN
  {keep};
END

CREATE TRIGGER fts_{kind}_changed_MARK AFTER UPDATE OF {changes} ON {table} WHEN {wanted} BEGIN
  {keep};
END

CREATE TRIGGER fts_{kind}_went_MARK AFTER DELETE ON {table} BEGIN
  {drop};
END
"""
# `simple` neither stems nor leaves out words: people write in many languages.
_POSTGRES = """
ALTER TABLE search_texts ADD COLUMN fts_words tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple'::regconfig, {title}), 'A') ||
  setweight(to_tsvector('simple'::regconfig, {body}), 'B')) STORED

CREATE INDEX fts_texts_words ON search_texts USING gin (fts_words)
"""
_POSTGRES_SOURCE = """
CREATE FUNCTION fts_{kind}_MARK() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    {drop};
  ELSIF {wanted} THEN
    {keep};
  END IF;
  RETURN NULL;
END $$

CREATE TRIGGER fts_{kind}_MARK AFTER INSERT OR DELETE OR UPDATE OF {changes} ON {table}
  FOR EACH ROW EXECUTE FUNCTION fts_{kind}_MARK()
"""
# Postgres itself would keep `a/b` or `example.com` together as one word. Accents go as in `words.fold`.
_FOLDED = """lower(regexp_replace(
  regexp_replace(normalize(left({column}, {most}), NFD), '[\u0300-\u036f]', '', 'g'),
  '[!-/:-@[-`{{-~]+', ' ', 'g'))"""
_KEEP = """INSERT INTO search_texts (kind, source_id, owner_id, title, body) VALUES ({values})
  ON CONFLICT (kind, source_id) DO UPDATE SET title = excluded.title, body = excluded.body"""
_DROP = "DELETE FROM search_texts WHERE kind = '{kind}' AND source_id = old.id"
_COPY = """INSERT INTO search_texts (kind, source_id, owner_id, title, body)
  SELECT {values} FROM {table} WHERE {wanted}"""


@event.listens_for(Base.metadata, "after_create")
def _after_create(_metadata: MetaData, connection: Connection, **_more: object) -> None:
    set_up(connection)


def set_up(connection: Connection) -> bool:
    """Make the index where it is missing or of an older kind, and copy all texts; False where all is well."""
    statements = _statements(connection.dialect.name)
    if not inspect(connection).has_table("search_texts") or _names(connection) == _triggers(statements):
        return False
    _take_down(connection)
    connection.exec_driver_sql("DELETE FROM search_texts")
    for statement in statements:
        connection.exec_driver_sql(statement)
    for source in sources:
        connection.exec_driver_sql(_copy(source))
    return True


_TRIGGERS_OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 4) = 'fts_'"
_TRIGGERS_OF_POSTGRES = """SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE starts_with(tgname, 'fts_') AND pg_table_is_visible(pg_class.oid)"""
_FUNCTIONS_OF_POSTGRES = """SELECT proname FROM pg_proc
  WHERE starts_with(proname, 'fts_') AND pg_function_is_visible(oid)"""


def _names(connection: Connection) -> set[str]:
    """Return the triggers that there are."""
    is_sqlite = connection.dialect.name == "sqlite"
    return set(connection.scalars(text(_TRIGGERS_OF_SQLITE if is_sqlite else _TRIGGERS_OF_POSTGRES)))


def _triggers(statements: list[str]) -> set[str]:
    """Return the triggers that statements make."""
    return {found[1] for each in statements if (found := re.match(r"CREATE TRIGGER (\w+)", each))}


def _take_down(connection: Connection) -> None:
    """Take the index away; the texts stay."""
    if connection.dialect.name == "sqlite":
        for name in _names(connection):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("DROP TABLE IF EXISTS fts_texts")
        return
    for name in connection.scalars(text(_FUNCTIONS_OF_POSTGRES)).all():
        connection.exec_driver_sql(f"DROP FUNCTION {name}() CASCADE")  # with its triggers
    connection.exec_driver_sql("ALTER TABLE search_texts DROP COLUMN IF EXISTS fts_words")


def _statements(dialect: str) -> list[str]:
    """Return what makes the index, with a mark in its names that differs whenever what it does differs."""
    whole, of_source = (
        (_SQLITE, _SQLITE_SOURCE) if dialect == "sqlite" else (_in_postgres(), _POSTGRES_SOURCE)
    )
    script = "\n".join([whole, *(of_source.format(**_parts(source)) for source in sources)])
    mark = hashlib.sha256(script.encode()).hexdigest()[:8]
    return [part.strip() for part in script.replace("MARK", mark).split("\n\n") if part.strip()]


def _in_postgres() -> str:
    title, body = (_FOLDED.format(column=column, most=_MOST_FOUND) for column in ("title", "body"))
    return _POSTGRES.format(title=title, body=body)


def _parts(source: Source) -> dict[str, str]:
    """Return what differs in the triggers of each source."""
    return {
        "kind": source.kind,
        "table": source.table,
        "changes": ", ".join(source.columns),
        "wanted": _condition(source, "new."),
        "keep": _KEEP.format(values=_values(source, "new.")),
        "drop": _DROP.format(kind=source.kind),
    }


def _copy(source: Source) -> str:
    return _COPY.format(values=_values(source, ""), table=source.table, wanted=_condition(source, ""))


def _condition(source: Source, row: str) -> str:
    return f"{row}{source.only[0]} = '{source.only[1]}'" if source.only else "1 = 1"


def _values(source: Source, row: str) -> str:
    title = f"{row}{source.title}" if source.title else "''"
    body = " || ' ' || ".join(f"coalesce({row}{column}, '')" for column in source.body) or "''"
    return f"'{source.kind}', {row}id, {row}{source.owner}, {title}, {body}"
