"""The language model: set by an admin, within what an organization may use, asking in interviews"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('language_model',
    sa.Column('scope', sa.String(length=20), nullable=False),
    sa.Column('base_url', sa.String(length=300), nullable=False),
    sa.Column('model', sa.String(length=200), nullable=False),
    sa.Column('key', sa.Text(), nullable=True),
    sa.Column('is_on', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('read_micros', sa.BigInteger(), nullable=True),
    sa.Column('written_micros', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('tested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('test_code', sa.String(length=40), nullable=True),
    sa.Column('test_words', sa.Text(), nullable=True),
    sa.Column('test_ms', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['users.id'], name=op.f('fk_language_model_changed_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('scope', name=op.f('pk_language_model'))
    )
    op.create_table('tokens_set_aside',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.Column('tokens', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_tokens_set_aside_organization_id_organizations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tokens_set_aside'))
    )
    with op.batch_alter_table('tokens_set_aside', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tokens_set_aside_organization_id'), ['organization_id'], unique=False)

    with op.batch_alter_table('organizations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tokens_per_month', sa.BigInteger(), nullable=True))

    with op.batch_alter_table('usage', schema=None) as batch_op:
        batch_op.add_column(sa.Column('currency', sa.String(length=3), server_default='', nullable=False))

    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.add_column(sa.Column('interviews_by_model', sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table('interviews', schema=None) as batch_op:
        batch_op.add_column(sa.Column('speaking', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('said_before', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('trouble', sa.Text(), nullable=True))


def downgrade() -> None:
    for table, columns in (
        ('interviews', ('trouble', 'said_before', 'speaking')),
        ('projects', ('interviews_by_model',)),
        ('usage', ('currency',)),
        ('organizations', ('tokens_per_month',)),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)

    with op.batch_alter_table('tokens_set_aside', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tokens_set_aside_organization_id'))

    op.drop_table('tokens_set_aside')
    op.drop_table('language_model')
