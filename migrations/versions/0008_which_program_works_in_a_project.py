"""Which program works in a project."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("projects") as batch_op:
        batch_op.add_column(sa.Column("agent_preset", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("agent_command", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("projects") as batch_op:
        batch_op.drop_column("agent_command")
        batch_op.drop_column("agent_preset")

