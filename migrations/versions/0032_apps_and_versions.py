"""Apps with all that they have, and their versions: each app begins with the one that goes live."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.core.ids import prefixed

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

RETENTION = sa.Enum(
    *("short", "medium", "long", "none"),
    name="retentiontier",
    native_enum=False,
    create_constraint=True,
    length=40,
)
STATUS = sa.Enum(
    "pending", "ready", "failed", name="versionstatus", native_enum=False, create_constraint=True, length=40
)
ADDED: dict[str, tuple[sa.types.TypeEngine, str | None]] = {
    "description": (sa.Text(), ""),
    "config": (sa.JSON(), "{}"),
    "default_version_id": (sa.String(length=40), None),
    "created_by_id": (sa.Uuid(), None),
    "api_key_id": (sa.Uuid(), None),
    "deleted_at": (sa.DateTime(timezone=True), None),
    "retention_tier": (RETENTION, None),
    "purge_at": (sa.DateTime(timezone=True), None),
}


def upgrade() -> None:
    with op.batch_alter_table("apps") as batch_op:
        for name, (kind, default) in ADDED.items():
            batch_op.add_column(sa.Column(name, kind, server_default=default, nullable=default is None))
        batch_op.create_foreign_key(
            op.f("fk_apps_created_by_id_users"), "users", ["created_by_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            op.f("fk_apps_api_key_id_api_keys"), "api_keys", ["api_key_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(
            "purged_after_deleted", "purge_at IS NULL OR deleted_at IS NOT NULL"
        )
        batch_op.create_check_constraint(
            "retained_since_deleted", "retention_tier IS NULL OR deleted_at IS NOT NULL"
        )
        batch_op.create_index("ix_apps_purge_at", ["purge_at"])
    op.create_table(
        "app_versions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status != 'failed' OR error IS NOT NULL", name=op.f("ck_app_versions_failed_why")),
        sa.ForeignKeyConstraint(
            ["app_id"], ["apps.id"], name=op.f("fk_app_versions_app_id_apps"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_app_versions_created_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["app_versions.id"],
            name=op.f("fk_app_versions_parent_id_app_versions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_versions")),
    )
    op.create_index("ix_app_versions_parent_id", "app_versions", ["parent_id"])
    op.create_index("uq_app_versions_app_id_branch", "app_versions", ["app_id", "branch"], unique=True)
    _give_each_app_its_first_version()


def _give_each_app_its_first_version() -> None:
    connection = op.get_bind()
    apps = connection.execute(
        sa.text(
            "SELECT apps.id, projects.default_branch FROM apps JOIN projects ON projects.id = apps.project_id"
        )
    ).all()
    versions = sa.table(
        "app_versions",
        *(sa.column(name, sa.String()) for name in ("id", "app_id", "name", "branch", "status")),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "updated_at")),
    )
    moment = datetime.now(UTC)
    for app_id, branch in apps:
        version_id = prefixed("appver")
        connection.execute(
            versions.insert().values(
                id=version_id,
                app_id=app_id,
                name=branch,
                branch=branch,
                status="ready",
                created_at=moment,
                updated_at=moment,
            )
        )
        connection.execute(
            sa.text("UPDATE apps SET default_version_id = :version WHERE id = :app"),
            {"version": version_id, "app": app_id},
        )


def downgrade() -> None:
    op.drop_index("uq_app_versions_app_id_branch", "app_versions")
    op.drop_index("ix_app_versions_parent_id", "app_versions")
    op.drop_table("app_versions")
    with op.batch_alter_table("apps") as batch_op:
        batch_op.drop_index("ix_apps_purge_at")
        batch_op.drop_constraint("retentiontier", type_="check")
        batch_op.drop_constraint("retained_since_deleted", type_="check")
        batch_op.drop_constraint("purged_after_deleted", type_="check")
        batch_op.drop_constraint(op.f("fk_apps_api_key_id_api_keys"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_apps_created_by_id_users"), type_="foreignkey")
    with op.batch_alter_table("apps") as batch_op:
        for name in reversed(ADDED):
            batch_op.drop_column(name)
