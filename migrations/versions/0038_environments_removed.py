"""Environments say since when nothing is there of what they had, so that what was left is taken away later."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("environments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_environments_removed"), "removed_at IS NULL OR ended_at IS NOT NULL"
        )
        batch_op.create_index("ix_environments_removed_at_ended_at", ["removed_at", "ended_at"])


def downgrade() -> None:
    with op.batch_alter_table("environments", schema=None) as batch_op:
        batch_op.drop_index("ix_environments_removed_at_ended_at")
        batch_op.drop_constraint(batch_op.f("ck_environments_removed"), type_="check")
        batch_op.drop_column("removed_at")
