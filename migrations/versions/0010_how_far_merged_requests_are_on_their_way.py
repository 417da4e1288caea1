"""How far merged requests are on their way to those who use the app, and which request undoes which."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DELIVERY = sa.Enum(
    "held", "under_way", "failed", "live", name="delivery", native_enum=False, create_constraint=True, length=40
)
OPEN = sa.text("status != 'cancelled'")


def upgrade() -> None:
    with op.batch_alter_table("projects") as batch_op:
        batch_op.add_column(sa.Column("auto_deploy", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("requests") as batch_op:
        batch_op.add_column(sa.Column("merged_commit", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("delivery", DELIVERY, nullable=True))
        batch_op.add_column(sa.Column("live_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undoes_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            "fk_requests_undoes_id_requests", "requests", ["undoes_id"], ["id"], ondelete="SET NULL"
        )
    # What was merged until now went live with it, as far as anybody was told.
    op.execute(
        "UPDATE requests SET delivery = 'live', live_at = merged_at, merged_commit = (SELECT merge_sha FROM "
        "pull_requests WHERE pull_requests.request_id = requests.id AND pull_requests.status = 'merged') "
        "WHERE status = 'merged'"
    )
    with op.batch_alter_table("requests") as batch_op:
        batch_op.create_check_constraint(
            "merged_how_far", "(status = 'merged') = (delivery IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            "live_when", "(delivery IS NOT NULL AND delivery = 'live') = (live_at IS NOT NULL)"
        )
    op.create_index(
        "uq_requests_undoes",
        "requests",
        ["undoes_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("uq_requests_undoes", "requests")
    with op.batch_alter_table("requests") as batch_op:
        batch_op.drop_constraint("delivery", type_="check")
        batch_op.drop_constraint("live_when", type_="check")
        batch_op.drop_constraint("merged_how_far", type_="check")
        batch_op.drop_constraint("fk_requests_undoes_id_requests", type_="foreignkey")
    with op.batch_alter_table("requests") as batch_op:
        for column in ("undoes_id", "live_at", "delivery", "merged_commit"):
            batch_op.drop_column(column)
    with op.batch_alter_table("projects") as batch_op:
        batch_op.drop_column("auto_deploy")
