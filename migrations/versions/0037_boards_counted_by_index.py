"""Boards of many requests: what is counted for each look at one is read from an index alone."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_requests_project_id_archived_at_status_version",
        "requests",
        ["project_id", "archived_at", "status", "version"],
    )
    op.create_index(
        "ix_requests_project_id_archived_at_turn",
        "requests",
        ["project_id", "archived_at", "turn_user_id", "turn_role"],
    )


def downgrade() -> None:
    op.drop_index("ix_requests_project_id_archived_at_turn", table_name="requests")
    op.drop_index("ix_requests_project_id_archived_at_status_version", table_name="requests")
