"""Builds that are kept, deploys that put one live, and the environment and the domain of an app."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "builds",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("app_version_id", sa.String(length=40), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _enum("buildstatus", "pending", "running", "completed", "failed", "cancelled"),
            nullable=False,
        ),
        sa.Column("trigger", _enum("buildtrigger", "manual", "auto", "redeploy"), nullable=False),
        sa.Column("commit_sha", sa.String(length=64), nullable=False),
        sa.Column("env", sa.Text(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("built", sa.JSON(), nullable=True),
        sa.Column("artifact", sa.String(length=64), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_id", sa.Uuid(), nullable=True),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_suggestion", sa.Text(), nullable=True),
        sa.Column("error_lines", sa.JSON(), nullable=True),
        sa.Column("typical_ms", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status != 'completed' OR ended_at IS NOT NULL", name=op.f("ck_builds_completed_when")
        ),
        sa.CheckConstraint(
            "status != 'failed' OR error_message IS NOT NULL", name=op.f("ck_builds_failed_why")
        ),
        sa.ForeignKeyConstraint(
            ["app_id"], ["apps.id"], name=op.f("fk_builds_app_id_apps"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["app_version_id"],
            ["app_versions.id"],
            name=op.f("fk_builds_app_version_id_app_versions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_builds_run_id_runs"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["users.id"], name=op.f("fk_builds_started_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_builds")),
        sa.UniqueConstraint("app_id", "number", name=op.f("uq_builds_app_id_number")),
    )
    op.create_index("ix_builds_app_id_created_at", "builds", ["app_id", "created_at"])
    op.create_index(op.f("ix_builds_artifact"), "builds", ["artifact"])

    op.create_table(
        "app_domains",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("hostname", sa.String(length=253), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("status", _enum("domainstatus", "pending", "active", "failed"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("attached_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status != 'active' OR verified_at IS NOT NULL", name=op.f("ck_app_domains_active_since")
        ),
        sa.CheckConstraint(
            "status != 'failed' OR last_error IS NOT NULL", name=op.f("ck_app_domains_failed_why")
        ),
        sa.ForeignKeyConstraint(
            ["app_id"], ["apps.id"], name=op.f("fk_app_domains_app_id_apps"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["attached_by_id"],
            ["users.id"],
            name=op.f("fk_app_domains_attached_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_domains")),
        sa.UniqueConstraint("app_id", name=op.f("uq_app_domains_app_id")),
        sa.UniqueConstraint("hostname", name=op.f("uq_app_domains_hostname")),
    )

    op.create_table(
        "app_variables",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("type", _enum("variabletype", "plain", "secret"), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id"], ["apps.id"], name=op.f("fk_app_variables_app_id_apps"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["users.id"], name=op.f("fk_app_variables_set_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_variables")),
        sa.UniqueConstraint("app_id", "name", name=op.f("uq_app_variables_app_id_name")),
    )

    with op.batch_alter_table("deploys") as batch_op:
        batch_op.add_column(sa.Column("build_id", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column(
                "trigger",
                _enum("deploytrigger", "manual", "auto", "rollback"),
                server_default="manual",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_deploys_build_id_builds"), "builds", ["build_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_deploys_build_id"), ["build_id"])


def downgrade() -> None:
    with op.batch_alter_table("deploys") as batch_op:
        batch_op.drop_index(batch_op.f("ix_deploys_build_id"))
        batch_op.drop_constraint(batch_op.f("fk_deploys_build_id_builds"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_deploys_deploytrigger"), type_="check")
        batch_op.drop_column("started_at")
        batch_op.drop_column("trigger")
        batch_op.drop_column("build_id")
    op.drop_table("app_variables")
    op.drop_table("app_domains")
    op.drop_table("builds")
