"""Preview sessions: versions that run while somebody edits them."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

STATUS = sa.Enum(
    *("hydrating", "installing", "starting", "ready", "failed", "stopped"),
    name="sessionstatus",
    native_enum=False,
    create_constraint=True,
    length=40,
)
IS_OPEN = sa.text("status IN ('hydrating', 'installing', 'starting', 'ready')")


def upgrade() -> None:
    op.create_table(
        "app_preview_sessions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("app_version_id", sa.String(length=40), nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("commit_sha", sa.String(length=64), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("has_process", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_id", sa.Uuid(), nullable=True),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_suggestion", sa.Text(), nullable=True),
        sa.Column("error_lines", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('failed', 'stopped')) = (stopped_at IS NOT NULL)",
            name=op.f("ck_app_preview_sessions_end"),
        ),
        sa.CheckConstraint(
            "status != 'failed' OR error_message IS NOT NULL", name=op.f("ck_app_preview_sessions_failed_why")
        ),
        sa.CheckConstraint(
            "status != 'ready' OR ready_at IS NOT NULL", name=op.f("ck_app_preview_sessions_ready_when")
        ),
        sa.ForeignKeyConstraint(
            ["app_id"], ["apps.id"], name=op.f("fk_app_preview_sessions_app_id_apps"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["app_version_id"],
            ["app_versions.id"],
            name=op.f("fk_app_preview_sessions_app_version_id_app_versions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_app_preview_sessions_run_id_runs"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"],
            ["users.id"],
            name=op.f("fk_app_preview_sessions_started_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_preview_sessions")),
        sa.UniqueConstraint("label", name=op.f("uq_app_preview_sessions_label")),
    )
    with op.batch_alter_table("app_preview_sessions") as batch_op:
        batch_op.create_index("ix_app_preview_sessions_app_id", ["app_id"])
        batch_op.create_index("ix_app_preview_sessions_app_version_id", ["app_version_id"])
        batch_op.create_index(
            "ix_app_preview_sessions_status_last_heartbeat_at", ["status", "last_heartbeat_at"]
        )
        batch_op.create_index(
            "uq_app_preview_sessions_open",
            ["app_version_id"],
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        )


def downgrade() -> None:
    op.drop_table("app_preview_sessions")
