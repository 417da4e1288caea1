"""The texts that are searched

Each migration ends with the full-text index being made beside them, and every text being copied: see env.py.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0015'
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


def downgrade() -> None:
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
