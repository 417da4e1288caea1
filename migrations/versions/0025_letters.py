"""Letters that are sent by mail, of what people are told by which channel, and projects that were hidden."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

RESERVED = (
    *("begin", "demo", "environments", "export", "invitations", "join-links", "keys", "labels", "logo"),
    *("members", "new", "projects", "settings", "specs", "usage"),
)


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invitation", "password", "notice", "trial", name="letterkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("waiting", "sent", "failed", name="letterstatus", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'waiting') = (ended_at IS NULL)", name=op.f("ck_letters_end")),
        sa.CheckConstraint("(status = 'waiting') = (facts IS NOT NULL)", name=op.f("ck_letters_forgotten")),
        sa.CheckConstraint("status != 'failed' OR trouble IS NOT NULL", name=op.f("ck_letters_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index("ix_letters_status_next_try_at", ["status", "next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_letters_recipient"), ["recipient"], unique=False)
        batch_op.create_index(batch_op.f("ix_letters_created_at"), ["created_at"], unique=False)

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letter_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitations_letter_id"), ["letter_id"], unique=False)
        batch_op.create_foreign_key(op.f("fk_invitations_letter_id_letters"), "letters", ["letter_id"], ["id"], ondelete="SET NULL")

    op.create_table(
        "notification_choices",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notification_choices_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "channel", "kind", name=op.f("pk_notification_choices")),
    )
    op.execute(
        "INSERT INTO notification_choices (user_id, channel, kind, wanted) "
        "SELECT user_id, 'inbox', kind, false FROM muted_kinds"
    )
    op.drop_table("muted_kinds")
    with op.batch_alter_table("demos", schema=None) as batch_op:
        batch_op.add_column(sa.Column("labels", sa.JSON(), server_default="[]", nullable=False))
    _move_hidden_projects()


def _move_hidden_projects() -> None:
    """Give another address to projects that an organization's own pages hide; what was said of them follows."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT projects.id, projects.slug, projects.organization_id, organizations.slug AS place FROM projects "
            "JOIN organizations ON organizations.id = projects.organization_id WHERE projects.slug IN :reserved"
        ).bindparams(sa.bindparam("reserved", RESERVED, expanding=True))
    ).all()
    for project in found:
        taken = set(
            connection.scalars(
                sa.text("SELECT slug FROM projects WHERE organization_id = :id"), {"id": project.organization_id}
            )
        )
        names = (f"{project.slug}-project{number}" for number in ["", *(f"-{n}" for n in range(2, len(taken) + 3))])
        slug = next(name for name in names if name not in taken)
        connection.execute(
            sa.text("UPDATE projects SET slug = :slug WHERE id = :id"), {"slug": slug, "id": project.id}
        )
        before, after = f"/{project.place}/{project.slug}", f"/{project.place}/{slug}"
        connection.execute(
            sa.text(
                "UPDATE notifications SET path = :after || substr(path, :length) "
                "WHERE path LIKE :requests OR path LIKE :live"
            ),
            {
                "after": after,
                "length": len(before) + 1,
                "requests": f"{before}/requests/%",
                "live": f"{before}/live%",
            },
        )


def downgrade() -> None:
    with op.batch_alter_table("demos", schema=None) as batch_op:
        batch_op.drop_column("labels")
    op.create_table(
        "muted_kinds",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_muted_kinds_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_muted_kinds")),
    )
    op.execute(
        "INSERT INTO muted_kinds (user_id, kind) "
        "SELECT user_id, kind FROM notification_choices WHERE channel = 'inbox' AND NOT wanted"
    )
    op.drop_table("notification_choices")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_invitations_letter_id_letters"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invitations_letter_id"))
        batch_op.drop_column("letter_id")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letters_created_at"))
        batch_op.drop_index(batch_op.f("ix_letters_recipient"))
        batch_op.drop_index("ix_letters_status_next_try_at")
    op.drop_table("letters")
