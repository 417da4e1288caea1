"""A yes before the work."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BEFORE = "turn_role IN ('requester', 'developer', 'system', 'nobody')"
_AFTER = "turn_role IN ('requester', 'developer', 'approver', 'system', 'nobody')"
_PEOPLE = (("projects", "approver_id"), ("requests", "allowed_by_id"))


def upgrade() -> None:
    op.add_column("requests", sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=True))
    for table, column in _PEOPLE:
        op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
        _refer_to_people(table, column)
    _let_turns_be(_BEFORE, _AFTER)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _refer_to_people(table: str, column: str) -> None:
    name = f"fk_{table}_{column}_users"
    if not _is_sqlite():
        op.create_foreign_key(op.f(name), table, "users", [column], ["id"], ondelete="SET NULL")
        return
    told = f"CONSTRAINT {name} FOREIGN KEY({column}) REFERENCES users (id) ON DELETE SET NULL"
    _rewrite(table, lambda sql: f"{sql.rstrip().removesuffix(')').rstrip()}, \n\t{told}\n)")


def _let_turns_be(before: str, after: str) -> None:
    if not _is_sqlite():
        op.drop_constraint(op.f("ck_requests_turnrole"), "requests", type_="check")
        op.create_check_constraint(op.f("ck_requests_turnrole"), "requests", after)
        return
    _rewrite("requests", lambda sql: sql.replace(before, after))


def _rewrite(table: str, change: Callable[[str], str]) -> None:
    """Change what SQLite says of a table, in place: building it anew would lose every CHECK that it has."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    sql = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (change(sql), table)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")


def downgrade() -> None:
    _let_turns_be(_AFTER, _BEFORE)
    with op.batch_alter_table("requests") as batch_op:
        batch_op.drop_column("allowed_at")
    for table, column in _PEOPLE:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
