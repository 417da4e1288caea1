"""Texts that are searched, and what webhooks delivered

Each migration ends with the full-text index being made beside them, and every text being copied: see env.py.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('search_texts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_texts')),
    sa.UniqueConstraint('kind', 'source_id', name=op.f('uq_search_texts_kind_source_id'))
    )
    with op.batch_alter_table('search_texts', schema=None) as batch_op:
        batch_op.create_index('ix_search_texts_owner_id', ['owner_id'], unique=False)

    op.create_table('webhook_deliveries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('sender', sa.Enum('github', 'vercel', 'cursor', name='sender', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('delivery_id', sa.String(length=200), nullable=False),
    sa.Column('event', sa.String(length=100), nullable=False),
    sa.Column('headers', sa.JSON(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('waiting', 'done', 'ignored', 'failed', name='deliverystatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('worked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'waiting') = (outcome IS NULL)", name=op.f('ck_webhook_deliveries_outcome')),
    sa.CheckConstraint("(outcome IS NULL) = (worked_at IS NULL)", name=op.f('ck_webhook_deliveries_worked_when')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_deliveries')),
    sa.UniqueConstraint('sender', 'delivery_id', name=op.f('uq_webhook_deliveries_sender_delivery_id'))
    )
    with op.batch_alter_table('webhook_deliveries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_deliveries_received_at'), ['received_at'], unique=False)


def downgrade() -> None:
    op.drop_table('webhook_deliveries')
    connection = op.get_bind()
    if connection.dialect.name == 'sqlite':
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 4) = 'fts_'"
        for name in connection.scalars(sa.text(found)).all():
            op.execute(f'DROP TRIGGER {name}')
        op.execute('DROP TABLE IF EXISTS fts_texts')
    else:
        found = "SELECT proname FROM pg_proc WHERE starts_with(proname, 'fts_') AND pg_function_is_visible(oid)"
        for name in connection.scalars(sa.text(found)).all():
            op.execute(f'DROP FUNCTION {name}() CASCADE')
    op.drop_table('search_texts')
